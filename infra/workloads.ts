import type { Output } from "@pulumi/pulumi";
import type { ClusterHandle } from "../components/host/cluster-handle";
import type { Workspace } from "../components/host/workspace";
import { OscarUi } from "../components/oscar/ui/oscar-ui";
import { InferenceUi } from "../components/serving/inference-ui";
import type { Credentials, ModelReady } from "../components/serving/ui-arguments";
import { ModelVolume } from "../components/storage/model-volume";
import { TrainingJob } from "../components/training/training-job";
import { modelReadyKind, uiOscarEndpoint, volumeKind } from "./checks";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import type { WayIn } from "./front";
import { tiers } from "./tiers";

/** What every workload stands on. */
export interface Ground {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
}

type Section<Name extends "modelVolume" | "training" | "ui"> = NonNullable<Environment[Name]>;

/** Whether the data is to outlive the stack. */
export function retainsData({ tier, modelVolume }: Environment): boolean {
  return modelVolume !== undefined && (modelVolume.retain ?? tiers[tier].keepsData);
}

export function modelVolume(
  environment: Environment,
  ground: Ground,
  section: Section<"modelVolume">,
): ModelVolume {
  const { kind: _kind, size, ...rest } = section;
  const name = `${environment.name}-model-pvc`;
  const guard = { retain: retainsData(environment), protect: tiers[environment.tier].isProtected };
  if (volumeKind(environment) === "bucket")
    return new ModelVolume(name, { ...ground, ...guard, kind: "bucket" });
  return new ModelVolume(name, { ...ground, ...defined(rest), ...guard, size: size ?? "" });
}

export function trainingJob(
  { name }: Environment,
  ground: Ground,
  { resources, ...section }: Section<"training">,
  volume: ModelVolume | undefined,
): TrainingJob {
  return new TrainingJob(`${name}-training-job`, {
    ...ground,
    ...defined({ ...section, volume, resources: resources && asTexts(resources) }),
  });
}

/** What a UI can stand on. */
interface UiGround {
  readonly volume: ModelVolume | undefined;
  readonly training: TrainingJob | undefined;
  /** The model server's address, as pods reach it. */
  readonly serverUrl: Output<string> | undefined;
}

export function inferenceUi(
  environment: Environment,
  ground: Ground,
  section: Section<"ui">,
  { volume, training, serverUrl, ...front }: WayIn & UiGround,
): InferenceUi | undefined {
  const { mountPath, modelFile, credentials, placement, tls: _tls, oscar, ...rest } = section;
  const { image, port, resources, oscarEndpoint, env: said, modelServer, ...others } = rest;
  const env = modelServer === true && serverUrl ? { ...said, MODEL_SERVER_URL: serverUrl } : said;
  const name = `${environment.name}-inference`;
  const own = defined({ port, resources: resources && asTexts(resources) });
  const args = {
    ...ground,
    ...defined({
      ...others,
      ...front,
      model: volume && { volume, mountPath, file: modelFile },
      modelReady: modelReady(environment, section, training),
      placement: placement?.kind === "with-training" ? { ...placement, training } : placement,
    }),
  };
  const ofOscar = uiOscarEndpoint(environment);
  if (oscar === undefined || ofOscar === undefined)
    return new InferenceUi(name, {
      ...args,
      ...own,
      image,
      ...defined({ env, oscarEndpoint, credentials: credentials && login(credentials) }),
    });
  return new OscarUi(name, {
    ...own,
    image,
    oscarEndpoint: ofOscar,
    ...defined({ clearText: oscar.clearText, environment: env }),
    as: { kind: "deployment", ...args },
  }).deployment;
}

/** What the document says, or the default; the checks have seen to it that it can be had. */
function modelReady(
  environment: Environment,
  ui: Section<"ui">,
  training: TrainingJob | undefined,
): ModelReady {
  const kind = modelReadyKind(environment);
  if (kind === "job" && training !== undefined) return { kind, job: training };
  const file = ui.modelReady?.kind === "file" ? ui.modelReady : undefined;
  const path = file?.path ?? ui.modelFile;
  if (kind === "file" && path !== undefined) return { kind, path, checkImage: file?.checkImage };
  return { kind: "none" };
}

function login(credentials: NonNullable<Section<"ui">["credentials"]>): Credentials {
  return credentials.kind === "given"
    ? { ...credentials, password: credentials.password.output() }
    : credentials;
}

/** YAML makes a number of `cpu: 2`; Kubernetes wants a text. */
export function asTexts<Amounts extends { readonly cpu?: string | number | undefined }>({
  cpu,
  ...others
}: Amounts) {
  return { ...others, cpu: cpu?.toString() };
}
