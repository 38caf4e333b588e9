import { setTimeout as sleep } from "node:timers/promises";
import type { CreateRequest, Provider, ResourceRequest } from "../../provider";

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

/** The same provider, which notes what it is asked and gets wrong what it is told to. Previews are always right. */
export function withFaults(provider: Provider, faults: readonly Fault[], calls: Call[]): Provider {
  const left = new Map(faults.map((fault) => [fault, fault.times ?? 1]));

  const due = (method: FaultMethod, request: ResourceRequest): Fault | undefined => {
    const fault = faults.find(
      (each) => each.method === method && fits(each.match, request) && (left.get(each) ?? 0) > 0,
    );
    if (fault !== undefined) left.set(fault, (left.get(fault) ?? 0) - 1);
    return fault;
  };

  const wrap = <Request extends ResourceRequest, Result>(
    method: FaultMethod,
    original: ((request: Request) => Promise<Result> | Result) | undefined,
  ) => {
    if (original === undefined) return {};
    const wrapped = async (request: Request): Promise<Result> => {
      const preview = isPreview(request);
      calls.push({ provider: provider.name, method, urn: request.urn, preview });
      const fault = preview ? undefined : due(method, request);
      const failure = new Error(fault?.message ?? `the ${provider.name} provider was told to fail`);
      if (fault?.kind === "fail") throw failure;
      if (fault?.kind === "hang") {
        await sleep(2 ** 31 - 1, undefined, { signal: request.signal }).catch(() => undefined);
        throw new Error("the run was cancelled");
      }
      const result = await original.call(provider, request);
      if (fault?.kind === "fail-after") throw failure;
      return result;
    };
    return { [method]: wrapped };
  };

  const always = {
    name: provider.name,
    version: provider.version,
    ...(provider.checkConfig && { checkConfig: provider.checkConfig.bind(provider) }),
    ...(provider.diffConfig && { diffConfig: provider.diffConfig.bind(provider) }),
    ...(provider.configure && { configure: provider.configure.bind(provider) }),
    ...(provider.invoke && { invoke: provider.invoke.bind(provider) }),
  };
  return {
    ...always,
    ...wrap("check", provider.check),
    ...wrap("diff", provider.diff),
    ...wrap("create", provider.create),
    ...wrap("read", provider.read),
    ...wrap("update", provider.update),
    ...wrap("delete", provider.delete),
  };
}

function fits({ type, name }: Fault["match"], request: ResourceRequest): boolean {
  const matches = (pattern: string | RegExp | undefined, text: string) =>
    pattern === undefined || (typeof pattern === "string" ? pattern === text : pattern.test(text));
  return matches(type, request.type) && matches(name, request.name);
}

function isPreview(request: ResourceRequest & Partial<Pick<CreateRequest, "preview">>): boolean {
  return request.preview === true;
}
