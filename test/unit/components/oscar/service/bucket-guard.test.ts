import { describe, expect, it } from "vitest";
import {
  bucketGuards,
  ChangeRefused,
  foresee,
  leftovers,
  leftoverWarning,
} from "../../../../../components/oscar/service/bucket-guard";
import type { WireService, WireStorage } from "../../../../../components/oscar/service/wire";
import type { FakeManagerOptions } from "../../../../../sandbox/oscar-manager/fake-manager.js";
import { managed } from "../../../oscar-manager/playing.js";
import { clientOf, serve, thrownBy } from "./client/server";

const place = (path: string, storage_provider = "minio.default"): WireStorage => ({ storage_provider, path });
const service = (name: string, more: Partial<WireService> = {}): WireService => ({
  name,
  image: "nginx:1.27",
  script: "#!/bin/sh\n",
  ...more,
});
const aws = { s3: { aws: { access_key: "a", secret_key: "b", region: "us-east-1" } } };
const toAws = (path: string): Partial<WireService> => ({
  storage_providers: aws,
  output: [place(path, "s3.aws")],
});

async function cluster(options: FakeManagerOptions = {}) {
  const { manager, state, url } = await managed(options);
  const client = clientOf(url, {
    credentials: { kind: "basic", username: "oscar", password: "password" },
  });
  return { manager, state, url, client, guards: bucketGuards(client, { pollMs: 5, volumeWaitMs: 500 }) };
}

const user = { token: "token-of-ana", uid: "ana0000000000000000@example", name: "Ana" };

/** Those of every generation and back end that the buckets' fate could depend on. */
const managers: FakeManagerOptions[] = [
  { generation: "3.7" },
  { generation: "4.0", backend: "knative" },
  { generation: "4.1" },
  { generation: "4.1", backend: "knative" },
  { generation: "4.2" },
];

describe.each(managers)("with %o", (options) => {
  it("a deletion is refused while the service's buckets hold objects, and nothing is sent", async () => {
    const { client, guards, state, manager } = await cluster(options);
    await client.services.create(service("one", { input: [place("one/in")], output: [place("outs/out")] }));
    state.minio.buckets.get("one")?.objects.set("in/a.png", { size: 5, modified: new Date() });
    const before = manager.changes;

    const error = await thrownBy(client.services.delete("one", guards.delete("one")));
    expect(error).toBeInstanceOf(ChangeRefused);
    expect(error.message).toBe(
      'service "one": its bucket "one" holds 1 object, and OSCAR would delete it; allowed: an empty bucket, or allowBucketDeletion: true, which has to be deployed first',
    );
    expect(manager.changes).toEqual(before);
    expect([...state.minio.buckets.keys()].sort()).toEqual(["one", "outs"]);
  });

  it("a deletion of empty buckets is not, nor one that is allowed", async () => {
    const { client, guards, state } = await cluster(options);
    await client.services.create(service("one", { input: [place("one/in")] }));
    expect(await client.services.delete("one", guards.delete("one"))).toEqual({ kind: "done" });
    expect(state.minio.buckets.size).toBe(0);

    await client.services.create(service("two", { input: [place("two/in")] }));
    state.minio.buckets.get("two")?.objects.set("in/a.png", { size: 5, modified: new Date() });
    const allowing = bucketGuards(client, { allowBucketDeletion: true });
    expect(await client.services.delete("two", allowing.delete("two"))).toEqual({ kind: "done" });
    expect(state.minio.buckets.size).toBe(0);
  });

  it("D-a: an update does not take a bucket over", async () => {
    const { client, guards, state } = await cluster(options);
    state.plantBucket("precious", { "data.bin": 5 }, { owner: "oscar" });
    await client.services.create(service("thief"));
    const update = service("thief", { owner: "cluster_admin", output: [place("precious/out")] });

    const error = await thrownBy(client.services.update(update, () => true, guards.update(update)));
    expect(error.message).toBe(
      'service "thief": there is a bucket "precious" already, which holds 1 object; allowed: a bucket that is not there, since OSCAR makes it, and deletes it with the service (one left over from an earlier try has to be deleted first; one of others can be mounted)',
    );
    expect(state.service("thief")?.output).toEqual([]);
  });

  it("D-b: a creation that writes elsewhere does not cost the cluster's bucket of that name", async () => {
    const { client, guards, state } = await cluster(options);
    state.plantBucket("precious", { "data.bin": 5 });
    const created = service("s3svc", toAws("precious/x"));

    const error = await thrownBy(client.services.create(created, guards.create(created)));
    expect(error.message).toMatch(
      /^service "s3svc": it uses a bucket "precious" outside the cluster, and the cluster's own MinIO has one of the same name, which holds 1 object, and which OSCAR would delete in its stead; allowed: /,
    );
    expect(state.minio.buckets.has("precious")).toBe(true);
    expect(state.service("s3svc")).toBeUndefined();
  });

  it("D-c: nor does a deletion, whatever is allowed", async () => {
    const { client, state } = await cluster(options);
    await client.services.create(service("d3"));
    state.plantBucket("precious");
    state.edit("d3", (stored) => {
      stored.storage_providers = { ...stored.storage_providers, ...aws };
      stored.output = [{ ...place("precious/x", "s3.aws"), suffix: [], prefix: [], options: "" }];
    });

    const guards = bucketGuards(client, { allowBucketDeletion: true });
    const error = await thrownBy(client.services.delete("d3", guards.delete("d3")));
    expect(error.message).toMatch(/^service "d3": it uses a bucket "precious" outside the cluster/);
    expect(state.minio.buckets.has("precious")).toBe(true);
  });
});

describe("a creation", () => {
  it("is refused for a bucket that is there", async () => {
    const { client, guards, state } = await cluster();
    state.plantBucket("precious", { "data.bin": 5 });
    const created = service("mixed", {
      storage_providers: aws,
      output: [place("elsewhere/x", "s3.aws"), place("precious/out")],
    });
    expect((await thrownBy(client.services.create(created, guards.create(created)))).message).toMatch(
      /^service "mixed": there is a bucket "precious" already/,
    );
    expect(state.configMaps.size).toBe(0);
  });

  it("all faults at once", async () => {
    const { guards, state } = await cluster();
    for (const bucket of ["one", "two"]) state.plantBucket(bucket, {});
    const created = service("many", { input: [place("one/in")], output: [place("two/out")] });
    const error = await thrownBy(guards.create(created)());
    expect(error).toMatchObject({ faults: [expect.anything(), expect.anything()] });
    expect(error.message.split("\n")).toHaveLength(2);
  });

  it("makes, mounts and reads what it may", async () => {
    const { client, guards, state } = await cluster();
    state.plantBucket("shared", { "model.bin": 5 });
    const created = service("fine", {
      input: [place("fine/in")],
      output: [place("fine/out")],
      mount: place("shared"),
    });
    expect(await client.services.create(created, guards.create(created))).toEqual({ kind: "done" });
    expect(await client.services.delete("fine", guards.delete("fine"))).toEqual({ kind: "done" });
    expect([...state.minio.buckets.keys()]).toEqual(["shared"]);
  });

  it.each(["", "knative"] as const)(
    "is refused for a volume that is there (back end %j)",
    async (backend) => {
      const { client, guards, state } = await cluster({ backend });
      await client.volumes.create({ name: "v1", size: "1Gi" });
      const created = service("vs", { volume: { name: "v1", size: "1Gi", mount_path: "/data" } });
      expect((await thrownBy(client.services.create(created, guards.create(created)))).message).toBe(
        'service "vs": volume: there is a volume "v1" already, which OSCAR would delete when it fails on it; allowed: a name that is not taken, or volume.name without volume.size, which uses the volume that is there',
      );
      expect(state.volumes.size).toBe(1);

      const using = service("vs", { volume: { name: "v1", mount_path: "/data" } });
      expect(await client.services.create(using, guards.create(using))).toEqual({ kind: "done" });
    },
  );

  it("waits for a volume that is going", async () => {
    const { client, guards } = await cluster({ volumeDeleteMs: 60 });
    await client.volumes.create({ name: "vs", size: "1Gi" });
    await client.volumes.delete("vs");
    const created = service("vs", { volume: { size: "1Gi", mount_path: "/data" } });
    expect(await client.services.create(created, guards.create(created))).toEqual({ kind: "done" });
  });
});

describe("an update", () => {
  it("makes buckets, and keeps those it has", async () => {
    const { client, guards, state } = await cluster();
    await client.services.create(service("upd", { input: [place("upd/in")] }));
    state.minio.buckets.get("upd")?.objects.set("in/a", { size: 1, modified: new Date() });
    const update = service("upd", { input: [place("upd/in")], output: [place("results/out")] });
    await client.services.update(update, () => true, guards.update(update));
    expect([...state.minio.buckets.keys()].sort()).toEqual(["results", "upd"]);
  });

  it("does not add a bucket elsewhere whose name the cluster has, but goes on with one it had", async () => {
    const { client, guards, state } = await cluster();
    state.plantBucket("precious", { "data.bin": 5 });
    await client.services.create(service("up"));
    const update = service("up", toAws("precious/x"));
    expect((await thrownBy(guards.update(update)())).message).toMatch(/outside the cluster/);
    state.edit("up", (stored) => {
      stored.output = [{ ...place("precious/x", "s3.aws"), suffix: [], prefix: [], options: "" }];
    });
    await guards.update(update)();
  });

  it("does not delete the buckets of users that are struck off", async () => {
    const { client, guards, state } = await cluster();
    state.plantBucket("iso-ana0000000", { "in/a": 1 });
    await client.services.create(service("iso"));
    const isolated = {
      isolation_level: "USER",
      allowed_users: [user.uid],
      bucket_list: ["iso-ana0000000"],
    };
    state.edit("iso", (stored) => void Object.assign(stored, isolated));

    expect((await thrownBy(guards.update(service("iso"))())).message).toMatch(
      /^service "iso": its bucket "iso-ana0000000" holds 1 object, and OSCAR would delete it/,
    );
    expect((await thrownBy(guards.delete("iso")())).message).toMatch(/"iso-ana0000000" holds 1 object/);
  });
});

describe("what a bucket holds", () => {
  it("is counted over pages, up to a hundred and what the page has more", async () => {
    const { client, state } = await cluster();
    await client.services.create(service("big", { input: [place("big/in")] }));
    for (let index = 0; index < 71; index += 1) {
      state.minio.buckets.get("big")?.objects.set(`a${index}/`, { size: 0, modified: new Date() });
    }
    expect((await foresee(client, { kind: "delete", name: "big" })).lines).toEqual([
      'deletes bucket "big", which is empty',
    ]);
    for (let index = 0; index < 300; index += 1) {
      state.minio.buckets.get("big")?.objects.set(`b${index}`, { size: 1, modified: new Date() });
    }
    expect((await foresee(client, { kind: "delete", name: "big" })).lines).toEqual([
      'deletes bucket "big", which holds at least 139 objects',
    ]);
  });

  it("must be known, unless it may go", async () => {
    const { client, guards, state } = await cluster();
    await client.services.create(service("dark", { input: [place("dark/in")] }));
    state.minio.reachable = false;
    expect((await thrownBy(guards.delete("dark")())).message).toMatch(/connection refused/);
    await bucketGuards(client, { allowBucketDeletion: true }).delete("dark")();
    const change = { kind: "delete", name: "dark" } as const;
    expect((await foresee(client, change, { allowBucketDeletion: true })).lines).toEqual([
      'deletes bucket "dark"; what it holds cannot be told',
    ]);
  });

  it("a Manager without the route does not pass for one without the bucket", async () => {
    const unknown = { status: 404, body: "404 page not found" };
    const server = await serve(unknown, unknown);
    const guards = bucketGuards(clientOf(server.url));
    expect((await thrownBy(guards.create(service("old", { input: [place("old/in")] }))())).message).toBe(
      'bucket "old": this OSCAR does not tell whether it is there, nor what it holds; allowed: OSCAR 3.6.5 or later',
    );
  });

  it("someone else's is told from a missing one by the owner of a token", async () => {
    const { url, state } = await cluster({ users: [user] });
    const client = clientOf(url, { credentials: { kind: "bearer", token: () => user.token } });
    state.plantBucket("theirs", { "data.bin": 5 }, { owner: "someone" });
    const guards = bucketGuards(client);
    await guards.create(service("mine", { input: [place("mine/in")] }))();
    expect((await thrownBy(guards.create(service("mine", toAws("theirs/x")))())).message).toMatch(
      /has one of the same name, which holds what these credentials may not see/,
    );

    const mine = service("mine", { input: [place("mine/in")], vo: "vo.test" });
    expect(await client.services.create(mine, guards.create(mine))).toEqual({ kind: "done" });
    const update = { ...mine, output: [place("theirs/out")] };
    expect(
      (await thrownBy(client.services.update(update, () => true, guards.update(update)))).message,
    ).toMatch(
      /^service "mine": there is a bucket "theirs" already, which holds what these credentials may not see;/,
    );
    state.minio.buckets.get("mine")?.objects.set("in/a", { size: 1, modified: new Date() });
    expect((await thrownBy(client.services.delete("mine", guards.delete("mine")))).message).toMatch(
      /^service "mine": its bucket "mine" holds 1 object/,
    );
    state.minio.buckets.get("mine")?.objects.delete("in/a");
    expect(await client.services.delete("mine", guards.delete("mine"))).toEqual({ kind: "done" });
    expect([...state.minio.buckets.keys()]).toEqual(["theirs"]);
  });
});

describe("what others have", () => {
  it("a volume that another service mounts does not go with the one that made it", async () => {
    const { client, guards } = await cluster();
    await client.services.create(service("maker", { volume: { size: "1Gi", mount_path: "/data" } }));
    await client.services.create(service("reader", { volume: { name: "maker", mount_path: "/data" } }));
    expect((await thrownBy(guards.delete("maker")())).message).toBe(
      'service "maker": its volume "maker" would go with it, and is mounted by "reader"; allowed: a volume that no other service mounts',
    );
    await client.services.delete("reader", guards.delete("reader"));
    await guards.delete("maker")();
  });

  it("a bucket of a new user's name is not taken over, neither by a creation nor by an update", async () => {
    const { client, guards, state } = await cluster();
    state.plantBucket("iso-bob0000000", { "data.bin": 5 });
    const input = [place("iso/in")];
    const shared = service("iso", { input, isolation_level: "USER", allowed_users: ["bob0000000@example"] });
    const there = /^service "iso": there is a bucket "iso-bob0000000" already, which holds 1 object; /;
    expect((await thrownBy(guards.create(shared)())).message).toMatch(there);
    await client.services.create(service("iso", { input }));
    expect((await thrownBy(guards.update(shared)())).message).toMatch(there);
    state.edit("iso", (stored) => (stored.bucket_list = ["iso-bob0000000"]));
    await guards.update(shared)();
  });
});

describe("a preview", () => {
  it("tells what goes, stays and comes", async () => {
    const { client, state } = await cluster();
    state.plantBucket("shared", { "model.bin": 5 });
    await client.services.create(
      service("old", {
        input: [place("old/in")],
        volume: { size: "1Gi", mount_path: "/data" },
      }),
    );
    state.edit("old", (stored) => {
      stored.output = [{ ...place("shared/out"), suffix: [], prefix: [], options: "" }];
      stored.mount = { ...place("shared"), suffix: [], prefix: [], options: "" };
    });
    expect(await foresee(client, { kind: "delete", name: "old" })).toEqual({
      faults: [],
      lines: [
        'deletes bucket "old", which is empty',
        'keeps bucket "shared", since it is mounted, too',
        'deletes volume "old"',
      ],
    });
    const moved = service("old", { input: [place("new/in")] });
    expect(await foresee(client, { kind: "update", service: moved })).toEqual({
      faults: [],
      lines: [
        'makes bucket "new"',
        'leaves bucket "old" behind, with what is in it',
        'leaves bucket "shared" behind, with what is in it',
      ],
    });
  });

  it("a replacement may take the names again that it sets free", async () => {
    const { client, state } = await cluster();
    const old = service("rep", {
      input: [place("rep/in")],
      volume: { size: "1Gi", mount_path: "/data" },
    });
    await client.services.create(old);
    const change = { kind: "replace", name: "rep", service: old } as const;
    expect(await foresee(client, change)).toEqual({
      faults: [
        'service "rep": its replacement would delete volume "rep" with all that is on it; allowed: allowBucketDeletion: true, which has to be deployed first and covers the volume of a service that is replaced',
      ],
      lines: ['deletes bucket "rep", which is empty', 'deletes volume "rep"', 'makes bucket "rep"'],
    });
    state.minio.buckets.get("rep")?.objects.set("in/a", { size: 1, modified: new Date() });
    expect((await foresee(client, change)).faults).toHaveLength(2);
    expect((await foresee(client, change, { allowBucketDeletion: true })).faults).toEqual([]);
  });

  it("says nothing of a service that is not there", async () => {
    const { client } = await cluster();
    expect(await foresee(client, { kind: "delete", name: "gone" })).toEqual({ faults: [], lines: [] });
    expect(await foresee(client, { kind: "update", service: service("gone") })).toEqual({
      faults: [],
      lines: [],
    });
  });
});

describe("what is left after a deletion", () => {
  it("is found: the output's bucket, when the input's was gone already", async () => {
    const { client, guards } = await cluster();
    const both = service("pd", { input: [place("pda/in")], output: [place("pdb/out")] });
    await client.services.create(both);
    await client.buckets.delete("pda");
    expect(await client.services.delete("pd", guards.delete("pd"))).toEqual({ kind: "done" });

    const left = await leftovers(client, both);
    expect(left).toEqual([{ bucket: "pdb", kind: "there", objects: 0, more: false }]);
    expect(leftoverWarning("pd", left)).toBe(
      'service "pd" is deleted, but OSCAR has left its buckets behind: "pdb", which is empty; a service that makes them again is refused until they are deleted',
    );
  });

  it("is nothing as a rule", async () => {
    const { client } = await cluster();
    const one = service("one", { input: [place("one/in")] });
    await client.services.create(one);
    await client.services.delete("one");
    expect(leftoverWarning("one", await leftovers(client, one))).toBeUndefined();
  });
});
