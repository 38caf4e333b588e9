import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { describe, expect, it, vi } from "vitest";
import { getTools } from "../../../sandbox/tools";
import { catalogue, type Platform, type ToolName } from "../../../sandbox/tools/catalogue";
import { findChecksum } from "../../../sandbox/tools/download";
import { emptyMachine, fakeGo, filesBelow, kinds, serve, sha256, stalled } from "./support";

const linux: Platform = { os: "linux", arch: "amd64" };
const scheduler = "/v1.36.3/bin/linux/amd64/kube-scheduler";

describe("a download", () => {
  it("is verified, made executable and kept", async () => {
    const { cacheDir, env, events, report } = emptyMachine();
    const content = "#!/bin/sh\n";
    const { asked, host, base } = await serve({
      [scheduler]: content,
      [`${scheduler}.sha256`]: sha256(content),
    });
    const options = {
      report,
      cacheDir,
      platform: linux,
      env: { ...env, INFERENCE_INFRA_MIRROR_KUBERNETES: `${base}/` },
    };
    const { "kube-scheduler": tool } = await getTools(["kube-scheduler"], options);
    expect(tool.path).toBe(join(cacheDir, "tools", "kube-scheduler-1.36.3", "kube-scheduler"));
    expect(readFileSync(tool.path, "utf8")).toBe(content);
    expect(statSync(tool.path).mode & 0o777).toBe(0o755);
    expect(filesBelow(join(cacheDir, "tools", "kube-scheduler-1.36.3"))).toEqual(["kube-scheduler"]);
    expect(kinds(events)).toEqual([
      `downloading kube-scheduler from ${host}`,
      "done kube-scheduler 1.36.3 download",
    ]);

    await getTools(["kube-scheduler"], options);
    expect(kinds(events).at(-1)).toBe("found kube-scheduler 1.36.3 cache");
    expect(asked).toEqual([`${scheduler}.sha256`, scheduler]);
  });

  it("goes through the proxy that the environment names", async () => {
    const { cacheDir, env, report } = emptyMachine();
    const content = "#!/bin/sh\n";
    const { base } = await serve({
      [`http://mirror.invalid${scheduler}`]: content,
      [`http://mirror.invalid${scheduler}.sha256`]: sha256(content),
    });
    vi.stubEnv("HTTP_PROXY", base);
    try {
      const { "kube-scheduler": tool } = await getTools(["kube-scheduler"], {
        report,
        cacheDir,
        platform: linux,
        env: { ...env, INFERENCE_INFRA_MIRROR_KUBERNETES: "http://mirror.invalid" },
      });
      expect(readFileSync(tool.path, "utf8")).toBe(content);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("takes the one program out of a tarball", async () => {
    const { root, cacheDir, env, report } = emptyMachine();
    const name = "etcd-v3.6.6-linux-arm64";
    mkdirSync(join(root, name));
    for (const file of ["etcd", "etcdctl"]) writeFileSync(join(root, name, file), `this is ${file}`);
    await create({ file: join(root, "etcd.tar.gz"), cwd: root, gzip: true }, [name]);
    const tarball = readFileSync(join(root, "etcd.tar.gz"));
    const { base } = await serve({
      [`/v3.6.6/${name}.tar.gz`]: tarball,
      "/v3.6.6/SHA256SUMS": `${"0".repeat(64)}  other.zip\n${sha256(tarball)}  ${name}.tar.gz\n`,
    });
    const { etcd } = await getTools(["etcd"], {
      report,
      cacheDir,
      platform: { os: "linux", arch: "arm64" },
      env: { ...env, INFERENCE_INFRA_MIRROR_ETCD: base },
    });
    expect(readFileSync(etcd.path, "utf8")).toBe("this is etcd");
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["etcd-3.6.6", "etcd-3.6.6/etcd"]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "a wrong checksum",
      { [scheduler]: "evil", [`${scheduler}.sha256`]: sha256("good") },
      `BASE${scheduler} has the SHA-256 checksum ${sha256("evil")}, not its publisher's ${sha256("good")}`,
    ],
    [
      "no checksum",
      { [scheduler]: "good", [`${scheduler}.sha256`]: "<html>" },
      `its publisher's list has no checksum of v1.36.3/bin/linux/amd64/kube-scheduler`,
    ],
    ["no file", { [`${scheduler}.sha256`]: sha256("good") }, `BASE${scheduler} answered 404`],
    ["no checksum file", { [scheduler]: "good" }, `BASE${scheduler}.sha256 answered 404`],
  ])("with %s is not used; the tool is built", async (_, files, reason) => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `echo built > "$out"; /bin/chmod 755 "$out"`);
    const { base, host } = await serve(files);
    const { "kube-scheduler": tool } = await getTools(["kube-scheduler"], {
      report,
      cacheDir,
      platform: linux,
      env: { ...env, INFERENCE_INFRA_MIRROR_KUBERNETES: base },
    });
    expect(readFileSync(tool.path, "utf8")).toBe("built\n");
    expect(kinds(events)).toEqual([
      `downloading kube-scheduler from ${host}`,
      `not-downloaded kube-scheduler: ${reason.replace("BASE", base)}`,
      "building kube-scheduler",
      "done kube-scheduler 1.36.3 build",
    ]);
  });

  it("that is aborted leaves nothing and is not followed by a build", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `echo built > "$out"; /bin/chmod 755 "$out"`);
    const { asked, base, host } = await serve({
      [scheduler]: stalled,
      [`${scheduler}.sha256`]: sha256("good"),
    });
    const abort = new AbortController();
    const got = getTools(["kube-scheduler"], {
      report,
      cacheDir,
      platform: linux,
      signal: abort.signal,
      env: { ...env, INFERENCE_INFRA_MIRROR_KUBERNETES: base },
    });
    const failed = expect(got).rejects.toThrow("Ctrl-C");
    await vi.waitFor(() => expect(asked).toContain(scheduler));
    abort.abort(new Error("Ctrl-C"));
    await failed;
    expect(kinds(events)).toEqual([`downloading kube-scheduler from ${host}`]);
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["kube-scheduler-1.36.3"]);
  });

  it("is not tried again from a host that did not answer", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `echo built > "$out"; /bin/chmod 755 "$out"`);
    await getTools(["etcd", "kwok"], { report, cacheDir, env, platform: linux });
    expect(kinds(events).slice(0, 3)).toEqual([
      "downloading etcd from 127.0.0.1:1",
      "not-downloaded etcd: 127.0.0.1:1 is unreachable: ECONNREFUSED",
      "not-downloaded kwok: 127.0.0.1:1 is unreachable",
    ]);
  });

  it("does not start from an address that is none", async () => {
    const { cacheDir, env, report } = emptyMachine();
    const got = getTools(["kwok"], {
      report,
      cacheDir,
      platform: linux,
      env: { ...env, INFERENCE_INFRA_MIRROR_KWOK: "mirror" },
    });
    await expect(got).rejects.toThrow(
      new Error(
        'INFERENCE_INFRA_MIRROR_KWOK is "mirror"; it must be an address such as https://github.com/kubernetes-sigs/kwok/releases/download',
      ),
    );
  });

  it("is not to be had of Kubernetes' servers for macOS: straight to Go", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `echo built > "$out"; /bin/chmod 755 "$out"`);
    await getTools(["kube-apiserver"], { report, cacheDir, env, platform: { os: "darwin", arch: "arm64" } });
    expect(kinds(events)).toEqual([
      "not-downloaded kube-apiserver: its publisher has no download of it for darwin/arm64",
      "building kube-apiserver",
      "done kube-apiserver 1.36.3 build",
    ]);
  });
});

describe("the official addresses", () => {
  it.each<[ToolName, Platform, string | undefined]>([
    ["pulumi", linux, "https://get.pulumi.com/releases/sdk/pulumi-v3.250.0-linux-x64.tar.gz"],
    [
      "pulumi",
      { os: "darwin", arch: "arm64" },
      "https://get.pulumi.com/releases/sdk/pulumi-v3.250.0-darwin-arm64.tar.gz",
    ],
    [
      "etcd",
      linux,
      "https://github.com/etcd-io/etcd/releases/download/v3.6.6/etcd-v3.6.6-linux-amd64.tar.gz",
    ],
    ["etcd", { os: "darwin", arch: "arm64" }, undefined],
    ["kube-apiserver", linux, "https://dl.k8s.io/release/v1.36.3/bin/linux/amd64/kube-apiserver"],
    [
      "kwok",
      { os: "linux", arch: "arm64" },
      "https://github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/kwok-linux-arm64",
    ],
    ["kwok", { os: "darwin", arch: "amd64" }, undefined],
  ])("%s for %o", (name, platform, url) => {
    const { artifact, base } = catalogue[name].download;
    const file = artifact(platform)?.file;
    expect(file === undefined ? undefined : `${base}/${file}`).toBe(url);
  });
});

describe("findChecksum", () => {
  const sum = "a".repeat(64);
  it.each([
    [`${sum}\n`, sum],
    [`${sum}  dir/file\n`, undefined],
    [`${sum}  file\n`, sum],
    [`${sum} *file`, sum],
    [`${sum}  ./file`, sum],
    [`${sum.toUpperCase()}  file`, sum],
    [`${sum}  file.sig\n${"b".repeat(64)}  file`, "b".repeat(64)],
    ["aaaa  file", undefined],
    ["", undefined],
  ])("%j", (list, expected) => expect(findChecksum(list, "v1/file")).toBe(expected));
});
