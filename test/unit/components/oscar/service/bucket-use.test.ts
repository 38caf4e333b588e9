import { describe, expect, it } from "vitest";
import { bucketsOfFormerUsers, bucketUse } from "../../../../../components/oscar/service/bucket-use";
import type { WireService, WireStorage } from "../../../../../components/oscar/service/wire";

const place = (path: string, storage_provider = "minio.default"): WireStorage => ({ storage_provider, path });
const service = (name: string, more: Partial<WireService> = {}): WireService => ({
  name,
  image: "nginx:1.27",
  script: "#!/bin/sh\n",
  ...more,
});

describe("the buckets of a service", () => {
  it.each<[string, Partial<WireService>, ReturnType<typeof bucketUse>]>([
    ["none", {}, { made: [], deleted: [], foreign: [] }],
    [
      "each once, however the provider is spelt",
      { input: [place(" /a/in/", "MinIO")], output: [place("a/out"), place("b", "minio")] },
      { made: ["a", "b"], deleted: ["a", "b"], foreign: [] },
    ],
    [
      "not those of WebDAV and Onedata",
      { input: [place("a/in", "webdav.x")], output: [place("b/out", "onedata.x")] },
      { made: [], deleted: [], foreign: [] },
    ],
    [
      "not the one that is mounted, to be deleted",
      { output: [place("a/out"), place("b/out")], mount: place("/b", "minio") },
      { made: ["a", "b"], deleted: ["a"], foreign: [] },
    ],
    [
      "elsewhere, unless the service makes one of that name itself",
      {
        input: [place("a/in")],
        output: [place("a/x", "s3.aws"), place("b/x", "s3.aws"), place("c/x", "minio.far")],
      },
      { made: ["a"], deleted: ["a"], foreign: ["b", "c"] },
    ],
    [
      "of its users",
      { input: [place("a/in")], isolation_level: "user", bucket_list: ["a-ana"] },
      { made: ["a"], deleted: ["a", "a-ana"], foreign: [] },
    ],
  ])("%s", (_what, given, use) => {
    expect(bucketUse(service("s", given))).toEqual(use);
  });

  it("of users that are struck off", () => {
    const stored = service("s", { isolation_level: "USER", bucket_list: ["a-1234567890", "a-abcdefghij"] });
    const desired = { input: [place("a/in")], allowed_users: ["1234567890@x"] };
    expect(bucketsOfFormerUsers(stored, service("s", { ...desired, isolation_level: "USER" }))).toEqual([
      "a-abcdefghij",
    ]);
    expect(bucketsOfFormerUsers(stored, service("s", desired))).toEqual(["a-1234567890", "a-abcdefghij"]);
    expect(bucketsOfFormerUsers(service("s"), service("s", desired))).toEqual([]);
  });
});
