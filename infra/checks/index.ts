import { got, type Fault } from "../faults";
import { dns, dnsPlaceholders } from "./dns";
import { faulty, type Draft } from "./draft";
import { exposure } from "./exposure";
import { gke, gkePlaceholders } from "./gke";
import { gpus } from "./gpus";
import { kubeconfig } from "./kubeconfig";
import { modelPath, modelReady } from "./model";
import { modelServer } from "./model-server";
import { noCluster } from "./no-cluster";
import { oscar } from "./oscar";
import { oscarServices, tokenFile } from "./oscar-services";
import { oscarUi } from "./oscar-ui";
import { placement, storage, volumeUse } from "./placement";
import { tls, tlsPlaceholders } from "./tls";

export type { Draft } from "./draft";
export { oscarGatewayKind } from "./oscar";
export { uiOscarEndpoint } from "./oscar-ui";
export { modelReadyKind } from "./model";
export { volumeKind } from "./placement";

interface CheckOptions {
  readonly allowPlaceholders: boolean;
  readonly isDeployed?: boolean;
}

/** What one field alone cannot tell: values that do not go together. */
export function crossFaults(draft: Draft, options: CheckOptions): Fault[] {
  return [
    ...(draft.host?.kind === "none" ? noCluster(draft) : onCluster(draft, options)),
    ...oscarServices(draft, options),
    ...(options.isDeployed === true ? tokenFile(draft) : []),
  ];
}

function onCluster(draft: Draft, { allowPlaceholders, isDeployed = false }: CheckOptions): Fault[] {
  return [
    ...somethingToDo(draft),
    ...modelPath(draft),
    ...modelReady(draft),
    ...storage(draft),
    ...volumeUse(draft),
    ...placement(draft),
    ...doubleVariables(draft),
    ...secretsThatExist(draft),
    ...gke(draft),
    ...gpus(draft),
    ...exposure(draft),
    ...dns(draft),
    ...tls(draft),
    ...oscar(draft),
    ...oscarUi(draft),
    ...modelServer(draft),
    ...autoscaling(draft),
    ...production(draft),
    ...(allowPlaceholders
      ? []
      : [
          ...placeholders(draft),
          ...gkePlaceholders(draft),
          ...dnsPlaceholders(draft),
          ...tlsPlaceholders(draft),
        ]),
    ...(isDeployed ? kubeconfig(draft) : []),
  ];
}

function somethingToDo(draft: Draft): Fault[] {
  const parts = ["training", "ui", "modelServer", "oscar", "oscarServices"] as const;
  if (parts.some((part) => part in draft)) return [];
  const message = "there is nothing to bring up; needed: training, ui, both, modelServer or oscar";
  return [{ path: [], message }];
}

function doubleVariables({ training, ui, modelServer: server }: Draft): Fault[] {
  return Object.entries({ training, ui, modelServer: server }).flatMap(([part, section]) =>
    Object.keys(section?.secretEnv ?? {})
      .filter((name) => name in (section?.env ?? {}))
      .map((name) => ({
        path: [part, "env", name],
        message: "given twice; allowed: here or in secretEnv, not both",
      })),
  );
}

/** A namespace that the stack makes has a new name and nothing in it. */
function secretsThatExist(draft: Draft): Fault[] {
  const { namespace, training, ui, modelServer: server } = draft;
  if (namespace?.kind === "existing" || faulty(draft, "namespace")) return [];
  const reason = "needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}";
  return [
    { path: ["training", "secretEnv"], used: Object.keys(training?.secretEnv ?? {}).length > 0 },
    { path: ["ui", "secretEnv"], used: Object.keys(ui?.secretEnv ?? {}).length > 0 },
    { path: ["ui", "credentials"], used: ui?.credentials?.kind === "existing" },
    { path: ["modelServer", "secretEnv"], used: Object.keys(server?.secretEnv ?? {}).length > 0 },
    ...bucketKey(server?.model),
  ].flatMap(({ path, used }) => (used ? [{ path, message: reason }] : []));
}

/** The Secret that opens the model's bucket, where it is one that exists. */
function bucketKey(model: NonNullable<Draft["modelServer"]>["model"]) {
  if (model?.kind !== "copy" || model.source === undefined) return [];
  const { source } = model;
  const path = ["modelServer", "model", "source"];
  if ("key" in source) return [{ path: [...path, "key"], used: source.key?.kind === "existing" }];
  return "credentials" in source
    ? [{ path: [...path, "credentials"], used: source.credentials?.kind === "existing" }]
    : [];
}

function autoscaling({ ui }: Draft): Fault[] {
  const bounds = ui?.replicas;
  if (ui === undefined || typeof bounds !== "object") return [];
  const faults: Fault[] = [];
  const { min, max } = bounds;
  if (min !== undefined && max !== undefined && max < min) {
    const path = ["ui", "replicas", "max"];
    faults.push({ path, message: `${got(max, path)}; allowed: at least replicas.min, which is ${min}` });
  }
  return faults;
}

function production({ tier, host, modelVolume, ui }: Draft): Fault[] {
  if (tier !== "production") return [];
  const faults: Fault[] = [];
  if (host?.kind === "existing" && !("context" in host)) {
    faults.push({
      path: ["host", "context"],
      message:
        "missing; needed in production: the context, for the current one may be another cluster tomorrow (`kubectl config get-contexts`)",
    });
  }
  if (modelVolume?.retain === false) {
    faults.push({
      path: ["modelVolume", "retain"],
      message:
        "got false (a boolean); allowed: true, because production keeps its data; or else tier: development",
    });
  }
  const asksForLogin = ui !== undefined && ("credentials" in ui || "oscar" in ui);
  if (ui?.exposure?.kind !== undefined && ui.exposure.kind !== "none" && !asksForLogin) {
    faults.push({
      path: ["ui", "credentials"],
      message:
        "missing; needed: generated, given or existing; or none, where everyone who reaches the UI may use it",
    });
  }
  return faults;
}

/** `.invalid` is reserved (RFC 2606): an image there marks the place where the user's own belongs. */
function placeholders({ training, ui, modelServer: server }: Draft): Fault[] {
  return [
    { path: ["training", "image"], image: training?.image },
    { path: ["ui", "image"], image: ui?.image },
    { path: ["modelServer", "image"], image: server?.image },
    { path: ["modelServer", "canary", "image"], image: server?.canary?.image },
  ].flatMap(({ path, image }) =>
    image?.startsWith("placeholder.invalid/") === true
      ? [
          {
            path,
            message: `${got(image, path)}, a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)`,
          },
        ]
      : [],
  );
}
