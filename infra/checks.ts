import { checkVolumeUse } from "../components/storage/volume-use";
import type { Environment } from "./environment";
import { got, nearMiss, type Fault, type Path } from "./faults";
import { either } from "./schema/fields";
import { SecretValue } from "./secrets";

/** A document of which any part may be missing, because it was faulty; what is there is sound. */
export type Draft = Sound<Environment>;

type Sound<T> = T extends SecretValue
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Sound<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Sound<T[Key]> | undefined }
      : T;

/** What one field alone cannot tell: values that do not go together. */
export function crossFaults(
  draft: Draft,
  { allowPlaceholders }: { readonly allowPlaceholders: boolean },
): Fault[] {
  return [
    ...somethingToDo(draft),
    ...modelPath(draft),
    ...modelReady(draft),
    ...storage(draft),
    ...volumeUse(draft),
    ...placement(draft),
    ...doubleVariables(draft),
    ...gpus(draft),
    ...ingress(draft),
    ...autoscaling(draft),
    ...production(draft),
    ...(allowPlaceholders ? [] : placeholders(draft)),
  ];
}

/** What the UI waits for, said or by default: the Job where `up` waits for that, else the model's file. */
export function modelReadyKind({ modelVolume, training, ui }: Draft): "job" | "file" | "none" | undefined {
  if (ui?.modelReady !== undefined) return ui.modelReady.kind;
  if (modelVolume === undefined) return "none";
  return training?.wait === undefined ? "file" : "job";
}

/** Whether a part was given, but faulty: then nothing is said about what depends on it. */
function faulty<Part extends object>(part: Part | undefined, key: keyof Part): boolean {
  return part !== undefined && key in part && part[key] === undefined;
}

function somethingToDo(draft: Draft): Fault[] {
  if ("training" in draft || "ui" in draft) return [];
  return [{ path: [], message: "there is nothing to bring up; needed: training, ui, or both" }];
}

function modelPath(draft: Draft): Fault[] {
  const { training, ui } = draft;
  const faults: Fault[] = [];
  if (training !== undefined && !("modelVolume" in draft)) {
    faults.push({
      path: ["modelVolume"],
      message: "missing; needed: a volume that the training writes the model to",
    });
  }
  const mount = ui?.mountPath ?? "/models";
  const below = `${mount.replace(/\/$/, "")}/`;
  if (ui !== undefined && !faulty(ui, "mountPath")) {
    if (ui.modelFile !== undefined) faults.push(...outside(ui.modelFile, below, ["ui", "modelFile"]));
    if (ui.modelReady?.kind === "file" && ui.modelReady.path !== undefined) {
      faults.push(...outside(ui.modelReady.path, below, ["ui", "modelReady", "path"]));
    }
  }
  return faults;
}

function outside(file: string, folder: string, path: Path): Fault[] {
  return file.startsWith(folder)
    ? []
    : [{ path, message: `${got(file, path)}; allowed: a path below ${folder} (ui.mountPath)` }];
}

function modelReady(draft: Draft): Fault[] {
  const { training, ui } = draft;
  if (
    ui === undefined ||
    faulty(draft, "training") ||
    faulty(draft, "modelVolume") ||
    faulty(training, "wait")
  )
    return [];
  const said = ui.modelReady !== undefined;
  const kind = modelReadyKind(draft);
  const path = ["ui", "modelReady"];
  if (kind === "job" && training === undefined) {
    return [{ path, message: 'got "job"; allowed: file or none, because there is no training' }];
  }
  if (kind === "job" && training?.wait === undefined) {
    const hint =
      "because `pulumi up` does not wait for the training; to make it, add training.wait: {timeoutHours: 12}";
    return [{ path, message: `got "job"; allowed: file or none, ${hint}` }];
  }
  if (kind !== "file") return [];
  if (!("modelVolume" in draft)) {
    return [{ path, message: 'got "file"; allowed: none, because there is no model volume' }];
  }
  const file = ui.modelReady?.kind === "file" ? ui.modelReady : undefined;
  if (
    file?.path !== undefined ||
    ui.modelFile !== undefined ||
    faulty(file, "path") ||
    faulty(ui, "modelFile")
  )
    return [];
  const reason = said
    ? "which it is told to wait for"
    : "which it waits for as `pulumi up` does not wait for the training";
  return [
    {
      path: ["ui", "modelFile"],
      message: `missing; needed: the model's file as the UI sees it, ${reason}; or else ui.modelReady: none`,
    },
  ];
}

function gpus({ host, training, ui }: Draft): Fault[] {
  if (host === undefined || faulty(host, "gpu") || faulty(host.gpu, "types")) return [];
  const offered = Object.keys(host.gpu?.types ?? {});
  return [
    { path: ["training", "gpu"], gpu: training?.gpu },
    { path: ["ui", "gpu"], gpu: ui?.gpu },
  ].flatMap(({ path, gpu }): Fault[] => {
    if (gpu === undefined) return [];
    if (host.gpu === undefined) {
      return [
        {
          path,
          message: "the host offers no GPUs; add host.gpu ({} where nvidia.com/gpu is all there is to say)",
        },
      ];
    }
    if (gpu.type === undefined || offered.includes(gpu.type)) return [];
    const place = [...path, "type"];
    const allowed = offered.length === 0 ? "none, because host.gpu.types names none" : either(offered);
    const meant = nearMiss(gpu.type, offered);
    return [
      {
        path: place,
        message: `${got(gpu.type, place)}; allowed: ${allowed}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
      },
    ];
  });
}

function ingress({ host, ui }: Draft): Fault[] {
  const exposure = ui?.exposure;
  if (host === undefined || exposure?.kind !== "ingress" || "className" in exposure || "ingressClass" in host)
    return [];
  return [
    {
      path: ["ui", "exposure", "className"],
      message:
        "missing; needed: the IngressClass, here or as host.ingressClass (`kubectl get ingressclass` shows them)",
    },
  ];
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

function production({ tier, modelVolume, ui }: Draft): Fault[] {
  if (tier !== "production") return [];
  const faults: Fault[] = [];
  if (modelVolume?.retain === false) {
    faults.push({
      path: ["modelVolume", "retain"],
      message:
        "got false (a boolean); allowed: true, because production keeps its data; or else tier: development",
    });
  }
  if (ui?.exposure?.kind !== undefined && ui.exposure.kind !== "none" && !("credentials" in ui)) {
    faults.push({
      path: ["ui", "credentials"],
      message:
        "missing; needed: generated, given or existing; or none, where everyone who reaches the UI may use it",
    });
  }
  return faults;
}

/** `.invalid` is reserved (RFC 2606): an image there marks the place where the user's own belongs. */
function placeholders({ training, ui }: Draft): Fault[] {
  return [
    { path: ["training", "image"], image: training?.image },
    { path: ["ui", "image"], image: ui?.image },
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

function storage({ host, modelVolume }: Draft): Fault[] {
  if (host === undefined || modelVolume?.accessMode !== "ReadWriteMany") return [];
  if ("storageClass" in modelVolume || faulty(host, "storage")) return [];
  if (host.storage !== undefined && "readWriteMany" in host.storage) return [];
  const message =
    'got "ReadWriteMany"; allowed: ReadWriteOnce, because the host has no class for it: add host.storage.readWriteMany';
  return [{ path: ["modelVolume", "accessMode"], message }];
}

/** Whether the pods that use the volume can all reach it. */
function volumeUse(draft: Draft): Fault[] {
  const { host, modelVolume, training, ui } = draft;
  if (host === undefined || modelVolume === undefined || ui === undefined) return [];
  if (faulty(host, "nodes") || faulty(modelVolume, "accessMode")) return [];
  if (faulty(ui, "placement") || faulty(ui, "replicas")) return [];
  const replicas = typeof ui.replicas === "object" ? (ui.replicas.max ?? 1) : (ui.replicas ?? 1);
  const placement = ui.placement?.kind === "with-training" ? "together" : "anywhere";
  const faults = checkVolumeUse({
    accessMode: modelVolume.accessMode ?? "ReadWriteOnce",
    nodes: host.nodes ?? "many",
    consumers: [
      ...(training === undefined ? [] : [{ name: "the training", replicas: 1, placement } as const]),
      { name: "the UI", replicas, placement },
    ],
  });
  return faults.map((message) => ({ path: ["ui", replicas > 1 ? "replicas" : "placement"], message }));
}

/** There must be a training to be placed with. */
function placement(draft: Draft): Fault[] {
  if (draft.ui?.placement?.kind !== "with-training" || "training" in draft) return [];
  return [
    {
      path: ["ui", "placement"],
      message: 'got "with-training"; allowed: anywhere, because there is no training',
    },
  ];
}

function doubleVariables({ training, ui }: Draft): Fault[] {
  return Object.entries({ training, ui }).flatMap(([part, section]) =>
    Object.keys(section?.secretEnv ?? {})
      .filter((name) => name in (section?.env ?? {}))
      .map((name) => ({
        path: [part, "env", name],
        message: "given twice; allowed: here or in secretEnv, not both",
      })),
  );
}
