import { describe, expect, it } from "vitest";
import {
  featuresOf,
  firstWith,
  parseVersion,
  sniffFeatures,
  type Feature,
  type Version,
} from "../../../../../../components/oscar/service/version";
import { clientOf, serve, thrownBy, type Reply } from "./server";

it.each<[string, Version | undefined]>([
  ["4.1.2", [4, 1, 2]],
  ["v4.10.0", [4, 10, 0]],
  ["4.2.0-rc1", [4, 2, 0]],
  ["4.1", [4, 1, 0]],
  ["devel", undefined],
  ["latest", undefined],
  ["4", undefined],
  ["", undefined],
])("%j is %j", (text, version) => expect(parseVersion(text)).toEqual(version));

describe("what came when", () => {
  it.each<[Feature, Version, Version, string]>([
    ["healthPath", [3, 6, 4], [3, 6, 5], "3.6.5"],
    ["deployment", [3, 7, 1], [4, 0, 0], "4.0"],
    ["updateKeepsToken", [3, 7, 1], [4, 0, 0], "4.0"],
    ["portsAsLists", [4, 0, 9], [4, 1, 0], "4.1"],
    ["restart", [4, 0, 0], [5, 0, 0], "4.1"],
    ["secretsApi", [4, 1, 2], [4, 2, 0], "4.2"],
    ["kserveApiVersionUnderInference", [4, 1, 2], [4, 10, 0], "4.2"],
  ])("%s", (feature, before, after, said) => {
    expect(featuresOf(before)[feature]).toBe(false);
    expect(featuresOf(after)[feature]).toBe(true);
    expect(firstWith(feature)).toBe(said);
  });

  it("older ones are refused", () =>
    expect(() => featuresOf([3, 3, 3])).toThrow("OSCAR's Manager: got version 3.3.3; allowed: 3.4 or later"));
});

describe("finding the version out", () => {
  const devel: Reply = { status: 200, body: { version: "devel" } };
  const unknown: Reply = { status: 404, body: "404 page not found" };
  const noService: Reply = { status: 404 };

  it("by its number, in one request", async () => {
    const server = await serve({ status: 200, body: { version: "4.1.2" } });
    expect(await sniffFeatures(clientOf(server.url))).toMatchObject({ version: "4.1.2", portsAsLists: true });
    expect(server.lines()).toEqual(["GET /system/info"]);
  });

  it("by what the user says, in none", async () => {
    const server = await serve();
    expect(await sniffFeatures(clientOf(server.url), "4.0")).toMatchObject({
      version: "4.0.0",
      portsAsLists: false,
    });
    await expect(sniffFeatures(clientOf(server.url), "newest")).rejects.toThrow(
      'apiVersion: got "newest"; allowed: OSCAR\'s version, such as 4.1',
    );
    expect(server.calls).toEqual([]);
  });

  const probe = "GET /system/services/version-probe";
  const routes = [
    `${probe}/secrets?key=version-probe`,
    `${probe}/auth`,
    `${probe}/deployment`,
    "GET /system/quotas/user",
  ];
  it.each<[string, number, Reply]>([
    ["4.2.0", 0, noService],
    ["4.1.0", 1, noService],
    ["4.0.0", 2, { status: 403, body: "You do not have permission to access this service" }],
    ["3.7.0", 3, { status: 401, body: "missing user identificator: missing user identificator" }],
  ])("by its routes, when it says devel: %s", async (version, before, reply) => {
    const server = await serve(devel, unknown, ...Array.from({ length: before }, () => unknown), reply);
    expect((await sniffFeatures(clientOf(server.url))).version).toBe(version);
    expect(server.lines()).toEqual([
      "GET /system/info",
      `${probe}/no-such-route`,
      ...routes.slice(0, before + 1),
    ]);
  });

  it("not at all, behind a proxy with pages of its own, or when it is old", async () => {
    const proxy = await serve(devel, { status: 404, body: "<html>" });
    expect((await thrownBy(sniffFeatures(clientOf(proxy.url)))).message).toBe(
      "OSCAR's Manager does not tell its version; give apiVersion; allowed: OSCAR's version, such as 4.1",
    );
    const old = await serve(devel, ...Array.from({ length: 5 }, () => unknown));
    expect((await thrownBy(sniffFeatures(clientOf(old.url)))).message).toBe(
      "OSCAR's Manager tells no version, and is older than 3.7 or unknown; give apiVersion; allowed: OSCAR's version, such as 4.1",
    );
  });
});
