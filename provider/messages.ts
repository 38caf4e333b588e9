import * as proto from "@pulumi/pulumi/proto/provider_pb";
import type { EngineLog } from "./log";
import type { CheckRequest, CheckResult, DiffRequest, DiffResult, ResourceRequest } from "./provider";
import { fromStruct, toStruct } from "./values";

/** What every request says of its resource. */
export function about(request: { getUrn(): string }, log: EngineLog, signal: AbortSignal): ResourceRequest {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return {
    urn,
    type: types.split("$").at(-1) ?? types,
    name: name.join("::"),
    log: log.for(urn),
    signal,
  };
}

export function checkRequest(request: proto.CheckRequest, resource: ResourceRequest): CheckRequest {
  return {
    ...resource,
    oldInputs: request.hasOlds() ? fromStruct(request.getOlds()) : undefined,
    inputs: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming: autonaming(request.getAutonaming()),
  };
}

function autonaming(options: proto.CheckRequest.AutonamingOptions | undefined): CheckRequest["autonaming"] {
  const { PROPOSE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  if (options === undefined) return undefined;
  if (options.getMode() === DISABLE) return { mode: "disable" };
  return { mode: options.getMode() === PROPOSE ? "propose" : "enforce", name: options.getProposedName() };
}

export function checkResponse({ inputs, failures = [] }: CheckResult): proto.CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new proto.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

export function diffRequest(request: proto.DiffRequest, resource: ResourceRequest): DiffRequest {
  return {
    ...resource,
    id: request.getId(),
    oldState: fromStruct(request.getOlds()),
    oldInputs: fromStruct(request.getOldInputs()),
    inputs: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

export function diffResponse({
  changes,
  detailed = {},
  deleteBeforeReplace = false,
}: DiffResult): proto.DiffResponse {
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse();
  response.setChanges(changes ? DIFF_SOME : DIFF_NONE);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setHasdetaileddiff(Object.keys(detailed).length > 0);
  const entries = Object.entries(detailed);
  response.setReplacesList(entries.flatMap(([path, { replaces }]) => (replaces === true ? [path] : [])));
  // The engine's `replaceOnChanges` and `ignoreChanges` go by the top-level keys that differ.
  response.setDiffsList([...new Set(entries.map(([path]) => path.split(/[.[]/)[0] ?? path))]);
  for (const [path, { kind, replaces }] of entries) {
    const difference = new proto.PropertyDiff();
    difference.setKind(kinds[kind][replaces === true ? 1 : 0]);
    difference.setInputdiff(true);
    response.getDetaileddiffMap().set(path, difference);
  }
  return response;
}

/** On the wire, 0 means that no timeout was set. */
export function seconds(timeout: number): number | undefined {
  return timeout > 0 ? timeout : undefined;
}
