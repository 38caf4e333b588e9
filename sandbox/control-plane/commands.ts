import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "./credentials";
import type { Command, Records } from "./processes";

/** In the order they are started; they are stopped the other way round. */
export const componentNames = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type ComponentName = (typeof componentNames)[number];

export type ToolPaths = Readonly<Record<ComponentName, { readonly path: string }>>;

export const portNames = ["etcd", "etcdPeer", "apiServer"] as const;
export type Ports = Readonly<Record<(typeof portNames)[number], number>>;

/** Controllers wait for one another; at the usual 20 requests a second that, not the work, bounds every rollout. */
const clientRates = ["--kube-api-qps=500", "--kube-api-burst=1000"];

/** How each component is run: on loopback only, known to no one without a certificate or the token. */
export function commandsFor(
  dir: string,
  tools: ToolPaths,
  ports: Ports,
  credentials: Credentials,
): Record<ComponentName, Command> {
  const { certDir, serviceAccountKey, tokenFile, etcdCert, etcdKey } = credentials;
  const kubeconfig = join(dir, "kubeconfig");
  const etcdUrl = `https://127.0.0.1:${ports.etcd}`;
  const peerUrl = `https://127.0.0.1:${ports.etcdPeer}`;
  const run = (name: ComponentName, args: readonly string[], address?: string): Command => ({
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
  };
}

/** What kwok does with nodes, pods, claims and load balancers. */
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
