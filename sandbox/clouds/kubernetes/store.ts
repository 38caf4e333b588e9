import type { Properties } from "../../../provider";

/** Which object: everything that its address in the API is made of. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Left out for objects of the cluster. */
  readonly namespace?: string;
}

export interface WriteOptions {
  /** Who owns the fields that are written. */
  readonly fieldManager: string;
  /** Asks the API server what it would do. */
  readonly dryRun?: boolean;
}

/** A kind of object, as the cluster has it. */
export interface KindInfo {
  readonly namespaced: boolean;
  /** Name in the API's addresses: `deployments`. */
  readonly plural: string;
}

/** Where objects live: a Kubernetes API server, or memory. */
export interface ObjectStore {
  /** False where nothing but the objects is kept: no scheduler, no controllers, nothing to wait for. */
  readonly live: boolean;
  /** The namespace of the kubeconfig's context, if it names one. */
  readonly defaultNamespace?: string | undefined;
  /** `undefined` where the cluster does not have the kind (yet). */
  kind(apiVersion: string, kind: string): Promise<KindInfo | undefined>;
  get(ref: ObjectRef): Promise<Properties | undefined>;
  /** Plain POST; an object of that name is an error. */
  create(object: Properties, options: WriteOptions): Promise<Properties>;
  /** Server-side apply. */
  apply(object: Properties, options: WriteOptions & { readonly force: boolean }): Promise<Properties>;
  /** RFC 6902. */
  patch(ref: ObjectRef, operations: readonly Properties[], options: WriteOptions): Promise<Properties>;
  /** Foreground deletion, as Pulumi's provider does it. Gives false where there was nothing. */
  delete(ref: ObjectRef, propagation: "Foreground" | "Background" | "Orphan"): Promise<boolean>;
  list(apiVersion: string, kind: string, namespace: string, selectors?: Selectors): Promise<Properties[]>;
}

/** Which of a namespace's objects: those whose labels, or fields, have these values. */
export interface Selectors {
  readonly labels?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string>>;
}

/** What the API server refused, in its own words. */
export class KubernetesError extends Error {
  constructor(
    /** HTTP status; 0 where the server could not be reached. */
    readonly code: number,
    /** `AlreadyExists`, `Forbidden`, `Invalid`… */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
