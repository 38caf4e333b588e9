import {
  validateModelServer,
  type CheckedServerArgs,
} from "../../components/serving/model-server/validate-model-server";
import { got, type Fault, type Path } from "../faults";
import { canary as canarySchema, servedModel as modelSchema } from "../schema/model-server";
import { replicas as replicasSchema } from "../schema/workloads";
import { servedModel } from "../served-model";
import { dns } from "./dns";
import { clusterHost, faulty, hasHoles, type Draft } from "./draft";
import { exposedAs, exposure } from "./exposure";
import { oscarNames } from "./oscar";
import { partsOf } from "./told";
import { tls } from "./tls";

/** Whether the model server can be had on the host, gets at its model, and is reached. */
export function modelServer(draft: Draft): Fault[] {
  return [
    ...uiFaults(draft),
    ...(draft.modelServer === undefined
      ? []
      : [...componentFaults(draft), ...wayInFaults(draft), ...nameFaults(draft), ...mixtureFaults(draft)]),
  ];
}

const urlVariable = "MODEL_SERVER_URL";

/** A UI that is told where the server is. */
function uiFaults(draft: Draft): Fault[] {
  const { ui } = draft;
  if (ui?.modelServer !== true) return [];
  const path = ["ui", "modelServer"];
  return [
    ...("modelServer" in draft
      ? []
      : [
          { path, message: "got true (a boolean); allowed: false, because this document has no modelServer" },
        ]),
    ...(["env", "secretEnv"] as const)
      .filter((key) => urlVariable in (ui[key] ?? {}))
      .map((key) => ({
        path: ["ui", key, urlVariable],
        message: "given with ui.modelServer: true, which says it; allowed: one of the two",
      })),
  ];
}

/** The component's own checks, of what the schema has not seen to: the model on this host, and values that go together. */
function componentFaults(draft: Draft): Fault[] {
  const { modelServer: server } = draft;
  if (server === undefined) return [];
  const replicas = replicasSchema.safeParse(server.replicas);
  const { app, workerClass } = server;
  const onGke = draft.host?.kind === "gke";
  const found = validateModelServer("server", {
    cluster: {
      gpu: () => ({ resource: "", nodeSelector: {}, tolerations: [] }),
      storage: onGke ? { buckets: true } : {},
      ...(onGke && { workloadPrincipal: true }),
    },
    image: "sound:1",
    ...versions(draft),
    ...(app !== undefined && { app }),
    ...(workerClass !== undefined && !faulty(server, "app") && { workerClass }),
    ...(replicas.success && { replicas: replicas.data }),
  });
  return found.flatMap((text) => {
    const { where, message } = partsOf(text);
    const told = where === "canary" ? splitFault(draft, message) : message;
    return told === undefined ? [] : [{ path: ["modelServer", ...where.split(".")], message: told }];
  });
}

/** The model and the one on trial; where the model cannot be judged, two that no one finds fault with. */
function versions(draft: Draft): Pick<CheckedServerArgs, "model" | "canary"> {
  const { modelServer: server } = draft;
  const model = modelSchema.safeParse(server?.model);
  const canary = soundCanary(server?.canary);
  if (clusterHost(draft) !== undefined && model.success && !hasHoles(server?.model))
    return { model: servedModel(model.data), ...(canary && { canary }) };
  const other = { weight: 1, image: "other:1" };
  return { model: { kind: "image", path: "/model" }, ...(server?.canary && { canary: other }) };
}

/** A weight that is faulty says nothing about the version. */
function soundCanary(canary: NonNullable<Draft["modelServer"]>["canary"]) {
  const { weight: given, ...version } = canary ?? {};
  if (canary === undefined || hasHoles(version)) return undefined;
  const weight = given ?? 1;
  const parsed = canarySchema.safeParse({ ...version, weight });
  return parsed.success ? parsed.data : undefined;
}

/** With a gateway, the component has its way; without, what it says is told of the exposure that was given. */
function splitFault({ modelServer: server }: Draft, message: string): string | undefined {
  const unsplit = "got one with exposure: none";
  if (!message.startsWith(unsplit)) return message;
  if (faulty(server, "exposure") || server?.exposure?.kind === "gateway") return undefined;
  return message.replace(unsplit, `got one with exposure: ${server?.exposure?.kind ?? "none"}`);
}

/** The document with the server in the UI's place: what holds for the one's way in holds for the other's. */
function inUisPlace(draft: Draft): Draft {
  const { replicas: _replicas, ...server } = draft.modelServer ?? {};
  // Each request stands by itself, so there may be many pods, whatever leads to them.
  return { ...draft, ui: { ...server, exposure: serverExposure(draft) } };
}

function serverExposure({ modelServer: server }: Draft) {
  return server !== undefined && "exposure" in server ? server.exposure : ({ kind: "none" } as const);
}

function wayInFaults(draft: Draft): Fault[] {
  const played = inUisPlace(draft);
  // What is not of the UI is told in the same words where it has it too, and a fault is told once.
  return [...exposure(played), ...dns(played), ...tls(played)].map(({ path, message }) => ({
    path: path[0] === "ui" ? ["modelServer", ...path.slice(1)] : path,
    message: message
      .replaceAll(/\bui\.(?=host|exposure|tls)/g, "modelServer.")
      .replace("ingress, load-balancer, node-port or none", "ingress or none")
      .replace("for the UI", "for the model server")
      .replace(", logins included", ""),
  }));
}

/** A name leads to one thing. */
function nameFaults(draft: Draft): Fault[] {
  const exposed = exposedAs(inUisPlace(draft));
  if (exposed?.host === undefined) return [];
  const path: Path = ["modelServer", ...exposed.hostPath.slice(1)];
  const others = [exposedAs(draft)?.host, ...oscarNames(draft).map(({ name }) => name)];
  if (!others.includes(exposed.host)) return [];
  const message = `${got(exposed.host, path)}, which leads elsewhere already; allowed: a name of its own`;
  return [{ path, message }];
}

/** Google takes a map of certificates for a whole gateway, or Secrets, and the UI's and the server's is one. */
function mixtureFaults({ ui, modelServer: server }: Draft): Fault[] {
  if (ui?.exposure?.kind !== "gateway" || server?.exposure?.kind !== "gateway") return [];
  const [theirs, own] = [ui.tls?.kind, server.tls?.kind];
  if (theirs === undefined || own === undefined || theirs === own) return [];
  if (![theirs, own].includes("google-managed") || [theirs, own].includes("none")) return [];
  const path = ["modelServer", "tls"];
  const message = `${got(own, path)} beside the UI's ${JSON.stringify(theirs)} at the same gateway; allowed: google-managed for both, or for none`;
  return [{ path, message }];
}
