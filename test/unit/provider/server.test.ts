import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterEach, describe, expect, it } from "vitest";
import {
  PartialFailure,
  Secret,
  serve,
  unknown,
  type CheckRequest,
  type CreateRequest,
  type Properties,
  type Provider,
} from "../../../provider";
import { partial, ProviderClient } from "../../support/provider-client";

const type = "test:index:Thing";
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function client(provider: Provider | (() => Provider)): Promise<ProviderClient> {
  const server = await serve(provider);
  closing.push(() => server.close());
  return connect(server.port);
}

async function connect(port: number): Promise<ProviderClient> {
  const connected = new ProviderClient(port);
  closing.push(() => connected.close());
  await connected.handshake();
  return connected;
}

const plain: Provider = { name: "test", version: "1.2.3" };

describe("a provider that says nothing of itself", () => {
  it("has a name, a version and the capabilities of this layer", async () => {
    const server = await serve(plain);
    closing.push(() => server.close());
    const connected = new ProviderClient(server.port);
    closing.push(() => connected.close());
    const shake = await connected.handshake();
    expect(shake.getAcceptSecrets()).toBe(true);
    expect(shake.getSupportsAutonamingConfiguration()).toBe(true);
    expect(await connected.version()).toBe("1.2.3");
    expect((await connected.configure({})).getSupportspreview()).toBe(true);
  });

  it("takes inputs as they are", async () => {
    const engine = await client(plain);
    const inputs = { a: new Secret("s"), b: unknown, c: [1, null] };
    expect(await engine.check(type, inputs)).toEqual({ inputs, failures: [] });
    expect((await engine.create(type, inputs, { preview: true })).id).toBe("");
    const made = await engine.create(type, { a: new Secret("s") });
    expect(made).toEqual({ id: "it", inputs: { a: new Secret("s") }, state: { a: new Secret("s") } });
    expect(await engine.read(type, made)).toEqual(made);
    expect(await engine.update(type, made, { a: 2 })).toEqual({
      id: "it",
      inputs: { a: 2 },
      state: { a: 2 },
    });
    await engine.delete(type, made);
  });

  it("calls two equal sets of inputs no change", async () => {
    const engine = await client(plain);
    const known = { id: "it", inputs: { a: 1, b: { c: new Secret("x") }, gone: 1 }, state: {} };
    expect((await engine.diff(type, known, { b: { c: "x" }, a: 1, gone: 1 })).changes).toBe(false);
    expect(await engine.diff(type, known, { a: 2, b: { c: "x" }, come: true })).toEqual({
      changes: true,
      replaces: [],
      deleteBeforeReplace: false,
      detailed: { a: "UPDATE", gone: "DELETE", come: "ADD" },
    });
  });

  it("has no functions and no components", async () => {
    const engine = await client(plain);
    await expect(engine.invoke("test:index:get", {})).rejects.toThrow(
      "12 UNIMPLEMENTED: test has no functions",
    );
    await expect(engine.construct("test:index:Group")).rejects.toThrow(
      "12 UNIMPLEMENTED: test has no component test:index:Group",
    );
  });
});

describe("requests", () => {
  it("carry the resource, its seed and its naming", async () => {
    const seen: CheckRequest[] = [];
    const engine = await client({
      ...plain,
      check: (request) => {
        seen.push(request);
        return { inputs: {}, failures: [{ property: "spec.replicas", reason: "must not be negative" }] };
      },
    });
    const answer = await engine.check("a:b:Parent$test:index:Thing", {}, { name: "my::thing", seed: [1, 2] });
    expect(answer.failures).toEqual(["spec.replicas: must not be negative"]);
    await engine.check(type, {}, { oldInputs: { a: 1 }, autonaming: { mode: "PROPOSE", name: "x" } });
    await engine.check(type, {}, { autonaming: { mode: "ENFORCE", name: "y" } });
    await engine.check(type, {}, { autonaming: { mode: "DISABLE" } });
    expect(seen[0]).toMatchObject({ type: "test:index:Thing", name: "my::thing", oldInputs: undefined });
    expect([...(seen[0]?.randomSeed ?? [])]).toEqual([1, 2]);
    expect(seen[1]?.oldInputs).toEqual({ a: 1 });
    expect(seen.map(({ autonaming }) => autonaming)).toEqual([
      undefined,
      { mode: "propose", name: "x" },
      { mode: "enforce", name: "y" },
      { mode: "disable" },
    ]);
  });

  it("carry the timeout where one is set", async () => {
    const seen: CreateRequest[] = [];
    const engine = await client({
      ...plain,
      create: (request) => {
        seen.push(request);
        return { id: "1", state: {} };
      },
    });
    await engine.create(type, {}, { timeout: 90 });
    await engine.create(type, {});
    expect(seen.map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([90, undefined]);
  });

  it("may be as big as Pulumi lets them be", async () => {
    const engine = await client(plain);
    const big = { text: "x".repeat(8 * 1024 * 1024) };
    expect((await engine.check(type, big)).inputs).toEqual(big);
  });
});

describe("answers", () => {
  it("tell what a replacement is for", async () => {
    const engine = await client({
      ...plain,
      diff: () => ({
        changes: true,
        deleteBeforeReplace: true,
        detailed: { "spec.a[0]": { kind: "update", replaces: true }, "spec.b": { kind: "delete" } },
      }),
    });
    expect(await engine.diff(type, { id: "1", inputs: {}, state: {} }, {})).toEqual({
      changes: true,
      replaces: ["spec.a[0]"],
      deleteBeforeReplace: true,
      detailed: { "spec.a[0]": "UPDATE_REPLACE", "spec.b": "DELETE" },
    });
  });

  it("keep a thing that was made, but not whole", async () => {
    const made = {
      id: "7",
      state: { a: new Secret("s") },
      inputs: { a: 1 },
      reasons: ["not ready", "no node"],
    };
    const engine = await client({
      ...plain,
      create: () => {
        throw new PartialFailure("it was not ready", made);
      },
    });
    const failing = engine.create(type, {});
    await expect(failing).rejects.toThrow("2 UNKNOWN: it was not ready");
    expect(await partial(failing)).toEqual(made);
  });

  it("give an error's message and no stack", async () => {
    const engine = await client({
      ...plain,
      delete: () => Promise.reject(new Error("the bucket is not empty")),
    });
    const failing = engine.delete(type, { id: "1", inputs: {}, state: {} });
    await expect(failing).rejects.toMatchObject({ details: "the bucket is not empty" });
  });

  it("say that a thing is gone by an empty id", async () => {
    const engine = await client({ ...plain, read: () => undefined });
    expect(await engine.read(type, { id: "1" })).toBeUndefined();
  });
});

describe("a run", () => {
  it("that is cancelled aborts what is under way", async () => {
    let began: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (began = resolve));
    const engine = await client({
      ...plain,
      create: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("stopped")));
          began();
        }),
    });
    const stopped = expect(engine.create(type, {})).rejects.toThrow("stopped");
    await begun;
    await engine.cancel();
    await stopped;
  });

  it("has configuration and an end of its own, beside others on the same server", async () => {
    class Configured implements Provider {
      readonly name = "test";
      readonly version = "1";
      private config: Properties = {};
      configure(config: Properties) {
        this.config = config;
      }
      create({ signal }: CreateRequest) {
        return { id: "1", state: { ...this.config, aborted: signal.aborted } };
      }
    }
    const server = await serve(() => new Configured());
    closing.push(() => server.close());
    const [one, two] = [await connect(server.port), await connect(server.port)];
    await one.configure({ region: "a" });
    await two.configure({ region: "b" });
    await one.cancel();
    expect((await one.create(type, {})).state).toEqual({ region: "a", aborted: true });
    expect((await two.create(type, {})).state).toEqual({ region: "b", aborted: false });
  });

  it("hears what the provider has to say", async () => {
    const heard: string[] = [];
    const engineServer = new Server();
    engineServer.addService(EngineService, {
      log: ({ request }: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) => {
        const kind = request.getEphemeral()
          ? "status"
          : ["debug", "info", "warning", "error"][request.getSeverity()];
        heard.push(`${kind} ${request.getUrn().split("::").at(-1)}: ${request.getMessage()}`);
        done(null, new Empty());
      },
    });
    const port = await new Promise<number>((resolve, reject) =>
      engineServer.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      ),
    );
    closing.push(() => engineServer.forceShutdown());
    const engine = await client({
      ...plain,
      create: ({ log }) => {
        log.status("0 of 1 ready");
        log.info("made");
        log.warning("slowly");
        return { id: "1", state: {} };
      },
    });
    await engine.attach(`127.0.0.1:${port}`);
    await engine.create(type, {});
    await expect
      .poll(() => [...heard].sort())
      .toEqual(["info it: made", "status it: 0 of 1 ready", "warning it: slowly"]);
  });
});
