import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkConfig } from "../../../../../components/oscar/provider/config";
import { Connection } from "../../../../../components/oscar/provider/connection";
import { oscarProvider } from "../../../../../components/oscar/provider/oscar-provider";
import { remembered } from "../../../../../components/oscar/provider/remembered";
import { complete, Secret, unknown, type Properties } from "../../../../../provider";
import { failure, here, plain, visit } from "./provider-here";

const endpoint = "https://oscar.example.com";
const faultsOf = (inputs: Properties) =>
  (checkConfig({ inputs }).failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
const oneLogin = "allowed: one of password (with username), token and tokenFile";

describe("the provider's configuration", () => {
  it.each<[string, Properties]>([
    ["basic auth", { endpoint, username: "oscar", password: "p" }],
    ["basic auth of the usual name", { endpoint, password: new Secret("p") }],
    ["a token", { endpoint, token: "t", apiVersion: "4.1" }],
    ["a file", { endpoint: `${endpoint}/oscar`, tokenFile: "/run/token" }],
    ["what is not known yet", { endpoint: unknown, password: new Secret(unknown), username: unknown }],
    [
      "what is the engine's",
      { endpoint, token: "t", version: "0.1.0", pluginDownloadURL: "x", __internal: {} },
    ],
  ])("is sound with %s", (_, inputs) => {
    expect(faultsOf(inputs)).toEqual([]);
  });

  it.each<[string, Properties, string[]]>([
    [
      "nothing",
      {},
      [
        "endpoint: got nothing; allowed: the Manager's address, such as https://oscar.example.com",
        `password: got no credentials; ${oneLogin}`,
      ],
    ],
    [
      "two logins",
      { endpoint, password: "canary", token: "canary" },
      [`token: got password and token; ${oneLogin}`],
    ],
    [
      "all logins",
      { endpoint, password: "a", token: "b", tokenFile: "c" },
      [`token: got password and token and tokenFile; ${oneLogin}`],
    ],
    ["a name alone", { endpoint, username: "oscar" }, [`password: got no credentials; ${oneLogin}`]],
    [
      "a name with a token",
      { endpoint, username: "oscar", token: "t" },
      ["username: got one with a token; allowed: with password alone"],
    ],
    [
      "a name with a colon",
      { endpoint, username: "a:b", password: "t" },
      ['username: got "a:b"; allowed: a name without a colon, such as oscar'],
    ],
    [
      "a bad address",
      { endpoint: "oscar.example.com", token: "t" },
      [
        'endpoint: got "oscar.example.com"; allowed: the Manager\'s address without credentials, such as https://oscar.example.com',
      ],
    ],
    [
      "a password in the address",
      { endpoint: "https://oscar:canary@oscar.example.com", token: "t" },
      [
        "endpoint: got an address with credentials in it; allowed: the Manager's address without credentials, such as https://oscar.example.com",
      ],
    ],
    [
      "an empty token",
      { endpoint, token: new Secret(" ") },
      ["token: got an empty text; allowed: an OIDC access token"],
    ],
    ["a number", { endpoint, password: 5 }, ["password: got no text; allowed: the administrator's password"]],
    [
      "a version that is none",
      { endpoint, token: "t", apiVersion: "latest" },
      ['apiVersion: got "latest"; allowed: OSCAR\'s version, such as 4.1'],
    ],
    [
      "another name",
      { endpoint, token: "t", endpont: "x" },
      ['endpont: got the name "endpont"; did you mean "endpoint"?'],
    ],
  ])("has faults with %s", (_, inputs, expected) => {
    expect(faultsOf(inputs)).toEqual(expected);
  });

  it("has its secrets marked", () => {
    expect(checkConfig({ inputs: { endpoint, password: "p", token: new Secret("t") } }).inputs).toEqual({
      endpoint,
      password: new Secret("p"),
      token: new Secret("t"),
    });
  });

  it("never replaces the provider, whose services would go with it", async () => {
    const provider = complete(oscarProvider());
    const { about } = visit({});
    const { changes, detailed } = await provider.diffConfig({
      ...about("lab"),
      id: "1",
      oldState: {},
      oldInputs: { endpoint, password: "a" },
      inputs: { endpoint: "https://other.example.com", token: "b" },
      ignoreChanges: [],
    });
    expect([changes, Object.values(detailed ?? {}).some(({ replaces }) => replaces === true)]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a connection", () => {
  it.each<[Properties, boolean, string]>([
    [{ endpoint, password: "p" }, true, "basic"],
    [{ endpoint, token: "p" }, true, "bearer"],
    [{ endpoint, tokenFile: "p" }, true, "bearer"],
    [{ endpoint: unknown, password: "p" }, false, "basic"],
    [{ endpoint, password: new Secret(unknown) }, false, "basic"],
    [{ endpoint, token: "p", apiVersion: unknown }, false, "basic"],
    [{}, false, "basic"],
  ])("is known or not: %o", (config, isKnown, login) => {
    const connection = new Connection(config);
    expect([connection.isKnown, connection.login]).toEqual([isKnown, login]);
  });

  it("that is not known asks nothing, and a preview goes through", async () => {
    const { preview, told } = visit({ endpoint: unknown, password: "p" });
    const { state, step } = await preview("nginx", plain);
    expect([step, state["commands"], state["buckets"], told]).toEqual(["create", unknown, [], []]);
  });

  it("reads a token's file again before each request", async () => {
    const folder = mkdtempSync(join(tmpdir(), "oscar-token-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const tokenFile = join(folder, "token");
    const user = { token: "canary-token", uid: "ana@example", name: "Ana" };
    const { url, manager } = await here({ users: [user] });
    const connection = new Connection({ endpoint: url, tokenFile });
    expect(await failure(connection.client.info())).toBe(
      `tokenFile: ENOENT: no such file or directory, open '${tokenFile}'`,
    );
    for (const token of ["canary-token", "canary-other"]) {
      writeFileSync(tokenFile, `${token}\n`);
      await connection.client.info().catch(() => undefined);
    }
    expect(manager.calls.map(({ authorization }) => authorization)).toEqual([
      "Bearer canary-token",
      "Bearer canary-other",
    ]);
  });

  it("asks once what many want to know, and again when that failed long ago", async () => {
    const { config, manager, calls } = await here({ backend: "knative" });
    const connection = new Connection(config);
    expect(
      await Promise.all([connection.features(), connection.isKnative(), connection.features()]),
    ).toMatchObject([{ version: "4.1.2" }, true, { version: "4.1.2" }]);
    expect(calls()).toEqual(["GET /system/info"]);
    expect(manager.changes).toEqual([]);
  });
});

describe("what is remembered", () => {
  it("is asked for anew when it is old, when it failed, and when it is to be forgotten", async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked === 1) throw new Error("away");
      return asked;
    };
    const value = remembered(ask, { lastsMs: 30, failureLastsMs: 10 });
    expect(await failure(Promise.all([value.get(), value.get()]))).toBe("away");
    expect([await failure(value.get()), asked]).toEqual(["away", 1]);
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect([await value.get(), await value.get()]).toEqual([2, 2]);
    value.forget();
    expect(await value.get()).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await value.get()).toBe(4);
  });

  it("is not what was asked for before it was to be forgotten", async () => {
    let asked = 0;
    const value = remembered(async () => (asked += 1), { lastsMs: 1000, failureLastsMs: 0 });
    const first = value.get();
    value.forget();
    expect([await value.get(), await first]).toEqual([2, 1]);
  });
});

describe("the provider", () => {
  it("has five kinds, and says so of another", async () => {
    const { provider, about } = visit({ endpoint, token: "t" });
    const request = {
      ...about("x"),
      type: "oscar:index:Bukket",
      inputs: {},
      preview: true,
      timeoutSeconds: undefined,
    };
    expect(await failure((async () => provider.create(request))())).toBe(
      "got the type oscar:index:Bukket; allowed: oscar:index:Service, oscar:index:Bucket, oscar:index:Volume, oscar:index:Quota, oscar:index:AllowedImages",
    );
  });

  it("says so when it is not configured", async () => {
    const provider = complete(oscarProvider());
    const { about } = visit({ endpoint, token: "t" });
    const request = { ...about("x"), inputs: plain, preview: true, timeoutSeconds: undefined };
    expect(await failure((async () => provider.create(request))())).toBe(
      "the provider oscar is not configured yet",
    );
  });

  it("says of a token that is refused what may be wrong with it", async () => {
    const user = { token: "canary-token", uid: "ana@example", name: "Ana", refused: true };
    const { url } = await here({ users: [user] });
    const { up } = visit({ endpoint: url, token: "canary-token" });
    expect(await failure(up("nginx", plain))).toBe(
      `OSCAR at ${url} does not accept the provider's credentials (GET /system/info: 401); the token may have expired, or its user may be in none of OSCAR's groups: give the provider a new one`,
    );
  });
});
