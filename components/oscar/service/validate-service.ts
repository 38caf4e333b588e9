import { checkAbsolutePath, checkDnsLabel, checkImage, checkName, ifKnown } from "../../kubernetes/checks";
import {
  isolationLevels,
  lifecyclePolicies,
  logLevels,
  visibilities,
  type EnvironmentArgs,
  type ServiceArgs,
  type VolumeArgs,
} from "./service-args";
import {
  checkBytes,
  checkCpus,
  checkEndpoint,
  checkImageName,
  checkLabelKey,
  checkLabelValue,
  checkOneOf,
  checkSecretName,
  checkVariableName,
} from "./service-checks";
import { validateExpose, validateSynchronous } from "./validate-expose";
import { validateFederation, validateKserve } from "./validate-models";
import { validateStorage } from "./validate-storage";
import { hazardsIn } from "./yaml-hazards";

export interface ValidateOptions {
  /**
   * Whether the image has to say which one it is, by a tag other than `latest` or a digest.
   * @default false
   */
  pinnedImage?: boolean;
}

/**
 * All that is wrong with a service, in the user's words: what the Manager would refuse after it acted, and what it
 * would take and then not come back from. Values that are not known yet are passed over.
 */
export function validateService(args: ServiceArgs, { pinnedImage = false }: ValidateOptions = {}): string[] {
  const { image, script, interlinkNodeName, expose, synchronous, volume, federation, kserve } = args;
  // On a virtual node, images are also paths of the computer behind it.
  const ofImage = interlinkNodeName !== undefined ? checkNotEmpty : pinnedImage ? checkImage : checkImageName;
  return [
    ...checkName(args.name, 39),
    // Types say so too, but not to who reads a service from elsewhere.
    ...(image === undefined
      ? ["image: got nothing; allowed: an image, such as ghcr.io/you/model:1.4.0"]
      : []),
    ...(script === undefined ? ["script: got nothing; allowed: the text of a script"] : []),
    ...ifKnown(ofImage, "image", image),
    ...ifKnown(checkScript, "script", script),
    ...ifKnown(checkCpus, "cpu", args.cpu),
    ...ifKnown(checkBytes, "memory", args.memory),
    ...ifKnown(checkCpus, "totalCpu", args.totalCpu),
    ...ifKnown(checkBytes, "totalMemory", args.totalMemory),
    ...ifKnown(checkBytes, "ephemeralStorageRequest", args.ephemeralStorageRequest),
    ...(args.imagePullSecrets ?? []).flatMap((name, index) =>
      ifKnown(checkSecretName, `imagePullSecrets[${index}]`, name),
    ),
    ...ifKnown(checkOneOf(logLevels), "logLevel", args.logLevel),
    ...(synchronous === undefined ? [] : validateSynchronous(synchronous)),
    ...validateStorage(args),
    ...(expose === undefined ? [] : validateExpose(expose)),
    ...(args.environment === undefined ? [] : environmentFaults(args.environment)),
    ...Object.keys(args.annotations ?? {}).flatMap((key) => checkLabelKey("annotations", key)),
    ...Object.entries(args.labels ?? {}).flatMap(([key, value]) => [
      ...checkLabelKey("labels", key),
      ...ifKnown(checkLabelValue, `labels.${key}`, value),
    ]),
    ...Object.entries(args.clusters ?? {}).flatMap(([id, { endpoint }]) =>
      ifKnown(checkEndpoint, `clusters.${id}.endpoint`, endpoint),
    ),
    ...ifKnown(checkOneOf(visibilities), "visibility", args.visibility),
    ...ifKnown(checkOneOf(isolationLevels), "isolationLevel", args.isolationLevel),
    ...(volume === undefined ? [] : volumeFaults(volume)),
    ...(federation === undefined ? [] : validateFederation(federation)),
    ...((federation?.members ?? []).length > 0 && args.environment?.secrets?.["refresh_token"] === undefined
      ? [
          "environment.secrets: got no refresh_token; allowed: one, by which the Manager calls a federation's members",
        ]
      : []),
    ...(kserve === undefined ? [] : validateKserve(kserve)),
    ...hazardsIn(args),
  ];
}

const checkNotEmpty = (where: string, value: string): string[] =>
  value.trim() === "" ? [`${where}: got ${JSON.stringify(value)}; allowed: an image`] : [];

/** Bytes that Kubernetes keeps in a ConfigMap, less what the service itself takes there. */
const mostOfScript = 1_000_000;

function checkScript(where: string, value: string): string[] {
  if (value.trim() === "")
    return [`${where}: got none; allowed: the text of a script, such as "#!/bin/sh\\n…"`];
  const bytes = Buffer.byteLength(value);
  return bytes <= mostOfScript
    ? []
    : [`${where}: got ${bytes} bytes; allowed: at most ${mostOfScript}, because it is kept in a ConfigMap`];
}

function environmentFaults({ variables = {}, secrets = {} }: EnvironmentArgs): string[] {
  return [
    ...Object.keys(variables).flatMap((name) => checkVariableName("environment.variables", name)),
    ...Object.keys(secrets).flatMap((name) => checkVariableName("environment.secrets", name)),
    ...Object.keys(secrets)
      .filter((name) => name in variables)
      .map(
        (name) =>
          `environment.secrets: got the name ${JSON.stringify(name)}; allowed: one that is not in variables, which would win`,
      ),
  ];
}

/** The Manager's rules for volumes (`pkg/utils/volume.go`). */
function volumeFaults({ name, size, mountPath, lifecyclePolicy }: VolumeArgs): string[] {
  return [
    ...(name === undefined && size === undefined
      ? ["volume: got neither name nor size; allowed: a name of one that is there, or a size for a new one"]
      : []),
    ...ifKnown(checkDnsLabel, "volume.name", name),
    ...ifKnown(checkBytes, "volume.size", size),
    ...ifKnown(checkVolumePath, "volume.mountPath", mountPath),
    ...ifKnown(checkOneOf(lifecyclePolicies), "volume.lifecyclePolicy", lifecyclePolicy),
    ...(lifecyclePolicy !== undefined && size === undefined
      ? ["volume.lifecyclePolicy: got one for a volume that is there; allowed: with size"]
      : []),
  ];
}

function checkVolumePath(where: string, value: string): string[] {
  return /^\/oscar\/(config|bin)(\/|$)/.test(value)
    ? [
        `${where}: got ${JSON.stringify(value)}; allowed: a path outside /oscar/config and /oscar/bin, which OSCAR has`,
      ]
    : value === "/" || value.includes(":")
      ? [`${where}: got ${JSON.stringify(value)}; allowed: an absolute path without a colon, such as /data`]
      : checkAbsolutePath(where, value);
}
