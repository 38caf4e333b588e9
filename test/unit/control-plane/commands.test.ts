import { describe, expect, it } from "vitest";
import {
  commandsFor,
  componentNames,
  portsOf,
  serverOf,
  stageFiles,
  type ComponentName,
} from "../../../sandbox/control-plane/commands";

const tool = (name: string) => ({ path: `/bin/${name}` });
const tools = {
  etcd: tool("etcd"),
  "kube-apiserver": tool("kube-apiserver"),
  "kube-controller-manager": tool("kube-controller-manager"),
  "kube-scheduler": tool("kube-scheduler"),
  kwok: tool("kwok"),
};
const ports = { etcd: 2379, etcdPeer: 2380, apiServer: 6443 };
const commands = commandsFor("/cp", tools, ports, {
  token: "the-token",
  certDir: "/cp/pki",
  serviceAccountKey: "/cp/pki/service-accounts.key",
  tokenFile: "/cp/pki/tokens.csv",
  etcdCert: "/cp/pki/etcd.crt",
  etcdKey: "/cp/pki/etcd.key",
});

describe("the commands", () => {
  it.each<[ComponentName, string[]]>([
    [
      "etcd",
      [
        "--data-dir=/cp/etcd",
        "--listen-client-urls=https://127.0.0.1:2379",
        "--listen-peer-urls=https://127.0.0.1:2380",
        "--client-cert-auth=true",
        "--peer-client-cert-auth=true",
        "--trusted-ca-file=/cp/pki/etcd.crt",
      ],
    ],
    [
      "kube-apiserver",
      [
        "--bind-address=127.0.0.1",
        "--secure-port=6443",
        "--etcd-servers=https://127.0.0.1:2379",
        "--etcd-certfile=/cp/pki/etcd.crt",
        "--token-auth-file=/cp/pki/tokens.csv",
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
      ],
    ],
    [
      "kube-controller-manager",
      [
        "--secure-port=0",
        "--root-ca-file=/cp/pki/apiserver.crt",
        "--use-service-account-credentials",
        "--enable-hostpath-provisioner",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
      ],
    ],
    ["kube-scheduler", ["--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000"]],
    ["kwok", ["--manage-all-nodes", "--kubeconfig=/cp/kubeconfig"]],
  ])("%s", (name, args) => {
    expect(commands[name].path).toBe(`/bin/${name}`);
    expect(commands[name].args).toEqual(expect.arrayContaining(args));
  });

  it("never hold the token, which anyone on the machine could read there", () => {
    expect(JSON.stringify(commands)).not.toContain("the-token");
  });

  it("give kwok every stage file, and no server", () => {
    const names = ["addresses", "nodes", "pods", "volumes"].map((name) => `/stages/${name}.yaml`);
    const given = stageFiles();
    expect(given.map((file) => file.slice(file.lastIndexOf("/stages/")))).toEqual(names);
    expect(commands.kwok.args).toEqual(expect.arrayContaining(given));
    expect(commands.kwok.args.join(" ")).not.toMatch(/--(node-port|server-address)/);
  });
});

describe("the ports of a control plane that ran before", () => {
  const record = (name: ComponentName) =>
    [name, { pid: 1, startedAt: "1", command: commands[name] }] as const;

  it("are read from its commands", () => {
    expect(portsOf(Object.fromEntries(componentNames.map(record)))).toEqual(ports);
    expect(serverOf(ports)).toBe("https://127.0.0.1:6443");
  });

  it.each<[string, ComponentName[]]>([
    ["nothing ran", []],
    ["etcd alone ran", ["etcd"]],
    ["the API server alone is known", ["kube-apiserver"]],
  ])("are unknown where %s", (_, names) => {
    expect(portsOf(Object.fromEntries(names.map(record)))).toBeUndefined();
  });
});
