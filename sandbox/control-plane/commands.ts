import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFile } from "../clouds/gcp/project";
import type { Credentials } from "./credentials";
import type { Command, Records } from "./processes";

/** The processes that are tools, to be downloaded or built. */
export const programNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

/** What the API server is told of before anything runs: kinds that a cluster gets from others (definitions.ts). */
export const definitionNames = ["gateway-api", "cert-manager", "knative-operator"] as const;

/** All that is to be got. */
export const toolNames = [...programNames, ...definitionNames] as const;

/** All processes in the order they are started; they are stopped the other way round. The keeper is our own. */
export const processNames = [...programNames, "cluster-keeper"] as const;
export type ProcessName = (typeof processNames)[number];

/** Where the programs and the definitions are. */
export type ToolPaths = Readonly<Record<(typeof toolNames)[number], { readonly path: string }>>;
type ProgramPaths = Pick<ToolPaths, (typeof programNames)[number]>;

export const portNames = ["etcd", "etcdPeer", "apiServer"] as const;
export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

export type Commands = Readonly<Record<ProcessName, Command>>;

/** Controllers wait for one another; at the usual 20 requests a second that, not the work, bounds every rollout. */
const clientRates = ["--kube-api-qps=500", "--kube-api-burst=1000"];

/** How each process is run: on loopback only, known to no one without a certificate or the token. */
export function commandsFor(
  dir: string,
  tools: ProgramPaths,
  ports: Ports,
  credentials: Credentials,
  idleSeconds: number,
): Commands {
  const { certDir, serviceAccountKey, tokenFile, etcdCert, etcdKey } = credentials;
  const kubeconfig = join(dir, "kubeconfig");
  const etcdUrl = `https://127.0.0.1:${ports.etcd}`;
  const peerUrl = `https://127.0.0.1:${ports.etcdPeer}`;
  const run = (name: keyof ProgramPaths, args: readonly string[], address?: string): Command => ({
    path: tools[name].path,
    args,
    ...(address !== undefined && { address }),
  });
  return {
    etcd: run(
      "etcd",
      [
        `--data-dir=${join(dir, "etcd")}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
        ...["", "peer-"].flatMap((line) => [
          `--${line}cert-file=${etcdCert}`,
          `--${line}key-file=${etcdKey}`,
          `--${line}trusted-ca-file=${etcdCert}`,
          `--${line}client-cert-auth=true`,
        ]),
        // A sandbox may lose its last second with the machine's power.
        "--unsafe-no-fsync",
        "--log-level=warn",
      ],
      etcdUrl,
    ),
    "kube-apiserver": run(
      "kube-apiserver",
      [
        `--etcd-servers=${etcdUrl}`,
        `--etcd-cafile=${etcdCert}`,
        `--etcd-certfile=${etcdCert}`,
        `--etcd-keyfile=${etcdKey}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${ports.apiServer}`,
        // Otherwise that of the machine's default route, without which it would not start. Nothing answers there.
        "--advertise-address=192.0.2.1",
        `--cert-dir=${certDir}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-signing-key-file=${serviceAccountKey}`,
        `--service-account-key-file=${serviceAccountKey}`,
        "--service-cluster-ip-range=10.96.0.0/16",
        `--token-auth-file=${tokenFile}`,
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
        // As on every real cluster: what may be privileged is for Pod Security to say.
        "--allow-privileged=true",
        // A stop is for good or for a moment; neither is worth a minute of draining.
        "--shutdown-delay-duration=0s",
      ],
      serverOf(ports),
    ),
    "kube-controller-manager": run("kube-controller-manager", [
      `--kubeconfig=${kubeconfig}`,
      `--service-account-private-key-file=${serviceAccountKey}`,
      `--root-ca-file=${join(certDir, "apiserver.crt")}`,
      "--use-service-account-credentials",
      // Binds claims to folders that no pod ever writes to.
      "--enable-hostpath-provisioner",
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      "--secure-port=0",
      ...clientRates,
    ]),
    "kube-scheduler": run("kube-scheduler", [
      `--kubeconfig=${kubeconfig}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      "--secure-port=0",
      ...clientRates,
    ]),
    kwok: run("kwok", [
      `--kubeconfig=${kubeconfig}`,
      "--manage-all-nodes",
      // With leases, kwok leaves a node alone until the lease of the kwok before it has run out: 40 s after each start.
      "--node-lease-duration-seconds=0",
      "--node-ip=192.0.2.2",
      ...stageFiles().flatMap((file) => ["--config", file]),
    ]),
    "cluster-keeper": {
      path: process.execPath,
      args: [
        // All of it is CommonJS. The whole loader (`--import tsx`) takes 30 MB and a tenth of a second more.
        ...["--require", require.resolve("tsx/cjs")],
        join(__dirname, "keeper", "main.ts"),
        `--kubeconfig=${kubeconfig}`,
        `--project=${projectFile(join(dir, ".."))}`,
        `--idle-seconds=${idleSeconds}`,
      ],
    },
  };
}

/**
 * How long a cloud's node stays with nothing on it, where no option says it, in seconds: GKE's ten minutes are long to
 * wait for.
 */
export function idleSecondsOf({ INFERENCE_INFRA_IDLE_SECONDS: text = "60" }: NodeJS.ProcessEnv): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0) return seconds;
  throw new Error(`INFERENCE_INFRA_IDLE_SECONDS: got "${text}"; allowed: a number of seconds, such as 60`);
}

/** What kwok does with nodes, pods, claims, load balancers, certificates' issuers and Knative. */
export function stageFiles(): string[] {
  const folder = join(__dirname, "stages");
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => join(folder, file));
}

/** The ports that the components were given before, as their addresses say. */
export function portsOf(records: Records): Ports | undefined {
  const port = (text: string | undefined) => Number(/:(\d+)$/.exec(text ?? "")?.[1]);
  const peer = records["etcd"]?.command.args.find((arg) => arg.startsWith("--listen-peer-urls="));
  const ports = {
    etcd: port(records["etcd"]?.command.address),
    etcdPeer: port(peer),
    apiServer: port(records["kube-apiserver"]?.command.address),
  };
  return Object.values(ports).every(Number.isInteger) ? ports : undefined;
}

export function serverOf({ apiServer }: Pick<Ports, "apiServer">): string {
  return `https://127.0.0.1:${apiServer}`;
}
