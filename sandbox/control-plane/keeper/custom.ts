import { isDeepStrictEqual } from "node:util";
import { ApiError, type Api } from "./api";
import type { KubernetesObject, Mirror } from "./mirror";

/** An object whose status the keeper writes; the API server has checked its fields. */
export interface Custom<Spec, Status> extends KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: Spec;
  readonly status?: Status;
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
}

/** A condition as it is stated, before it is told of which version of the object, and since when. */
export type Stated = Pick<Condition, "type" | "status" | "reason" | "message">;

export function stated(type: string, holds: boolean, reason: string, message = ""): Stated {
  return { type, status: holds ? "True" : "False", reason, message };
}

/** The conditions as they stand in a status; one that has not changed keeps its time. */
export function conditions(
  now: readonly Stated[],
  before: readonly Condition[] | undefined,
  generation: number | undefined,
  time: string,
): Condition[] {
  return now.map((condition) => {
    const known = before?.find(({ type }) => type === condition.type);
    const since = known?.status === condition.status ? known.lastTransitionTime : undefined;
    return {
      ...condition,
      ...(generation !== undefined && { observedGeneration: generation }),
      lastTransitionTime: since ?? time,
    };
  });
}

/** Writes what a controller says of an object, where that is new; `path` is the kind's, such as `/apis/G/V/gateways`. */
export async function writeStatus<T extends Custom<unknown, object>>(
  api: Api,
  mirror: Mirror<T>,
  path: string,
  object: T,
  status: object,
): Promise<void> {
  const known = new Map(Object.entries(object.status ?? {}));
  if (Object.entries(status).every(([key, value]) => isDeepStrictEqual(known.get(key), value))) return;
  await ifThere(async () => {
    const body = { metadata: { uid: object.metadata.uid }, status };
    mirror.put(await api.send<T>({ method: "PATCH", path: `${objectPath(path, object)}/status`, body }));
    console.log(
      `wrote the status of ${path.split("/").at(-1)} ${object.metadata.namespace}/${object.metadata.name}`,
    );
  });
}

/** `/apis/G/V/gateways` → `/apis/G/V/namespaces/NAMESPACE/gateways/NAME` */
export function objectPath(path: string, { metadata }: Pick<Custom<unknown, unknown>, "metadata">): string {
  const at = path.lastIndexOf("/");
  return `${path.slice(0, at)}/namespaces/${metadata.namespace}${path.slice(at)}/${metadata.name}`;
}

/** Gone meanwhile, or another one of that name, or on its way out with its namespace. */
export async function ifThere(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError && [403, 404, 409].includes(error.code))) throw error;
  }
}
