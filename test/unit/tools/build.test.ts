import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { getTools } from "../../../sandbox/tools";
import { emptyMachine, fakeGo, filesBelow, kinds, script } from "./support";

const builds = `echo built > "$out"; /bin/chmod 755 "$out"`;

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !condition(); await sleep(20)) {
    if (Date.now() > end) throw new Error("it did not come to that within 10 s");
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a build", () => {
  it("asks Go for the pinned module, stripped, without cgo", async () => {
    const { root, bin, cacheDir, env, report } = emptyMachine();
    const log = join(root, "go.log");
    script(
      join(bin, "go"),
      `if [ "$1" = env ]; then echo go1.99.0; exit 0; fi
echo "$PWD" > ${log}; echo "CGO_ENABLED=$CGO_ENABLED $1 $2 $3" >> ${log}; echo "$4" >> ${log}; echo "$7" >> ${log}
echo built > "$6"; /bin/chmod 755 "$6"`,
    );
    await getTools(["kube-scheduler"], { report, env, cacheDir });
    expect(readFileSync(log, "utf8").split("\n")).toEqual([
      join(__dirname, "../../../sandbox/tools/kubernetes"),
      "CGO_ENABLED=0 build -trimpath -ldflags",
      "-s -w -X k8s.io/component-base/version.gitVersion=v1.36.3 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=36",
      "k8s.io/kubernetes/cmd/kube-scheduler",
      "",
    ]);
  });

  it("tells every second how long it takes so far", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `/bin/sleep 1.5; ${builds}`);
    await getTools(["etcd"], { report, env, cacheDir });
    expect(events.filter(({ kind }) => kind === "building")).toEqual([
      { kind: "building", name: "etcd", seconds: 0, expectedSeconds: 28 },
      { kind: "building", name: "etcd", seconds: 1, expectedSeconds: 28 },
    ]);
  });

  it("that fails shows the last lines of what Go said and leaves nothing", async () => {
    const { bin, cacheDir, env, report } = emptyMachine();
    fakeGo(
      bin,
      `i=1; while [ $i -le 40 ]; do echo "line $i" >&2; i=$((i+1)); done; echo half > "$out"; exit 2`,
    );
    const lastLines = Array.from({ length: 15 }, (_, index) => `line ${index + 26}`).join("\n");
    await expect(getTools(["kwok"], { report, env, cacheDir })).rejects.toThrow(
      new Error(`kwok 0.8.0 could not be built with Go (exit code 2):\n${lastLines}`),
    );
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["kwok-0.8.0"]);
  });

  it("that is aborted ends with all that it started, at once, and leaves nothing", async () => {
    const { root, bin, cacheDir, env, report } = emptyMachine();
    const pidFile = join(root, "compiler.pid");
    fakeGo(
      bin,
      `echo half > "$out"; /bin/sleep 60 & echo $! > ${pidFile}.new; /bin/mv ${pidFile}.new ${pidFile}; wait`,
    );
    const abort = new AbortController();
    const got = getTools(["pulumi"], { report, env, cacheDir, signal: abort.signal });
    const failed = expect(got).rejects.toThrow("Ctrl-C");
    await until(() => existsSync(pidFile));
    abort.abort(new Error("Ctrl-C"));
    await failed;
    const compiler = Number(readFileSync(pidFile, "utf8"));
    await until(() => !isAlive(compiler));
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["pulumi-3.250.0"]);
  });

  it("removes what a killed run left behind", async () => {
    const { bin, cacheDir, env, report } = emptyMachine();
    fakeGo(bin, builds);
    const leftover = join(cacheDir, "tools", "etcd-3.6.6", ".partial-x");
    mkdirSync(leftover, { recursive: true });
    writeFileSync(join(leftover, "program"), "half");
    await getTools(["etcd"], { report, env, cacheDir });
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["etcd-3.6.6", "etcd-3.6.6/etcd"]);
  });
});

describe("the lock", () => {
  it("lets two calls at once build once", async () => {
    const { root, bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, `echo build >> ${join(root, "builds")}; /bin/sleep 0.5; ${builds}`);
    const get = () => getTools(["etcd"], { report, env, cacheDir });
    const [one, two] = await Promise.all([get(), get()]);
    expect(one.etcd.path).toBe(two.etcd.path);
    expect(readFileSync(join(root, "builds"), "utf8")).toBe("build\n");
    expect(kinds(events)).toContain("waiting etcd");
    expect([one.etcd.origin, two.etcd.origin].sort()).toEqual(["build", "cache"]);
  });

  it("of a dead process is taken over", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    fakeGo(bin, builds);
    const lock = join(cacheDir, "tools", "etcd-3.6.6", "etcd.lock");
    mkdirSync(lock, { recursive: true });
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(lock, aMinuteAgo, aMinuteAgo);
    await getTools(["etcd"], { report, env, cacheDir });
    expect(kinds(events).at(-1)).toBe("done etcd 3.6.6 build");
  });

  it("is not waited for any longer when aborted", async () => {
    const { bin, cacheDir, env, report } = emptyMachine();
    fakeGo(bin, builds);
    mkdirSync(join(cacheDir, "tools", "etcd-3.6.6", "etcd.lock"), { recursive: true });
    const abort = new AbortController();
    const waiting = getTools(["etcd"], {
      env,
      cacheDir,
      signal: abort.signal,
      report: (event) => {
        report(event);
        if (event.kind === "waiting") abort.abort(new Error("Ctrl-C"));
      },
    });
    await expect(waiting).rejects.toThrow("Ctrl-C");
  });
});

describe("without a Go that will do", () => {
  const message = (cacheDir: string, fault: string) =>
    new Error(`These tools are neither on PATH nor in the cache, could not be downloaded, and cannot be built (${fault}):
  kube-apiserver (1.36.x)
  etcd (3.5 or later)
Do one of these and run the command again:
  - install Go 1.26.8 or later (https://go.dev/dl), which then builds them, once;
  - put them on PATH, or in the cache as:
      ${cacheDir}/tools/kube-apiserver-1.36.3/kube-apiserver
      ${cacheDir}/tools/etcd-3.6.6/etcd`);

  it.each<[string, string | undefined, (go: string) => string]>([
    ["none", undefined, () => "Go is not on PATH"],
    ["an old one", "echo go1.20.1", (go) => `${go} is go1.20.1, which is too old`],
    [
      "one that may not get the toolchain",
      "echo 'go: go.mod requires go >= 1.26.8 (running go 1.24.0; GOTOOLCHAIN=local)' >&2; exit 1",
      (go) => `${go} cannot be used: go: go.mod requires go >= 1.26.8 (running go 1.24.0; GOTOOLCHAIN=local)`,
    ],
  ])("(%s) both cures are named", async (_, body, fault) => {
    const { bin, cacheDir, env, report } = emptyMachine();
    const go = join(bin, "go");
    if (body !== undefined) script(go, body);
    script(join(bin, "kwok"), "echo kwok version v0.8.0");
    const got = getTools(["kube-apiserver", "etcd", "kwok"], { report, env, cacheDir });
    await expect(got).rejects.toThrow(message(cacheDir, fault(go)));
  });
});
