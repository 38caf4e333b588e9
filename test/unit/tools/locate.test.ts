import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { getTools, type ToolName } from "../../../sandbox/tools";
import { thisPlatform } from "../../../sandbox/tools/catalogue";
import { parseVersion } from "../../../sandbox/tools/locate";
import { emptyMachine, kinds, script } from "./support";

describe("parseVersion", () => {
  it.each([
    ["v3.250.0", "3.250.0"],
    ["v3.251.0-alpha.1", "3.251.0-alpha.1"],
    ["etcd Version: 3.6.6\nGit SHA: 1\nGo Version: go1.26.8", "3.6.6"],
    ["Kubernetes v1.36.3", "1.36.3"],
    ["kwok version v0.8.0 go1.26.8 (linux/amd64)", "0.8.0"],
    ["kwok version (devel) go1.26.8 (linux/amd64)", undefined],
    ["v3.250.0+dirty", "3.250.0"],
    ["", undefined],
  ])("%j is %s", (output, version) => expect(parseVersion(output)).toBe(version));
});

describe("a tool on PATH", () => {
  it.each<[ToolName, string, string]>([
    ["pulumi", "echo v3.250.0", "found pulumi 3.250.0 path"],
    ["pulumi", "echo v3.300.1", "found pulumi 3.300.1 path"],
    ["pulumi", "echo v3.249.9", "it is 3.249.9; needed: 3.250.0 or later, below 4"],
    ["pulumi", "echo v4.0.0", "it is 4.0.0; needed: 3.250.0 or later, below 4"],
    ["pulumi", "echo hello", "`pulumi version` tells no version"],
    ["pulumi", "echo v3.250.0; exit 1", "`pulumi version` tells no version"],
    ["kube-apiserver", "echo Kubernetes v1.36.0", "found kube-apiserver 1.36.0 path"],
    ["kube-apiserver", "echo Kubernetes v1.37.0", "it is 1.37.0; needed: 1.36.x"],
    ["etcd", "echo etcd Version: 3.5.0", "found etcd 3.5.0 path"],
    ["etcd", "echo etcd Version: 3.4.30", "it is 3.4.30; needed: 3.5 or later"],
    ["kwok", "echo kwok version v0.7.0", "found kwok 0.7.0 path"],
    ["kwok", "echo kwok version v0.6.1", "it is 0.6.1; needed: 0.7 or later"],
  ])("%s that does `%s`", async (name, body, expected) => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    script(join(bin, name), body);
    await getTools([name], { report, env, cacheDir }).catch(() => undefined);
    const said = expected.startsWith("found") ? expected : `passed-over ${name}: ${expected}`;
    expect(kinds(events)[0]).toBe(said);
  });

  it("is passed over for a later one that will do", async () => {
    const { root, cacheDir, env, events, report } = emptyMachine();
    script(join(root, "old", "etcd"), "echo etcd Version: 3.3.0");
    const path = script(join(root, "new", "etcd"), "echo etcd Version: 3.6.1");
    const PATH = `${join(root, "old")}:${join(root, "new")}`;
    const { etcd } = await getTools(["etcd"], { report, cacheDir, env: { ...env, PATH } });
    expect(etcd).toEqual({ name: "etcd", path, version: "3.6.1", origin: "path" });
    expect(kinds(events)).toEqual([
      "passed-over etcd: it is 3.3.0; needed: 3.5 or later",
      "found etcd 3.6.1 path",
    ]);
  });

  it("is not what npm installed, neither in node_modules/.bin nor where a link points to it", async () => {
    const { root, bin, cacheDir, env, events, report } = emptyMachine();
    const shims = join(root, "node_modules", ".bin");
    script(join(shims, "pulumi"), "echo v3.250.0");
    const installed = script(join(root, "lib", "node_modules", "pulumi", "run.js"), "echo v3.250.0");
    mkdirSync(bin, { recursive: true });
    symlinkSync(installed, join(bin, "pulumi"));
    const PATH = `${shims}:${bin}`;
    const got = getTools(["pulumi"], { report, cacheDir, env: { ...env, PATH } });
    await expect(got).rejects.toThrow("pulumi (3.250.0 or later, below 4)");
    expect(kinds(events).filter((event) => /^(found|passed-over)/.test(event))).toEqual([]);
  });
});

describe("a tool in the cache", () => {
  it("is taken by its name alone: neither run nor looked for elsewhere", async () => {
    const { cacheDir, env, events, report } = emptyMachine();
    const path = script(join(cacheDir, "tools", "kwok-0.8.0", "kwok"), "exit 1");
    const { kwok } = await getTools(["kwok"], { report, env, cacheDir });
    expect(kwok).toEqual({ name: "kwok", path, version: "0.8.0", origin: "cache" });
    expect(kinds(events)).toEqual(["found kwok 0.8.0 cache"]);
  });

  it.each([
    ["INFERENCE_INFRA_CACHE", ""],
    ["XDG_CACHE_HOME", "inference-infra"],
    ["HOME", ".cache/inference-infra"],
  ])("is looked for below $%s/%s", async (variable, below) => {
    const { root, env, report } = emptyMachine();
    const dir = join(root, variable);
    const path = script(join(dir, below, "tools", "etcd-3.6.6", "etcd"), "exit 1");
    const { etcd } = await getTools(["etcd"], { report, env: { ...env, [variable]: dir } });
    expect(etcd.path).toBe(path);
  });
});

describe("thisPlatform", () => {
  it.each([
    ["linux", "x64", { os: "linux", arch: "amd64" }],
    ["darwin", "arm64", { os: "darwin", arch: "arm64" }],
  ])("knows %s/%s", (os, arch, platform) => expect(thisPlatform(os, arch)).toEqual(platform));

  it.each([
    ["win32", "x64", "the sandbox does not run on Windows itself; run it inside WSL (`wsl --install`)"],
    ["linux", "ia32", "the sandbox does not run on linux/ia32; it runs on linux and darwin, x64 and arm64"],
    ["freebsd", "x64", "the sandbox does not run on freebsd/x64; it runs on linux and darwin, x64 and arm64"],
  ])("refuses %s/%s", (os, arch, message) =>
    expect(() => thisPlatform(os, arch)).toThrow(new Error(message)),
  );
});
