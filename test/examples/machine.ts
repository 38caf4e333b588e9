import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Mount, PodProcess } from "./pod-process";
import type { PythonPlaces } from "./python";

/** Why containers cannot be played here; nothing where they can. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux") return "namespaces are Linux'";
  if (process.getuid?.() !== 0) return "only root may mount and be another user";
  const script =
    "set -e; mount -t tmpfs t /mnt; mkdir /mnt/proc; mount -t proc p /mnt/proc; setpriv --pdeathsig KILL true";
  const tried = spawnSync("unshare", [...namespaces, "/bin/sh", "-c", script], { encoding: "utf8" });
  return tried.status === 0 ? undefined : `no mount namespace: ${tried.stderr || String(tried.error)}`;
}

/** With its own processes, the first is number 1, as in a container: signals that it does not handle are not heeded. */
const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork"];

/** A node, as far as containers need one: the volumes of claims and of pods are folders, and processes see what they are given. */
export class Machine {
  private readonly top = mkdtempSync(join(tmpdir(), "pods-"));
  private readonly running: RunningContainer[] = [];

  constructor(private readonly python: PythonPlaces) {
    chmodSync(this.top, 0o755);
    mkdirSync(join(this.top, "root"));
  }

  /** The folder of a claim. */
  claim(claimName: string): string {
    return join(this.top, "claims", claimName);
  }

  /** A container of a pod. Those of one pod share its own volumes. */
  start(pod: string, container: PodProcess, hosts: readonly string[] = []): RunningContainer {
    const script = this.script(pod, container, hosts);
    // All of it ends with this process.
    const command = ["--pdeathsig", "KILL", "/usr/bin/unshare", ...namespaces];
    const words = [...command, "/bin/sh", "-c", script, "sh", ...container.command];
    const child = spawn("/usr/bin/setpriv", words, {
      env: container.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const running = new RunningContainer(child, container);
    this.running.push(running);
    return running;
  }

  /** Ends what still runs, and throws all volumes away. */
  async remove(): Promise<void> {
    await Promise.all(this.running.map((each) => each.kill()));
    rmSync(this.top, { recursive: true, force: true });
  }

  /** Makes the container's root, goes there, and becomes its user and its command. */
  private script(pod: string, container: PodProcess, hosts: readonly string[]): string {
    const root = join(this.top, "root");
    const images = container.files.flatMap(({ from, to }) => {
      if (typeof from === "string") return [{ from, to }];
      // Its scripts name it by the path that it has here.
      return [this.python.venv, to].map((at) => ({ from: this.python.venv, to: at }));
    });
    const { base } = this.python;
    const parts = [
      ...["/usr", "/etc", "/sys"].map((path) => ({ from: path, to: path })),
      ...(base.startsWith("/usr") ? [] : [{ from: base, to: base }]),
    ];
    const { user, group, fsGroup, workingDir } = container;
    return [
      "set -e; export LC_ALL=C; PATH_OF_IMAGE=$PATH; PATH=/usr/sbin:/usr/bin:/sbin:/bin",
      `mount -t tmpfs root ${quoted(root)}; cd ${quoted(root)}; mkdir -m 1777 tmp; mkdir proc dev`,
      "for each in bin sbin lib lib32 lib64; do [ ! -e /$each ] || ln -s usr/$each $each; done",
      "mount -t proc proc proc",
      "for each in null zero full random urandom; do touch dev/$each; mount --bind /dev/$each dev/$each; done",
      "ln -s /proc/self/fd dev/fd; mkdir -m 1777 dev/shm; mount -t tmpfs -o size=64m,mode=1777 shm dev/shm",
      ...parts.map(readOnly),
      ...(hosts.length === 0
        ? []
        : [`echo "127.0.0.1 localhost ${hosts.join(" ")}" >dev/hosts`, "mount --bind dev/hosts etc/hosts"]),
      // What a pod mounts is above what the image has there.
      ...container.mounts.map((mount) => this.mounted(pod, mount, fsGroup)),
      ...images.map(readOnly),
      ...(container.readOnlyRoot ? ["mount -o remount,ro,bind ."] : []),
      "PATH=$PATH_OF_IMAGE; unset PATH_OF_IMAGE LC_ALL",
      `exec /usr/sbin/chroot . /usr/bin/setpriv --reuid ${user} --regid ${group} --groups ${fsGroup} ` +
        `--no-new-privs --bounding-set=-all --inh-caps=-all --pdeathsig KILL /usr/bin/env -u PWD -u OLDPWD -C ${quoted(workingDir)} "$@"`,
    ].join("\n");
  }

  private mounted(pod: string, { at, readOnly: only, volume }: Mount, fsGroup: number): string {
    const target = quoted(`.${at}`);
    if (volume.kind === "memory") return `mkdir -p ${target}; mount -t tmpfs -o mode=1777 memory ${target}`;
    const folder =
      volume.kind === "claim" ? this.claim(volume.claimName) : join(this.top, "own", pod, volume.name);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      chownSync(folder, 0, fsGroup);
      // As the kubelet gives a volume to a group.
      chmodSync(folder, volume.kind === "claim" ? 0o2775 : 0o2777);
    }
    const remount = only ? `; mount -o remount,bind,ro ${target}` : "";
    return `mkdir -p ${target}; mount --bind ${quoted(folder)} ${target}${remount}`;
  }
}

function readOnly({ from, to }: { readonly from: string; readonly to: string }): string {
  const target = quoted(`.${to}`);
  const make = statSync(from).isDirectory()
    ? `mkdir -p ${target}`
    : `mkdir -p ${quoted(`.${dirname(to)}`)}; touch ${target}`;
  return `${make}; mount --bind ${quoted(from)} ${target}; mount -o remount,bind,ro ${target}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export class RunningContainer {
  private log = "";
  private readonly ended: Promise<number>;

  constructor(
    private readonly child: ChildProcess,
    readonly container: PodProcess,
  ) {
    child.stdout?.on("data", (data: Buffer) => (this.log += data.toString()));
    child.stderr?.on("data", (data: Buffer) => (this.log += data.toString()));
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve(code ?? -1));
    });
  }

  said(): string {
    return this.log;
  }

  /** Its exit code. */
  exit(): Promise<number> {
    return this.ended;
  }

  async until(what: string, look: () => Promise<boolean> | boolean, seconds = 60): Promise<void> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(100)) {
      if (await look()) return;
      if (this.child.exitCode !== null) break;
    }
    throw new Error(`no ${what}; exit code ${this.child.exitCode}; it said:\n${this.log}`);
  }

  /** Until each of its probes is answered as the kubelet wants it. */
  async ready(): Promise<void> {
    for (const { kind, path, port } of this.container.probes)
      await this.until(`${kind} at ${path}`, async () => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: "manual" }).catch(
          () => undefined,
        );
        await answer?.arrayBuffer();
        return answer !== undefined && answer.status >= 200 && answer.status < 400;
      });
  }

  /** As the kubelet stops it, within the pod's grace. Its exit code, or what killed it: the end of the grace. */
  async stop(): Promise<number | "killed"> {
    process.kill(this.first(), "SIGTERM");
    const grace = sleep(this.container.graceSeconds * 1000, "killed" as const, { ref: false });
    return Promise.race([this.ended, grace]);
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    process.kill(this.first(), "SIGKILL");
    await this.ended;
  }

  /** The container's first process, which is the only child of what made its namespaces. */
  private first(): number {
    const pid = String(this.child.pid);
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
  }
}
