import type { CheckFailure } from "./errors";
import type { Log } from "./log";
import type { Properties } from "./values";

/** What every call about a resource says of it. */
export interface ResourceRequest {
  readonly urn: string;
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Tells the user something beside this resource. */
  readonly log: Log;
  /** Aborted when the engine is told to stop: end what is under way, as soon as it can be left. */
  readonly signal: AbortSignal;
}

export interface CheckRequest extends ResourceRequest {
  /** The inputs of the last update, if the resource exists. */
  readonly oldInputs: Properties | undefined;
  readonly inputs: Properties;
  /** The same for the same resource in preview and update, so that a random name is the same too. */
  readonly randomSeed: Uint8Array;
  readonly autonaming:
    | { readonly mode: "propose" | "enforce"; readonly name: string }
    | { readonly mode: "disable" }
    | undefined;
}

export interface CheckResult {
  /** The inputs with what the provider adds: defaults, a physical name. */
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  readonly oldState: Properties;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
  readonly ignoreChanges: readonly string[];
}

export type DiffKind = "add" | "delete" | "update";

export interface DiffResult {
  readonly changes: boolean;
  /** Property path (`spec.template.spec.containers[0].image`) to what happens to it. */
  readonly detailed?: Readonly<Record<string, { readonly kind: DiffKind; readonly replaces?: boolean }>>;
  readonly deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: Properties;
  readonly preview: boolean;
  /** From the resource's `customTimeouts`; undefined where there is none. */
  readonly timeoutSeconds: number | undefined;
}

export interface UpdateRequest extends CreateRequest {
  readonly id: string;
  readonly oldState: Properties;
  readonly oldInputs: Properties;
  readonly ignoreChanges: readonly string[];
}

export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  /** Both are empty where the resource is imported. */
  readonly state: Properties;
  readonly inputs: Properties;
}

export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties;
  readonly timeoutSeconds: number | undefined;
}

export interface Resource {
  readonly id: string;
  readonly state: Properties;
}

/** A resource as it is now, and the inputs that would make it so. */
export interface Found extends Resource {
  readonly inputs: Properties;
}

/**
 * What a provider can do. All but name and version may be left out: then inputs are taken as they are, two equal
 * sets of inputs mean no change, and what is created has its inputs for a state.
 *
 * A method that throws fails its operation with the error's message; `PartialFailure` says that the object is there
 * all the same.
 */
export interface Provider {
  readonly name: string;
  readonly version: string;
  checkConfig?(request: CheckRequest): Promise<CheckResult> | CheckResult;
  diffConfig?(request: DiffRequest): Promise<DiffResult> | DiffResult;
  configure?(config: Properties): Promise<void> | void;
  check?(request: CheckRequest): Promise<CheckResult> | CheckResult;
  diff?(request: DiffRequest): Promise<DiffResult> | DiffResult;
  create?(request: CreateRequest): Promise<Resource> | Resource;
  /** `undefined`: the resource does not exist any more. */
  read?(request: ReadRequest): Promise<Found | undefined> | Found | undefined;
  update?(request: UpdateRequest): Promise<Properties> | Properties;
  delete?(request: DeleteRequest): Promise<void> | void;
  invoke?(token: string, args: Properties): Promise<Properties> | Properties;
  /** Components are not served; a provider may throw to say what to do instead. */
  construct?(type: string): never;
}
