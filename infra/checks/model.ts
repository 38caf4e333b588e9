import { got, type Fault, type Path } from "../faults";
import { faulty, type Draft } from "./draft";

/** What the UI waits for, said or by default: the Job where `up` waits for that, else the model's file. */
export function modelReadyKind({ modelVolume, training, ui }: Draft): "job" | "file" | "none" | undefined {
  if (ui?.modelReady !== undefined) return ui.modelReady.kind;
  if (modelVolume === undefined) return "none";
  return training?.wait === undefined ? "file" : "job";
}

export function modelReady(draft: Draft): Fault[] {
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

/** What the training writes and the UI reads must lie on the volume: elsewhere it goes with the pod. */
export function modelPath(draft: Draft): Fault[] {
  const { training, ui } = draft;
  const file = ui?.modelReady?.kind === "file" ? ui.modelReady.path : undefined;
  return [
    ...(training !== undefined && !("modelVolume" in draft)
      ? [
          {
            path: ["modelVolume"],
            message: "missing; needed: a volume that the training writes the model to",
          },
        ]
      : []),
    ...outsideMount(training, training?.checkpointDir, ["training", "checkpointDir"]),
    ...outsideMount(ui, ui?.modelFile, ["ui", "modelFile"]),
    ...outsideMount(ui, file, ["ui", "modelReady", "path"]),
  ];
}

function outsideMount(part: Draft["training"] | Draft["ui"], file: string | undefined, path: Path): Fault[] {
  if (part === undefined || file === undefined || faulty(part, "mountPath")) return [];
  const folder = `${(part.mountPath ?? "/models").replace(/\/$/, "")}/`;
  if (file.startsWith(folder)) return [];
  return [
    { path, message: `${got(file, path)}; allowed: a path below ${folder} (${String(path[0])}.mountPath)` },
  ];
}
