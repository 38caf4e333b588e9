import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { NotImplemented, toServiceError } from "./errors";
import { EngineLog } from "./log";
import type { CheckRequest, CheckResult, DiffRequest, DiffResult, Provider } from "./provider";
import { fromStruct, same, toStruct } from "./values";

export interface ProviderServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Pulumi's own limit: a CRD or a big ConfigMap is more than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

/** Serves a provider on a free port of the loopback interface. */
export async function serve(provider: Provider): Promise<ProviderServer> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const log = new EngineLog();
  server.addService(ResourceProviderService, handlers(provider, log));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close: async () => {
      log.close();
      // Not `tryShutdown`: a call that hangs, as a test may want, would keep us.
      server.forceShutdown();
    },
  };
}

function handlers(provider: Provider, engine: EngineLog) {
  // One engine at a time: `attach` begins its visit, `cancel` asks all that it started to end.
  let visit = new AbortController();

  const about = (request: { getUrn(): string }) => {
    const urn = request.getUrn();
    const [, , types = "", ...name] = urn.split("::");
    return {
      urn,
      type: types.split("$").at(-1) ?? types,
      name: name.join("::"),
      log: engine.for(urn),
      signal: visit.signal,
    };
  };
  const check = (request: proto.CheckRequest): CheckRequest => ({
    ...about(request),
    oldInputs: request.hasOlds() ? fromStruct(request.getOlds()) : undefined,
    inputs: fromStruct(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming: autonaming(request.getAutonaming()),
  });
  const diff = (request: proto.DiffRequest): DiffRequest => ({
    ...about(request),
    id: request.getId(),
    oldState: fromStruct(request.getOlds()),
    oldInputs: fromStruct(request.getOldInputs()),
    inputs: fromStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  });

  return {
    handshake: unary(() => {
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
    attach: unary((request: PluginAttach) => {
      visit = new AbortController();
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    cancel: unary(() => {
      visit.abort();
      return new Empty();
    }),
    checkConfig: unary(async (request: proto.CheckRequest) =>
      checkResponse(
        (await provider.checkConfig?.(check(request))) ?? { inputs: fromStruct(request.getNews()) },
      ),
    ),
    diffConfig: unary(async (request: proto.DiffRequest) =>
      diffResponse((await provider.diffConfig?.(diff(request))) ?? byEquality(diff(request))),
    ),
    configure: unary(async (request: proto.ConfigureRequest) => {
      await provider.configure?.(fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: unary(async (request: proto.CheckRequest) =>
      checkResponse((await provider.check?.(check(request))) ?? { inputs: fromStruct(request.getNews()) }),
    ),
    diff: unary(async (request: proto.DiffRequest) =>
      diffResponse((await provider.diff?.(diff(request))) ?? byEquality(diff(request))),
    ),
    create: unary(async (request: proto.CreateRequest) => {
      const inputs = fromStruct(request.getProperties());
      const preview = request.getPreview();
      const asked = { ...about(request), inputs, preview, timeoutSeconds: seconds(request.getTimeout()) };
      const made = (await provider.create?.(asked)) ?? { id: preview ? "" : asked.name, state: inputs };
      const response = new proto.CreateResponse();
      response.setId(made.id);
      response.setProperties(toStruct(made.state));
      return response;
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const state = fromStruct(request.getProperties());
      const asked = {
        ...about(request),
        id: request.getId(),
        state,
        inputs: fromStruct(request.getInputs()),
      };
      const found = provider.read === undefined ? asked : await provider.read(asked);
      const response = new proto.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.state));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const inputs = fromStruct(request.getNews());
      const state = await provider.update?.({
        ...about(request),
        id: request.getId(),
        inputs,
        oldState: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
        timeoutSeconds: seconds(request.getTimeout()),
      });
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(state ?? inputs));
      return response;
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.delete?.({
        ...about(request),
        id: request.getId(),
        state: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getOldInputs()),
        timeoutSeconds: seconds(request.getTimeout()),
      });
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      if (provider.invoke === undefined) throw new NotImplemented(`${provider.name} has no functions`);
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
  };
}

/** A gRPC handler of a plain function; what the function throws becomes a gRPC error. */
function unary<Request, Response>(answer: (request: Request) => Promise<Response> | Response) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** On the wire, 0 means that no timeout was set. */
function seconds(timeout: number): number | undefined {
  return timeout > 0 ? timeout : undefined;
}

function autonaming(options: proto.CheckRequest.AutonamingOptions | undefined): CheckRequest["autonaming"] {
  const { PROPOSE, DISABLE } = proto.CheckRequest.AutonamingOptions.Mode;
  if (options === undefined) return undefined;
  if (options.getMode() === DISABLE) return { mode: "disable" };
  return { mode: options.getMode() === PROPOSE ? "propose" : "enforce", name: options.getProposedName() };
}

function byEquality({ oldInputs, inputs }: DiffRequest): DiffResult {
  const keys = new Set([...Object.keys(oldInputs), ...Object.keys(inputs)]);
  const different = [...keys].filter((key) => !same(oldInputs[key], inputs[key]));
  return {
    changes: different.length > 0,
    detailed: Object.fromEntries(
      different.map((key) => [
        key,
        { kind: !(key in oldInputs) ? "add" : !(key in inputs) ? "delete" : "update" },
      ]),
    ),
  };
}

function checkResponse({ inputs, failures = [] }: CheckResult): proto.CheckResponse {
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

function diffResponse({
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
