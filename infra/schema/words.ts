import { list, mapping, oneOf, text, whole, dictionary } from "./fields";
import { z } from "zod";

/** The words that several parts of the document share. */
export const dnsLabel = (most = 63) =>
  text(
    `lower-case letters, digits and hyphens, a letter first, at most ${most} characters`,
    new RegExp(`^[a-z](?:[-a-z0-9]{0,${most - 2}}[a-z0-9])?$`),
  );

export const objectName = () =>
  text(
    "the name of a Kubernetes object: lower-case letters, digits, hyphens and dots",
    /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/,
  );

export const hostName = () =>
  text(
    "a host name, such as mnist.example.com",
    /^(?!.*\.?[0-9]+$)(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/,
  );

export const image = () =>
  text(
    "an image with a tag (not latest) or a digest, such as ghcr.io/acme/ui:1.2.0",
    /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]+(?=\/))?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::(?!latest$)\w[\w.-]{0,127}(?:@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$/,
  );

export const size = () =>
  text("a size with a unit, such as 10Gi", /^[1-9][0-9]*(?:\.[0-9]+)?(?:Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/);

export const absolutePath = () =>
  text("an absolute path, such as /models/model.pt", /^\/(?!.*(?:\/\/|\/\.\.?(?:\/|$)))/);

export const mountPath = () =>
  text(
    "an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models",
    /^\/(?!.*(?:\/\/|\/\.\.?(?:\/|$)|:))(?!(?:tmp|dev|proc|sys)(?:\/|$))./,
  );

/** Of nodes. */
export const labels = () =>
  dictionary(
    z
      .string()
      .regex(/^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?$/),
    "a label's name, such as nvidia.com/gpu.present",
    text(
      "a label's value: letters, digits, hyphens, underscores and dots, in quotes where it is a number, true or false",
      /^(?:[A-Za-z0-9](?:[-\w.]{0,61}[A-Za-z0-9])?)?$/,
    ),
  );

/** Of what a cloud makes. */
export const cloudLabels = () =>
  dictionary(
    z.string().regex(/^[a-z][a-z0-9_-]{0,62}$/),
    "a label's name: lower-case letters, digits, hyphens and underscores, a letter first",
    text(
      "a label's value: lower-case letters, digits, hyphens and underscores, in quotes where it is a number",
      /^[a-z0-9_-]{0,63}$/,
    ),
  );

const variableName = "the name of an environment variable: letters, digits and underscores, no digit first";

export const env = () =>
  dictionary(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
    variableName,
    text("text; put numbers, true and false in quotes, and secrets in secretEnv", /^/),
  ).describe("Environment variables, in clear text.");

export const secretEnv = () =>
  dictionary(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/),
    variableName,
    mapping({
      secretName: objectName().describe("The Secret, in the stack's namespace."),
      key: text(
        "a key of the Secret: letters, digits, hyphens, underscores and dots",
        /^(?!\.\.?$)[\w.-]{1,253}$/,
      ).describe("The key in it."),
    }),
  ).describe("Environment variables whose values are read from Secrets that exist in the namespace.");

const cpus = "a number of CPUs, such as 2 or 500m";

export const cpu = () =>
  z
    .union(
      [
        z.number({ error: cpus }).positive({ error: cpus }),
        text(cpus, /^(?:[1-9][0-9]*m|[0-9]*\.?[0-9]*[1-9][0-9]*)$/),
      ],
      { error: cpus },
    )
    .describe("CPUs, such as 2 or 500m.");

export const resources = () =>
  mapping({
    cpu: cpu().optional(),
    memory: size().optional().describe("Memory, such as 4Gi; more than that and the container is killed."),
    disk: size()
      .optional()
      .describe(
        "The node's disk for /tmp, libraries' caches and the log, such as 50Gi; more than that and the pod is evicted. " +
          "Default: 1Gi is reserved, 10Gi may be used.",
      ),
  }).describe("What each pod reserves.");

export const gpu = () =>
  mapping({
    count: whole(1).describe("How many GPUs each pod gets."),
    type: text("one of the types of host.gpu.types")
      .optional()
      .describe("Which GPU; one of the host's types. Default: any."),
  }).describe("GPUs. Without it the pods get none.");

export const userId = () =>
  whole(1).describe(
    "The user and group that it runs as, for images that need one of their own. Default: 10001.",
  );

export const command = () => list(text("text"), 'a list of texts, such as ["python", "train.py"]');

export const storageClass = () =>
  mapping({
    name: objectName().describe("Its name, as `kubectl get storageclass` shows it."),
    binding: oneOf(["WaitForFirstConsumer", "Immediate"]).describe(
      "Its VOLUMEBINDINGMODE in `kubectl get storageclass`: whether a volume is made when its first pod comes, or at once.",
    ),
  });

export const certManager = () =>
  oneOf(["install", "existing"])
    .optional()
    .describe("cert-manager, for certificates: install it, or it is there. Default: none.");
