import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { PluginInfo, type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { toServiceError } from "./errors";
import { about, checkRequest, checkResponse, diffRequest, diffResponse, seconds } from "./messages";
import type { Provider, ResourceRequest } from "./provider";
import { fromStruct, toStruct } from "./values";
import { Visits, type Visit } from "./visits";

export interface ProviderServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Pulumi's own limit: a CRD or a big ConfigMap is more than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

/**
 * Serves a provider on a free port of the loopback interface. One that keeps its configuration is given as a function
 * that makes it: a program may have several providers of one package, each configured in its own way.
 */
export async function serve(provider: Provider | (() => Provider)): Promise<ProviderServer> {
  const server = new Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const visits = new Visits(typeof provider === "function" ? provider : () => provider);
  server.addService(ResourceProviderService, handlers(visits));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close: async () => {
      visits.close();
      // Not `tryShutdown`: a call that hangs, as a test may want, would keep us.
      server.forceShutdown();
    },
  };
}

function handlers(visits: Visits) {
  /** A gRPC handler of a plain function; what the function throws becomes a gRPC error. */
  const unary =
    <Request, Response>(answer: (request: Request, visit: Visit) => Promise<Response> | Response) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      Promise.resolve()
        .then(() => answer(call.request, visits.of(call.getPeer())))
        .then(
          (response) => callback(null, response),
          (error: unknown) => callback(toServiceError(error)),
        );
    };

  /** The same for a call about a resource. */
  const onResource = <Request extends { getUrn(): string }, Response>(
    answer: (
      provider: Required<Provider>,
      request: Request,
      resource: ResourceRequest,
    ) => Promise<Response> | Response,
  ) =>
    unary((request: Request, { provider, log, cancelled }) =>
      answer(provider, request, about(request, log, cancelled.signal)),
    );

  return {
    // The first call of a connection.
    handshake: (
      call: ServerUnaryCall<proto.ProviderHandshakeRequest, proto.ProviderHandshakeResponse>,
      callback: sendUnaryData<proto.ProviderHandshakeResponse>,
    ): void => {
      const { log } = visits.begin(call.getPeer());
      // Empty where the engine calls `attach` next.
      const engine = call.request.getEngineAddress();
      if (engine !== "") log.attach(engine);
      const response = new proto.ProviderHandshakeResponse();
      response.setAcceptSecrets(true);
      response.setAcceptResources(true);
      response.setSupportsAutonamingConfiguration(true);
      callback(null, response);
    },
    attach: unary((request: PluginAttach, { log }) => {
      log.attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary((_: Empty, { provider }) => {
      const info = new PluginInfo();
      info.setVersion(provider.version);
      return info;
    }),
    cancel: unary((_: Empty, { cancelled }) => {
      cancelled.abort();
      return new Empty();
    }),
    checkConfig: onResource(async (provider, request: proto.CheckRequest, resource) =>
      checkResponse(await provider.checkConfig(checkRequest(request, resource))),
    ),
    diffConfig: onResource(async (provider, request: proto.DiffRequest, resource) =>
      diffResponse(await provider.diffConfig(diffRequest(request, resource))),
    ),
    configure: unary(async (request: proto.ConfigureRequest, { provider }) => {
      await provider.configure(fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(true);
      response.setAcceptresources(true);
      response.setSupportspreview(true);
      return response;
    }),
    check: onResource(async (provider, request: proto.CheckRequest, resource) =>
      checkResponse(await provider.check(checkRequest(request, resource))),
    ),
    diff: onResource(async (provider, request: proto.DiffRequest, resource) =>
      diffResponse(await provider.diff(diffRequest(request, resource))),
    ),
    create: onResource(async (provider, request: proto.CreateRequest, resource) => {
      const made = await provider.create({
        ...resource,
        inputs: fromStruct(request.getProperties()),
        preview: request.getPreview(),
        timeoutSeconds: seconds(request.getTimeout()),
      });
      const response = new proto.CreateResponse();
      response.setId(made.id);
      response.setProperties(toStruct(made.state));
      return response;
    }),
    read: onResource(async (provider, request: proto.ReadRequest, resource) => {
      const found = await provider.read({
        ...resource,
        id: request.getId(),
        state: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getInputs()),
      });
      const response = new proto.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.state));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: onResource(async (provider, request: proto.UpdateRequest, resource) => {
      const state = await provider.update({
        ...resource,
        id: request.getId(),
        inputs: fromStruct(request.getNews()),
        oldState: fromStruct(request.getOlds()),
        oldInputs: fromStruct(request.getOldInputs()),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
        timeoutSeconds: seconds(request.getTimeout()),
      });
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(state));
      return response;
    }),
    delete: onResource(async (provider, request: proto.DeleteRequest, resource) => {
      await provider.delete({
        ...resource,
        id: request.getId(),
        state: fromStruct(request.getProperties()),
        inputs: fromStruct(request.getOldInputs()),
        timeoutSeconds: seconds(request.getTimeout()),
      });
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest, { provider }) => {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    construct: unary((request: proto.ConstructRequest, { provider }): proto.ConstructResponse =>
      provider.construct(request.getType()),
    ),
  };
}
