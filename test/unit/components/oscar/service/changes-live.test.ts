import { afterEach, describe, expect, it } from "vitest";
import { changeOf, type Target } from "../../../../../components/oscar/service/changes";
import { ManagerClient } from "../../../../../components/oscar/service/client/manager-client";
import { drift } from "../../../../../components/oscar/service/drift";
import { putBody } from "../../../../../components/oscar/service/put-body";
import { FakeManager } from "../../../../../sandbox/oscar-manager/fake-manager";
import { document, exposed, knative, minio, plain, secrets, type More } from "./changing";

describe("by a Manager", () => {
  const running: FakeManager[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((manager) => manager.stop()));
  });

  /** What becomes of a PUT, whatever was decided: whether it failed, and whether the service is as desired. */
  async function put(
    target: Target,
    before: More,
    after: More,
  ): Promise<[failed: boolean, isDesired: boolean]> {
    const manager = new FakeManager({ backend: target.isKnative ? "knative" : "", minioRestartMs: 0 });
    running.push(manager);
    const { url: endpoint } = await manager.start();
    const { services } = new ManagerClient({
      endpoint,
      credentials: { kind: "basic", username: "oscar", password: "password" },
    });
    expect(await services.create(document(before))).toEqual({ kind: "done" });
    const live = await services.get("lab");
    if (live === undefined) throw new Error("lab is not there");
    const failed = await services
      .update(putBody(document(after), live), () => true)
      .then(
        (outcome) => outcome.kind !== "done",
        () => true,
      );
    const now = await services.get("lab");
    return [failed, now !== undefined && drift(document(after), now).length === 0];
  }

  it.each<[string, Target, More, More]>([
    ["a limit", knative, {}, { cpu: "1" }],
    ["a script", knative, exposed, { ...exposed, script: "new" }],
    ["secrets", knative, secrets({ A: "a" }), secrets({ A: "b", B: "b" })],
    ["a first bucket", knative, {}, { input: minio("in") }],
    ["a bucket dropped", knative, { input: minio("bbb/in") }, {}],
    ["a mount", knative, {}, { mount: { storageProvider: "minio", path: "mmm/x" } }],
    ["who sees it", knative, { input: minio("bbb/in") }, { input: minio("bbb/in"), visibility: "public" }],
    [
      "a new folder for results",
      knative,
      { output: minio("bbb/out") },
      { output: minio("bbb/out", "bbb/more") },
    ],
  ])("an update comes through as is told: %s", async (_, target, before, after) => {
    const change = changeOf(document(before), document(after), target);
    expect(change.kind).toBe("update");
    const mayFail = "mayFailAfterwards" in change;
    expect(await put(target, before, after)).toEqual([mayFail, true]);
  });

  it.each<[string, Target, More, More]>([
    ["a volume", knative, {}, { volume: { size: "1Gi", mountPath: "/d" } }],
    ["expose on", plain, {}, exposed],
    ["expose off", knative, exposed, {}],
    ["a script that gets lost", plain, exposed, { ...exposed, cpu: "1" }],
  ])("an update that is refused would not do: %s", async (_, target, before, after) => {
    expect(changeOf(document(before), document(after), target).kind).toBe("replace");
    expect((await put(target, before, after))[1]).toBe(false);
  });
});
