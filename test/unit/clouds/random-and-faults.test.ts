import { afterEach, describe, expect, it } from "vitest";
import { Secret, serve, type Properties, type Provider } from "../../../provider";
import { FaultInjector, type Fault } from "../../../sandbox/clouds/faults";
import { randomProvider } from "../../../sandbox/clouds/random";
import { ProviderClient } from "../../support/provider-client";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
async function client(provider: Provider): Promise<ProviderClient> {
  const server = await serve(provider);
  closing.push(() => server.close());
  const connected = new ProviderClient(server.port);
  closing.push(() => connected.close());
  await connected.handshake();
  return connected;
}

describe("the simulated random provider", () => {
  const type = (name: string) => `random:index/random${name}:Random${name}`;
  const made = async (name: string, inputs: Properties) =>
    (await client(randomProvider("4.0.0"))).create(type(name), inputs);

  it("makes a password, secret, that its id does not give away", async () => {
    const { id, state } = await made("Password", { length: 24, special: false });
    expect(id).toBe("none");
    const { result } = state;
    expect(result).toBeInstanceOf(Secret);
    expect(result instanceof Secret && result.value).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(state["bcryptHash"]).toBeInstanceOf(Secret);
  });

  it("keeps to the classes and minima that are asked for", async () => {
    const { state } = await made("String", {
      length: 12,
      upper: false,
      lower: false,
      special: true,
      overrideSpecial: "_",
      minNumeric: 10,
      minSpecial: 2,
    });
    expect(String(state["result"]).replaceAll("_", "")).toMatch(/^\d{10}$/);
  });

  it.each<[string, Properties, RegExp]>([
    ["Uuid", {}, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/],
    ["Integer", { min: 3, max: 3 }, /^3$/],
    ["Pet", { length: 3, prefix: "my" }, /^my(-[a-z]+){3}$/],
  ])("makes a %s", async (name, inputs, id) => expect((await made(name, inputs)).id).toMatch(id));

  it("makes an id in every notation, all of the same number", async () => {
    const { state } = await made("Id", { byteLength: 4, prefix: "p-" });
    const hex = String(state["hex"]);
    expect(hex).toMatch(/^p-[0-9a-f]{8}$/);
    const bytes = Buffer.from(hex.slice(2), "hex");
    expect(state).toMatchObject({
      b64Url: `p-${bytes.toString("base64url")}`,
      b64Std: `p-${bytes.toString("base64")}`,
      dec: `p-${bytes.readUInt32BE()}`,
    });
  });

  it("makes another one beside it where anything is changed", async () => {
    const engine = await client(randomProvider("4.0.0"));
    const known = await engine.create(type("Password"), { length: 24 });
    expect(await engine.diff(type("Password"), known, { length: 24 })).toMatchObject({ changes: false });
    expect(await engine.diff(type("Password"), known, { length: 32 })).toMatchObject({
      changes: true,
      replaces: ["length"],
    });
  });

  it("makes nothing in a preview, and refuses what it does not know", async () => {
    const engine = await client(randomProvider("4.0.0"));
    expect((await engine.create(type("Uuid"), {}, { preview: true })).id).toBe("");
    await expect(engine.create(type("Shuffle"), {})).rejects.toThrow(
      "the simulated random provider has no random:index/randomShuffle:RandomShuffle",
    );
  });
});

describe("a provider that is told to get something wrong", () => {
  const type = "test:index:Thing";
  const faulty = async (...faults: Fault[]) => {
    const done: string[] = [];
    const injector = new FaultInjector(faults);
    const provider: Provider = {
      name: "test",
      version: "1.0.0",
      create: ({ name, inputs, preview }) => {
        if (!preview) done.push(name);
        return { id: name, state: inputs };
      },
    };
    return { engine: await client(injector.wrap(provider)), done, injector };
  };

  it("fails as often as it is told, before anything is done", async () => {
    const { engine, done, injector } = await faulty({
      method: "create",
      match: { type },
      kind: "fail",
      message: "no quota",
      times: 2,
    });
    await expect(engine.create(type, {})).rejects.toThrow("no quota");
    await expect(engine.create(type, {})).rejects.toThrow("no quota");
    expect(done).toEqual([]);
    await engine.create(type, {});
    expect(done).toEqual(["it"]);
    expect(injector.calls.map(({ provider, method, preview }) => `${provider} ${method} ${preview}`)).toEqual(
      ["test create false", "test create false", "test create false"],
    );
  });

  it("fails when it is done", async () => {
    const { engine, done } = await faulty({ method: "create", match: {}, kind: "fail-after" });
    await expect(engine.create(type, {})).rejects.toThrow("the test provider was told to fail");
    expect(done).toEqual(["it"]);
  });

  it("hangs until the run is cancelled", async () => {
    const { engine, done } = await faulty({ method: "create", match: { name: /^i/ }, kind: "hang" });
    const hanging = expect(engine.create(type, {})).rejects.toThrow("the run was cancelled");
    await engine.cancel();
    await hanging;
    expect(done).toEqual([]);
  });

  it("spares previews and what does not match", async () => {
    const { engine } = await faulty(
      { method: "create", match: { name: "other" }, kind: "fail" },
      { method: "create", match: { type: /Other$/ }, kind: "fail" },
      { method: "update", match: {}, kind: "fail" },
    );
    await engine.create(type, {}, { preview: true });
    await engine.create(type, {});
  });
});
