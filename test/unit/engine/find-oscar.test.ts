import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findOscarResource } from "../../../sandbox/engine/find-oscar";
import { FakeManager } from "../../../sandbox/oscar-manager/fake-manager.js";

describe("what an interrupted run has made of OSCAR's", () => {
  const manager = new FakeManager({ password: "secret" });
  let provider: Record<string, unknown>;
  beforeAll(async () => {
    const { url } = await manager.start();
    provider = { endpoint: url, password: "secret" };
    const { state } = manager;
    state.plantRecord({ ...plants });
    state.plantBucket("empty");
    state.plantBucket("full", { "a.txt": 1 });
    state.volumes.set(state.key("disk"), { size: "1Gi", owner: "cluster_admin", mode: "api" });
  });
  afterAll(() => manager.stop());

  const plants = { name: "plants", image: "plants:1", script: "#!/bin/sh\n", memory: "1Gi" };
  const find = (type: string, inputs: object, at = provider) =>
    findOscarResource({ urn: "urn", type, inputs: { ...inputs }, provider: at });

  it.each<[string, string, object, string | undefined]>([
    ["a service as it was asked for", "Service", plants, "plants"],
    ["another service of its name", "Service", { ...plants, image: "other:1" }, undefined],
    ["no service", "Service", { ...plants, name: "none" }, undefined],
    ["a bucket that is empty", "Bucket", { name: "empty" }, "empty"],
    ["a bucket that someone uses", "Bucket", { name: "full" }, undefined],
    ["no bucket", "Bucket", { name: "none" }, undefined],
    ["a volume as it was asked for", "Volume", { name: "disk", size: "1Gi" }, "disk"],
    ["another volume of its name", "Volume", { name: "disk", size: "2Gi" }, undefined],
    ["a quota, which is set twice without harm", "Quota", { user: "anna" }, undefined],
  ])("%s", async (_case, kind, inputs, id) => {
    expect(await find(`oscar:index:${kind}`, inputs)).toBe(id);
  });

  it("is not guessed where the Manager does not let one look", async () => {
    await expect(find("oscar:index:Service", plants, { ...provider, password: "wrong" })).rejects.toThrow(
      /401/,
    );
  });

  it("is not looked for where it is something else's", async () => {
    const asked = manager.calls.length;
    expect(await find("kubernetes:core/v1:Secret", plants)).toBeUndefined();
    expect(manager.calls.length).toBe(asked);
  });
});
