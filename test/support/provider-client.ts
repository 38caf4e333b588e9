import { credentials, type ServiceError } from "@grpc/grpc-js";
import { PluginAttach, type PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromStruct, toStruct, type Properties } from "../../provider";

/** A resource as the engine's state has it. */
export interface Known {
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

/** The object was made, but is not as it should be. */
export interface Unfinished extends Known {
  readonly reasons: string[];
}

export interface Difference {
  readonly changes: boolean;
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
  /** Path → `ADD`, `UPDATE_REPLACE`… */
  readonly detailed: Record<string, string>;
}

const kindNames = Object.fromEntries(
  Object.entries(proto.PropertyDiff.Kind).map(([name, number]) => [number, name]),
);

/** Speaks Pulumi's provider protocol as the engine does, over a real connection. */
export class ProviderClient {
  private readonly client: ResourceProviderClient;

  constructor(port: number) {
    this.client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      // Each engine has a connection of its own.
      "grpc.use_local_subchannel_pool": 1,
      "grpc.max_receive_message_length": -1,
    });
  }

  close(): void {
    this.client.close();
  }

  async handshake(): Promise<proto.ProviderHandshakeResponse> {
    return call((done) => this.client.handshake(new proto.ProviderHandshakeRequest(), done));
  }

  async attach(address: string): Promise<void> {
    const request = new PluginAttach();
    request.setAddress(address);
    await call((done) => this.client.attach(request, done));
  }

  async cancel(): Promise<void> {
    await call((done) => this.client.cancel(new Empty(), done));
  }

  async version(): Promise<string> {
    return (await call<PluginInfo>((done) => this.client.getPluginInfo(new Empty(), done))).getVersion();
  }

  async configure(config: Properties): Promise<proto.ConfigureResponse> {
    const request = new proto.ConfigureRequest();
    request.setArgs(toStruct(config));
    return call((done) => this.client.configure(request, done));
  }

  checkConfig(inputs: Properties) {
    return this.checked("pulumi:providers:it", inputs, {}, (request, done) =>
      this.client.checkConfig(request, done),
    );
  }

  diffConfig(oldInputs: Properties, inputs: Properties): Promise<Difference> {
    return this.differs(
      "pulumi:providers:it",
      { id: "id", inputs: oldInputs, state: oldInputs },
      inputs,
      {},
      (request, done) => this.client.diffConfig(request, done),
    );
  }

  check(type: string, inputs: Properties, options: CheckOptions = {}) {
    return this.checked(type, inputs, options, (request, done) => this.client.check(request, done));
  }

  diff(type: string, known: Known, inputs: Properties, options: { ignoreChanges?: string[] } = {}) {
    return this.differs(type, known, inputs, options, (request, done) => this.client.diff(request, done));
  }

  async create(
    type: string,
    inputs: Properties,
    options: { preview?: boolean; name?: string; timeout?: number } = {},
  ): Promise<Known> {
    const request = new proto.CreateRequest();
    request.setUrn(urn(type, options.name));
    request.setProperties(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    request.setTimeout(options.timeout ?? 0);
    const made = await call<proto.CreateResponse>((done) => this.client.create(request, done));
    return { id: made.getId(), inputs, state: fromStruct(made.getProperties()) };
  }

  async update(
    type: string,
    known: Known,
    inputs: Properties,
    options: { preview?: boolean; ignoreChanges?: string[]; timeout?: number } = {},
  ): Promise<Known> {
    const request = new proto.UpdateRequest();
    request.setUrn(urn(type));
    request.setId(known.id);
    request.setOlds(toStruct(known.state));
    request.setOldInputs(toStruct(known.inputs));
    request.setNews(toStruct(inputs));
    request.setPreview(options.preview ?? false);
    request.setIgnorechangesList(options.ignoreChanges ?? []);
    request.setTimeout(options.timeout ?? 0);
    const updated = await call<proto.UpdateResponse>((done) => this.client.update(request, done));
    return { id: known.id, inputs, state: fromStruct(updated.getProperties()) };
  }

  /** `undefined`: it is not there. */
  async read(type: string, known: { id: string } & Partial<Known>): Promise<Known | undefined> {
    const request = new proto.ReadRequest();
    request.setUrn(urn(type));
    request.setId(known.id);
    request.setProperties(toStruct(known.state ?? {}));
    request.setInputs(toStruct(known.inputs ?? {}));
    const found = await call<proto.ReadResponse>((done) => this.client.read(request, done));
    if (found.getId() === "") return undefined;
    return {
      id: found.getId(),
      inputs: fromStruct(found.getInputs()),
      state: fromStruct(found.getProperties()),
    };
  }

  async delete(type: string, known: Known, options: { timeout?: number } = {}): Promise<void> {
    const request = new proto.DeleteRequest();
    request.setUrn(urn(type));
    request.setId(known.id);
    request.setProperties(toStruct(known.state));
    request.setOldInputs(toStruct(known.inputs));
    request.setTimeout(options.timeout ?? 0);
    await call((done) => this.client.delete(request, done));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new proto.InvokeRequest();
    request.setTok(token);
    request.setArgs(toStruct(args));
    return fromStruct(
      (await call<proto.InvokeResponse>((done) => this.client.invoke(request, done))).getReturn(),
    );
  }

  async construct(type: string): Promise<void> {
    const request = new proto.ConstructRequest();
    request.setType(type);
    await call((done) => this.client.construct(request, done));
  }

  private async checked(
    type: string,
    inputs: Properties,
    options: CheckOptions,
    send: (request: proto.CheckRequest, done: Done<proto.CheckResponse>) => void,
  ) {
    const request = new proto.CheckRequest();
    request.setUrn(urn(type, options.name));
    request.setNews(toStruct(inputs));
    if (options.oldInputs !== undefined) request.setOlds(toStruct(options.oldInputs));
    request.setRandomseed(Uint8Array.from(options.seed ?? [0xab, 0xcd, 0xef, 0x01, 0x23]));
    if (options.autonaming !== undefined) {
      const naming = new proto.CheckRequest.AutonamingOptions();
      naming.setMode(proto.CheckRequest.AutonamingOptions.Mode[options.autonaming.mode]);
      naming.setProposedName(options.autonaming.name ?? "");
      request.setAutonaming(naming);
    }
    const response = await call<proto.CheckResponse>((done) => send(request, done));
    return {
      inputs: fromStruct(response.getInputs()),
      failures: response.getFailuresList().map((each) => `${each.getProperty()}: ${each.getReason()}`),
    };
  }

  private async differs(
    type: string,
    known: Known,
    inputs: Properties,
    options: { ignoreChanges?: string[] },
    send: (request: proto.DiffRequest, done: Done<proto.DiffResponse>) => void,
  ): Promise<Difference> {
    const request = new proto.DiffRequest();
    request.setUrn(urn(type));
    request.setId(known.id);
    request.setOlds(toStruct(known.state));
    request.setOldInputs(toStruct(known.inputs));
    request.setNews(toStruct(inputs));
    request.setIgnorechangesList(options.ignoreChanges ?? []);
    const response = await call<proto.DiffResponse>((done) => send(request, done));
    const detailed: Record<string, string> = {};
    response.getDetaileddiffMap().forEach((difference: proto.PropertyDiff, path: string) => {
      detailed[path] = kindNames[difference.getKind()] ?? "";
    });
    return {
      changes: response.getChanges() === proto.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      detailed,
    };
  }
}

export interface CheckOptions {
  readonly name?: string;
  readonly oldInputs?: Properties;
  readonly seed?: readonly number[];
  readonly autonaming?: { readonly mode: "PROPOSE" | "ENFORCE" | "DISABLE"; readonly name?: string };
}

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function call<Response>(send: (done: Done<Response>) => void): Promise<Response> {
  return new Promise((resolve, reject) =>
    send((error, response) => (error === null ? resolve(response) : reject(error))),
  );
}

export function urn(type: string, name = "it"): string {
  return `urn:pulumi:dev::project::${type}::${name}`;
}

/** What a failed call says was made all the same; throws what is no partial failure. */
export async function partial(failing: Promise<unknown>): Promise<Unfinished> {
  const error = await failing.then(
    () => new Error("the call did not fail"),
    (reason: unknown) => reason,
  );
  const [details] = isServiceError(error) ? error.metadata.get("grpc-status-details-bin") : [];
  if (!Buffer.isBuffer(details)) throw error;
  const packed = Status.deserializeBinary(details).getDetailsList()[0]?.getValue_asU8();
  if (packed === undefined) throw error;
  const failed = proto.ErrorResourceInitFailed.deserializeBinary(packed);
  return {
    id: failed.getId(),
    inputs: fromStruct(failed.getInputs()),
    state: fromStruct(failed.getProperties()),
    reasons: failed.getReasonsList(),
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "metadata" in error;
}
