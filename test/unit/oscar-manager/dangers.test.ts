import { describe, expect, it } from "vitest";

import { exposed, from, managed, service, to } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";
const owner = "cluster_admin";
const s3 = {
  storage_providers: { s3: { aws: { access_key: "a", secret_key: "b", region: "us-east-1" } } },
  output: [{ storage_provider: "s3.aws", path: "precious/x" }],
};

describe("buckets that a service did not make", () => {
  it("are adopted by an update and destroyed by the deletion", async () => {
    const { say, state } = await managed();
    state.plantBucket("precious", { "data.bin": 5 }, { owner: "oscar" });
    await say(post, service("thief"));

    expect(await say(put, service("thief", { owner, ...to("precious/out") }))).toMatch(
      /^500 T Error creating/,
    );
    expect(await say(put, service("thief", { owner, ...to("precious/out") }))).toBe("204");
    expect(await say("DELETE /system/services/thief")).toBe("204");
    expect(state.minio.buckets.has("precious")).toBe(false);
  });

  it("are destroyed when a creation fails on S3, though it never came to MinIO", async () => {
    const { say, state } = await managed();
    state.plantBucket("precious", { "data.bin": 5 });

    expect(await say(post, service("s3svc", s3))).toMatch(
      /^500 T error creating bucket precious: RequestError/,
    );
    expect(await say("GET /system/services/s3svc")).toBe("404");
    expect(state.minio.buckets.has("precious")).toBe(false);
  });

  it("are destroyed with a service whose S3 output has their name", async () => {
    const { say, state } = await managed();
    await say(post, service("d3"));
    state.plantBucket("precious", { "data.bin": 5 });
    state.edit("d3", (stored) => {
      stored.storage_providers = { ...stored.storage_providers, ...s3.storage_providers };
      stored.output = s3.output.map((output) => ({ ...output, suffix: [], prefix: [], options: "" }));
    });

    expect(await say("DELETE /system/services/d3")).toBe("204");
    expect(state.minio.buckets.has("precious")).toBe(false);
  });

  it("stay when they are only mounted, or when the creation found them there", async () => {
    const { say, state } = await managed();
    state.plantBucket("mntb", {});
    await say(post, service("mnt", { mount: { storage_provider: "minio.default", path: "mntb/x" } }));
    expect(await say("DELETE /system/services/mnt")).toBe("204");
    expect(await say(post, service("one", from("mntb/in")))).toMatch(
      /^500 T the bucket "mntb" already exists/,
    );
    expect(state.minio.buckets.has("mntb")).toBe(true);
  });
});

describe("what is left behind", () => {
  it("two input folders of one bucket fail, and so does the corrected try", async () => {
    const { say } = await managed();
    expect(await say(post, service("two", from("twob/in1", "twob/in2")))).toBe(
      '500 T the bucket "twob" already exists',
    );
    expect(await say(post, service("two", from("twob/in1")))).toBe('500 T the bucket "twob" already exists');
  });

  it("an output bucket, when the input bucket is gone already", async () => {
    const { say, state } = await managed();
    await say(post, service("pd", { ...from("pda/in"), ...to("pdb/out") }));
    await say("DELETE /system/buckets/pda");

    expect(await say("DELETE /system/services/pd")).toBe("204");
    expect([...state.minio.buckets.keys()]).toEqual(["pdb"]);
  });

  it("the Secret of a creation that Kubernetes refused early, not of one refused late", async () => {
    const { say } = await managed();
    const secrets = { environment: { secrets: { S: "x" } } };
    expect(await say(post, service("fs", { memory: "2Gx", ...secrets }))).toMatch(/^500/);
    expect(await say(post, service("fs", secrets))).toBe("409 T A secret with the given name already exists");
    expect(await say(post, service("fs2", { ...secrets, expose: { api_port: [80] } }))).toMatch(/^500/);
    expect(await say(post, service("fs2", secrets))).toBe("201");
  });

  it("a PodTemplate, when only the ConfigMap of a service that cannot be read is removed", async () => {
    const { say, state } = await managed();
    await say(post, service("hz", { environment: { variables: { A: "-" } } }));
    state.configMaps.delete("oscar-svc/hz");

    expect(await say("GET /system/services/hz")).toBe("404");
    expect(await say(post, service("hz"))).toBe("409 T A service with the provided name already exists");
    expect(await say("DELETE /system/services/hz")).toBe("404");
    state.podTemplates.delete("oscar-svc/hz");
    expect(await say(post, service("hz"))).toBe("201");
  });
});

describe("MinIO's restarts", () => {
  it("hold every creation and deletion, and refuse a second creation meanwhile", async () => {
    const { say, state } = await managed({ minioRestartMs: 150 });
    const [first, second] = await Promise.all([say(post, service("one")), say(post, service("two"))]);

    expect([first, second].sort()).toEqual([
      "201",
      '500 T error registering the service\'s webhook: Put "http://minio.minio:9000/minio/admin/v3/set-config-kv": ' +
        "dial tcp 127.0.0.1:9000: connect: connection refused",
    ]);
    expect(state.configMaps.size).toBe(1);
    expect(state.minio.restarts).toBe(1);
  });

  it("let a deletion meanwhile end well, and its bucket stay", async () => {
    const { say, state } = await managed({ minioRestartMs: 150 });
    await say(post, service("one", from("oneb/in")));
    const created = say(post, service("two"));
    await expect.poll(() => state.minio.isRestarting, { interval: 1 }).toBe(true);

    expect(await say("DELETE /system/services/one")).toBe("204");
    expect(await created).toBe("201");
    expect([...state.minio.buckets.keys()]).toEqual(["oneb"]);
    expect([...state.minio.webhooks.keys()].sort()).toEqual(["one", "two"]);
  });

  it("and an outage: a deletion fails, and the service is gone all the same", async () => {
    const { say, state } = await managed();
    await say(post, service("md", from("mdb/in")));
    state.minio.reachable = false;

    expect(await say("GET /system/buckets")).toBe(
      '500 J {}Error getting MinIO data usage: error getting MinIO data usage info: Get "http://minio.minio:9000/minio/' +
        'admin/v3/datausageinfo": dial tcp 127.0.0.1:9000: connect: connection refused',
    );
    expect(await say(put, service("md", { owner, memory: "1Gi", ...from("mdb/in") }))).toBe("204");
    expect(await say("DELETE /system/services/md")).toBe(
      "500 T Error deleting service buckets: %!(EXTRA *errors.errorString=error while removing MinIO bucket error " +
        'deleting bucket mdb, unable to delete objects from bucket "mdb", BatchedDeleteIncomplete: some objects have ' +
        'failed to be deleted.\ncaused by: failed to perform batch operation on "" to "":\nRequestError: send request ' +
        'failed\ncaused by: Get "http://minio.minio:9000/mdb": dial tcp 127.0.0.1:9000: connect: connection refused)',
    );
    expect(await say("GET /system/services/md")).toBe("404");
    expect([...state.minio.buckets.keys()]).toEqual(["mdb"]);
  });
});

describe("what someone else does in the cluster", () => {
  it("a Deployment removed by hand is told, and cannot be updated", async () => {
    const { say, state } = await managed();
    await say(post, service("put1", exposed()));
    state.removeDeployment("put1");

    expect(await say("GET /system/services/put1/deployment")).toBe(
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"unavailable","reason":"Current deployment ' +
        'resources are unavailable.","active_instances":0,"affected_instances":0,"resource_kind":"unavailable"}',
    );
    expect(await say(put, service("put1", exposed()))).toBe(
      '500 T Error updating the service: deployments.apps "put1-dpl" not found',
    );
  });

  it("a service of the same name elsewhere makes both unreachable by name", async () => {
    const { say, state } = await managed({ backend: "knative" });
    await say(post, service("dup"));
    state.plantRecord({ name: "dup" }, "default");

    const found = '500 T service "dup" found in multiple namespaces';
    expect(await say("GET /system/services/dup")).toBe(found);
    expect(await say("DELETE /system/services/dup")).toBe(found);
    expect(await say("DELETE /system/services/dup?namespace=nope")).toBe(
      '500 T the service "dup" does not have a registered ConfigMap',
    );
    expect(await say("DELETE /system/services/dup?namespace=oscar-svc")).toBe("204");
    expect(await say("GET /system/services/dup")).toMatch(/^200/);
  });

  it("a roll-out that never ends is ready all the same, with a pod affected", async () => {
    const { say, state } = await managed({ backend: "knative", rolloutMs: 60_000 });
    await say(post, service("gpu", exposed()));
    expect(await say("GET /system/services/gpu/deployment")).toContain(
      '"state":"pending","reason":"MinimumReplicasUnavailable: Deployment does not have minimum availability."',
    );
    const deployment = state.deployment("gpu");
    if (deployment !== undefined) deployment.changedAt = 0;
    await say(put, service("gpu", { ...exposed(), memory: "4Gi" }));
    expect(await say("GET /system/services/gpu/deployment")).toBe(
      '200 J {"service_name":"gpu","namespace":"oscar-svc","state":"ready","reason":"ReplicaSetUpdated: ReplicaSet ' +
        '\\"gpu-dpl-<set>\\" is progressing.","last_transition_time":"<time>","active_instances":2,' +
        '"affected_instances":1,"resource_kind":"exposed_service"}',
    );
  });
});
