import { setTimeout as sleep } from "node:timers/promises";
import { complete, type Provider, type ResourceRequest } from "../../provider";

export type FaultMethod = "check" | "diff" | "create" | "read" | "update" | "delete";

/** Something that a provider is to get wrong, so that a test sees what becomes of it. */
export interface Fault {
  readonly method: FaultMethod;
  /** Which resources; both must fit. */
  readonly match: { readonly type?: string | RegExp; readonly name?: string | RegExp };
  /** `fail`: before anything is done. `fail-after`: when it is done. `hang`: nothing, until the run is cancelled. */
  readonly kind: "fail" | "fail-after" | "hang";
  readonly message?: string;
  /** @default 1 */
  readonly times?: number;
}

export interface Call {
  readonly provider: string;
  readonly method: FaultMethod;
  readonly urn: string;
  readonly preview: boolean;
}

/** Wraps providers, so that they note what they are asked and get wrong what they are told to. Previews stay right. */
export class FaultInjector {
  readonly calls: Call[] = [];
  private readonly left: Map<Fault, number>;

  constructor(private readonly faults: readonly Fault[]) {
    this.left = new Map(faults.map((fault) => [fault, fault.times ?? 1]));
  }

  wrap(original: Provider): Provider {
    const provider = complete(original);
    const watched = <Request extends ResourceRequest, Result>(
      method: FaultMethod,
      answer: (request: Request) => Promise<Result> | Result,
    ) => {
      return async (request: Request): Promise<Result> => {
        const preview = "preview" in request && request.preview === true;
        this.calls.push({ provider: provider.name, method, urn: request.urn, preview });
        const fault = preview ? undefined : this.due(method, request);
        const failure = new Error(fault?.message ?? `the ${provider.name} provider was told to fail`);
        if (fault?.kind === "fail") throw failure;
        if (fault?.kind === "hang") {
          await sleep(2 ** 31 - 1, undefined, { signal: request.signal }).catch(() => undefined);
          throw new Error("the run was cancelled");
        }
        const result = await answer(request);
        if (fault?.kind === "fail-after") throw failure;
        return result;
      };
    };
    return {
      ...provider,
      check: watched("check", provider.check),
      diff: watched("diff", provider.diff),
      create: watched("create", provider.create),
      read: watched("read", provider.read),
      update: watched("update", provider.update),
      delete: watched("delete", provider.delete),
    };
  }

  private due(method: FaultMethod, request: ResourceRequest): Fault | undefined {
    const fault = this.faults.find(
      (each) => each.method === method && fits(each.match, request) && (this.left.get(each) ?? 0) > 0,
    );
    if (fault !== undefined) this.left.set(fault, (this.left.get(fault) ?? 0) - 1);
    return fault;
  }
}

function fits({ type, name }: Fault["match"], request: ResourceRequest): boolean {
  const matches = (pattern: string | RegExp | undefined, text: string) =>
    pattern === undefined || (typeof pattern === "string" ? pattern === text : pattern.test(text));
  return matches(type, request.type) && matches(name, request.name);
}
