import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { SecretValue } from "../../infra/secrets";
import { programFor } from "../../sandbox/offline-program";
import { OscarLab, told } from "../support/oscar-lab";
import { changed, editedEnvironment } from "../support/sandbox";

/** The stack oscar-services from its first preview to its end, on files as oscar-cli takes them. */
describe("services from FDL files", () => {
  let lab: OscarLab;
  beforeAll(async () => {
    lab = await OscarLab.start();
  });
  afterAll(() => lab?.stop());

  const script = "#!/bin/sh\nexec server\n";
  const pose = (more: object = { expose: { api_port: 5000 } }) => ({
    ...{ name: "pose", image: "ghcr.io/acme/pose:1.0.0", memory: "1Gi" },
    input: [{ storage_provider: "minio.default", path: "pose-in/input" }],
    output: [{ storage_provider: "minio.default", path: "pose-out/output" }],
    environment: { Variables: { LEVEL: "1" } },
    ...more,
  });
  const nginx = { name: "nginx", image: "nginx", expose: { api_port: 80 } };

  /** What the two files say, and the document beside them. */
  function stack(services: readonly object[] = [pose(), nginx], edits: object = {}, text = script) {
    const folder = lab.dir;
    writeFileSync(join(folder, "script.sh"), text);
    const oscar = services.map((each) => ({ lab: { ...each, script: "script.sh" } }));
    const file = join(folder, "services.yaml");
    writeFileSync(file, stringify({ functions: { oscar } }));
    const document = editedEnvironment("oscar-services", {
      "oscarServices.cluster": {
        kind: "existing",
        endpoint: lab.endpoint,
        password: new SecretValue(lab.password),
      },
      "oscarServices.fdl": [file],
      "oscarServices.images": { nginx: "nginx:1.28.0" },
      ...edits,
    });
    return lab.stack(
      "services",
      programFor(() => document, { assume: async () => undefined }),
    );
  }

  const up = async (...args: Parameters<typeof stack>) => {
    const { result, messages, error } = await told(async (options) => (await stack(...args)).up(options));
    expect(error).toBe("");
    return { changes: changed(result?.changes ?? {}), messages: messages.join("\n") };
  };
  const buckets = () => [...lab.manager.state.minio.buckets.keys()].sort();
  const photo = "input/photo.jpg";
  const holdsPhoto = () => lab.manager.state.minio.buckets.get("pose-in")?.objects.has(photo);
  const fill = (bucket: string) =>
    lab.manager.state.minio.buckets.get(bucket)?.objects.set(photo, { size: 1234, modified: new Date() });

  it("previews, says which buckets it would make, and changes nothing", async () => {
    const { result, messages } = await told(async (options) => (await stack()).preview(options));
    expect(result?.code).toBe(0);
    expect(result?.digest.changeSummary).toEqual({ create: 4 });
    expect(messages).toEqual(expect.arrayContaining(['makes bucket "pose-in"', 'makes bucket "pose-out"']));
    expect(lab.manager.changes).toEqual([]);
  });

  it("makes them, and tells how each is used", async () => {
    const { outputs } = await (await stack()).up();
    expect(lab.manager.changes).toEqual(["POST /system/services", "POST /system/services"]);
    expect(lab.there).toEqual(["nginx", "pose"]);
    expect(buckets()).toEqual(["pose-in", "pose-out"]);
    expect(outputs["services"]?.value).toEqual({
      nginx: `${lab.endpoint}/system/services/nginx/exposed/`,
      pose: `${lab.endpoint}/system/services/pose/exposed/`,
    });
    expect(outputs["serviceTokens"]?.secret).toBe(true);
  });

  it("asks the Manager nothing where nothing changed", async () => {
    const asked = await lab.asked(async () => expect((await up()).changes).toEqual({}));
    expect(asked).toEqual([]);
  });

  it("finds nothing drifted, by one list for all", async () => {
    const asked = await lab.asked(async () => (await stack()).refresh({ expectNoChanges: true }));
    expect(asked).toEqual(["GET /system/services"]);
  });

  it("changes image and environment in place", async () => {
    const changedPose = pose({ expose: { api_port: 5000 }, environment: { Variables: { LEVEL: "2" } } });
    const asked = await lab.asked(async () => {
      const { changes } = await up([changedPose, nginx], {
        "oscarServices.images": { nginx: "nginx:1.29.1" },
      });
      expect(changes).toEqual({ update: 2 });
    });
    expect(asked.filter((each) => !each.startsWith("GET "))).toEqual([
      "PUT /system/services",
      "PUT /system/services",
    ]);
    expect(lab.manager.state.service("nginx")?.image).toBe("nginx:1.29.1");
    expect(lab.manager.state.service("pose")?.environment.variables).toMatchObject({ LEVEL: "2" });
    expect((await up()).changes).toEqual({ update: 2 });
  });

  it("restarts the pods for a new script, which no roll-out would bring them", async () => {
    const revision = () => lab.manager.state.deployment("nginx")?.revision ?? 0;
    const before = revision();
    const asked = await lab.asked(async () => {
      const { changes, messages } = await up(undefined, {}, `${script}# new\n`);
      expect(changes).toEqual({ update: 2 });
      expect(messages).toContain("its pods are restarted");
    });
    expect(asked).toContain("POST /system/services/nginx/restart");
    expect(revision()).toBeGreaterThan(before);
    await up();
  });

  it("is not destroyed while a bucket holds anything, which it names", async () => {
    fill("pose-in");
    const { error, messages } = await told(async (options) => (await stack()).destroy(options));
    expect(error).not.toBe("");
    expect(messages.join("\n")).toContain(
      'service "pose": its bucket "pose-in" holds 1 object, and OSCAR would delete it',
    );
    expect(lab.there).toContain("pose");
    expect(holdsPhoto()).toBe(true);
    await up();
  });

  it("is not replaced while a bucket holds anything; the preview says so", async () => {
    const withoutExpose = [pose({}), nginx];
    const preview = await told(async (options) => (await stack(withoutExpose)).preview(options));
    expect(preview.result?.code).not.toBe(0);
    expect(preview.heard).toContain("pose-in");
    const asked = await lab.asked(async () => {
      const { error } = await told(async (options) => (await stack(withoutExpose)).up(options));
      expect(error).toContain("has to be deployed first");
    });
    expect(asked.filter((each) => !each.startsWith("GET "))).toEqual([]);
    expect(holdsPhoto()).toBe(true);
  });

  it("is replaced once the bucket is empty; the preview says what goes", async () => {
    lab.manager.state.minio.buckets.get("pose-in")?.objects.delete(photo);
    const withoutExpose = [pose({}), nginx];
    const preview = await told(async (options) => (await stack(withoutExpose)).preview(options));
    expect(preview.result?.code).toBe(0);
    expect(JSON.stringify(preview.result?.digest.diagnostics)).toContain("its replacement deletes bucket");
    expect((await up(withoutExpose)).changes).toEqual({ replace: 1 });
    expect(lab.manager.state.service("pose")?.expose.api_port).toEqual([]);
    expect((await up(withoutExpose)).changes).toEqual({});
  });

  it("goes with its data once that was allowed by an earlier up, and leaves nothing", async () => {
    fill("pose-out");
    const allowed = () => stack([pose({}), nginx], { "oscarServices.allowBucketDeletion": true });
    expect(changed((await (await allowed()).up()).changes)).toEqual({ update: 2 });
    await (await allowed()).destroy();
    const { configMaps, deployments, secrets, minio } = lab.manager.state;
    expect([...configMaps.keys(), ...deployments.keys(), ...secrets.keys()]).toEqual([]);
    expect([...minio.buckets.keys(), ...minio.webhooks.keys()]).toEqual([]);
  });
});
