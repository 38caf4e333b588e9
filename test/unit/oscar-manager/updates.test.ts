import { describe, expect, it } from "vitest";

import { exposed, from, golden, managed, replay, service, to, transcript } from "./playing.js";

const post = "POST /system/services";
const put = "PUT /system/services";
const owner = "cluster_admin";
const labels = (name: string, more: object = {}): object => ({
  applicationId: name,
  "oscar.grycap/user-service": "true",
  oscar_service: name,
  ...more,
  queue: `root.oscar-queue.${name}`,
});
const nobody = (user: string): string =>
  `error setting MinIO policy for user/group ${user}: The specified user does not exist. (Specified user does not exist)`;
const refused =
  "error creating/adding MinIO policy for user/group : Invalid arguments specified. (Invalid arguments specified)";
const untagged = (name: string): string =>
  `{"bucket_name":"${name}","visibility":"","allowed_users":null,"owner":"","metadata":{},` +
  '"storage_quota":{"source":"unset"},"storage_usage":{"used":"0","used_bytes":0},"attribution":"partial"}';
const of = (name: string): string =>
  untagged(name).replace('"metadata":{}', `"metadata":{"from_service":"${name}","owner_name":"oscar"}`);

const transcripts = [
  transcript(
    "buckets of a service, by basic auth",
    {},
    [post, service("bkt", { ...from("bkt/in"), ...to("bkt/out") }), "201"],
    // A second folder: told as a failure, and stored.
    [
      put,
      service("bkt", { owner, ...from("bkt/in", "bkt/in2"), ...to("bkt/out") }),
      `500 T Error creating the service: ${nobody("cluster_admin")}`,
    ],
    [
      "GET /system/services/bkt",
      undefined,
      `200 J ${golden("bkt", { labels: labels("bkt"), ...from("bkt/in", "bkt/in2"), ...to("bkt/out") })}`,
    ],
    [
      put,
      service("bkt", { owner, ...from("bkt/in", "bknew/in"), ...to("bkt/out") }),
      `500 T Error creating the service: ${nobody("cluster_admin")}`,
    ],
    [
      "POST /system/buckets/bknew/presign",
      { object_key: "in/a.txt", operation: "upload" },
      "500 T Error retrieving metadata for bucket 'bknew': error getting tags on bucket bknew: The TagSet does not exist",
    ],
    ["GET /system/buckets", undefined, `200 J [${untagged("bknew")},${of("bkt")}]`],
    // Dropped: told as a failure, stored, and the bucket stays.
    [
      put,
      service("bkt", { owner, ...from("bkt/in"), ...to("bkt/out") }),
      `500 T error setting new policies: ${refused}`,
    ],
    ["GET /system/buckets", undefined, `200 J [${untagged("bknew")},${of("bkt")}]`],
    [
      put,
      service("bkt", { owner, input: [{ storage_provider: "s3.x", path: "q/w" }], ...to("bkt/out") }),
      "400 T unrecognized input (valid inputs are MinIO and dCache)",
    ],
    ["DELETE /system/services/bkt", undefined, "204"],
    ["GET /system/buckets", undefined, `200 J [${untagged("bknew")}]`],
    [post, service("bkt", from("bknew/in")), '500 T the bucket "bknew" already exists'],
  ),
  transcript(
    "outputs, owner and visibility",
    {},
    [post, service("ob", to("obkt/out")), "201"],
    [put, service("ob", to("obkt/out")), "204"],
    [put, service("ob", { owner, ...to("obkt/out", "obkt/out2") }), "204"],
    // Without an owner, and with another bucket: two errors in one text.
    [
      put,
      service("ob", to("obkt3/out")),
      `500 T Error creating the service: ${refused}error setting new policies: ${refused}`,
    ],
    [
      "GET /system/services/ob",
      undefined,
      `200 J ${golden("ob", { labels: labels("ob"), owner: "", ...to("obkt3/out") })}`,
    ],
    [
      put,
      service("ob", { owner, ...to("obkt/out"), visibility: "public" }),
      "500 T Error creating the service: error creating policy: error setting MinIO policy for user/group " +
        "all_users_group: The specified group does not exist. (Specified group does not exist)" +
        `error setting new policies: ${refused}`,
    ],
    ["DELETE /system/services/ob", undefined, "204"],
    ["GET /system/buckets", undefined, `200 J [${untagged("obkt3")}]`],
  ),
  transcript(
    "exposure on and off, on the plain back end",
    {},
    [post, service("put2"), "201"],
    [
      put,
      service("put2", { owner, ...exposed() }),
      '500 T Error updating the service: deployments.apps "put2-dpl" not found',
    ],
    ["GET /system/services/put2", undefined, `200 J ${golden("put2")}`],
    [post, service("put1", exposed()), "201"],
    [put, service("put1", { owner }), "204"],
    [
      "GET /system/services/put1/deployment",
      undefined,
      '200 J {"service_name":"put1","namespace":"oscar-svc","state":"unavailable",…',
    ],
    [put, service("put1", { owner, ...exposed() }), "204"],
  ),
  transcript(
    "scales that Kubernetes refuses",
    { backend: "knative" },
    [post, service("np", exposed()), "201"],
    [
      put,
      service("np", { owner, ...exposed({ min_scale: 0 }) }),
      '500 T Error updating the service: HorizontalPodAutoscaler.autoscaling "np-hpa" is invalid: ' +
        "[spec.minReplicas: Invalid value: 0: must be greater than or equal to 1, spec.metrics: Forbidden: must specify at least one Object or External metric to " +
        "support scaling to zero replicas]",
    ],
    ["GET /system/services/np", undefined, '200 J {"name":"np",…'],
  ),
];

describe("updates, as a real Manager answers", () => {
  it.each(transcripts)("$name", async (recorded) => {
    expect(await replay(recorded)).toEqual(recorded.steps);
  });
});

describe("what an update changes besides", () => {
  const secrets = { environment: { variables: { V0: "0", V1: "1" }, secrets: { S: "v1" } } };

  it("on the plain back end, empties the script of an exposed service, so that its echo is refused", async () => {
    const { raw, say, state } = await managed();
    await say(post, service("put1", { ...exposed(), ...secrets }));
    const before = await raw("GET /system/services/put1");

    expect(await say(put, before.body)).toBe("204");
    const after = await raw("GET /system/services/put1");
    expect(after.body).toBe(before.body.replace('"script":"#!/bin/sh\\necho hello\\n",', ""));
    expect(await say(put, after.body)).toContain("'Script' failed on the 'required' tag");
    // The empty values of the echo are what the Secret now has.
    expect(state.secrets.get("oscar-svc/put1")).toEqual({ S: "" });
  });

  it("keeps the script with Knative, and the token on both", async () => {
    const { raw, say, state } = await managed({ backend: "knative" });
    await say(post, service("kn1", { ...exposed(), ...secrets }));
    const before = await raw("GET /system/services/kn1");
    expect(await say(put, before.body)).toBe("204");

    expect((await raw("GET /system/services/kn1")).body).toBe(before.body);
    // Two variables come in another order each time: the pods are new.
    expect(state.deployment("kn1")?.revision).toBe(2);
  });

  it("keeps the Secret when none are sent, takes owner and labels as they are sent, rolls out what pods are made of", async () => {
    const { say, state } = await managed({ backend: "knative" });
    await say(
      post,
      service("one", { ...exposed(), environment: { variables: { A: "1" }, secrets: { S: "v1" } } }),
    );
    const same = { ...exposed(), environment: { variables: { A: "1" } } };
    await say(put, service("one", same));

    expect(state.secrets.get("oscar-svc/one")).toEqual({ S: "v1" });
    expect(state.service("one")).toMatchObject({
      owner: "",
      labels: labels("one"),
      environment: { secrets: {} },
    });
    expect(state.service("one")?.labels).not.toHaveProperty("owner_name");

    await say(put, service("one", { ...same, script: "another" }));
    expect(state.deployment("one")?.revision).toBe(1);
    await say(put, service("one", { ...same, memory: "3Gi" }));
    expect(state.deployment("one")?.revision).toBe(2);
  });

  it("gives dynamic node ports, and takes the route away for a fixed one", async () => {
    const { say, state } = await managed({ backend: "knative" });
    const key = "oscar-svc/np";
    const ports = (nodePort?: number[]): object =>
      service("np", { owner, ...exposed(nodePort && { nodePort }) });
    const look = () => [state.service("np")?.expose.nodePort, state.services.get(key), state.routes.has(key)];

    await say(post, service("other", exposed({ nodePort: [0] })));
    await say(post, ports([0]));
    expect(look()).toEqual([[30578], [30578], true]);
    await say("DELETE /system/services/other");
    await say(put, ports([0]));
    expect(look()).toEqual([[0], [30578], true]);
    await say(put, ports([30578]));
    expect(look()).toEqual([[30578], [30578], false]);
    await say(put, ports());
    expect(look()).toEqual([[], [], true]);
    // Unequal lists are taken, and cut the service off.
    expect(
      await say(put, service("np", { owner, ...exposed({ api_port: [80, 81], nodePort: [31222] }) })),
    ).toBe("204");
    expect(look()).toEqual([[31222], [], false]);
  });
});
