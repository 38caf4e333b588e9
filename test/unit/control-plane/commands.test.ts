import { describe, expect, it } from "vitest";
import {
  commandsFor,
  idleSecondsOf,
  portsOf,
  processNames,
  programNames,
  serverOf,
  stageFiles,
  type ProcessName,
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
const credentials = {
  token: "the-token",
  certDir: "/sandbox/cp/pki",
  serviceAccountKey: "/sandbox/cp/pki/service-accounts.key",
  tokenFile: "/sandbox/cp/pki/tokens.csv",
  etcdCert: "/sandbox/cp/pki/etcd.crt",
  etcdKey: "/sandbox/cp/pki/etcd.key",
};
const commands = commandsFor("/sandbox/cp", tools, ports, credentials, 60);

describe("the commands", () => {
  it.each<[ProcessName, string[]]>([
    [
      "etcd",
      [
        "--data-dir=/sandbox/cp/etcd",
        "--listen-client-urls=https://127.0.0.1:2379",
        "--listen-peer-urls=https://127.0.0.1:2380",
        "--client-cert-auth=true",
        "--peer-client-cert-auth=true",
        "--trusted-ca-file=/sandbox/cp/pki/etcd.crt",
      ],
    ],
    [
      "kube-apiserver",
      [
        "--bind-address=127.0.0.1",
        "--secure-port=6443",
        "--etcd-servers=https://127.0.0.1:2379",
        "--etcd-certfile=/sandbox/cp/pki/etcd.crt",
        "--token-auth-file=/sandbox/cp/pki/tokens.csv",
        "--authorization-mode=Node,RBAC",
        "--anonymous-auth=false",
      ],
    ],
    [
      "kube-controller-manager",
      [
        "--secure-port=0",
        "--root-ca-file=/sandbox/cp/pki/apiserver.crt",
        "--use-service-account-credentials",
        "--enable-hostpath-provisioner",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
      ],
    ],
    ["kube-scheduler", ["--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000"]],
    ["kwok", ["--manage-all-nodes", "--kubeconfig=/sandbox/cp/kubeconfig"]],
    [
      "cluster-keeper",
      [
        expect.stringMatching(/\/keeper\/main\.ts$/),
        "--kubeconfig=/sandbox/cp/kubeconfig",
        "--project=/sandbox/gcp/project.json",
        "--idle-seconds=60",
      ],
    ],
  ])("%s", (name, args) => {
    expect(commands[name].args).toEqual(expect.arrayContaining(args));
  });

  it("run the tools from where they are, and the keeper with this Node", () => {
    expect(programNames.map((name) => commands[name].path)).toEqual(
      programNames.map((name) => `/bin/${name}`),
    );
    expect(commands["cluster-keeper"].path).toBe(process.execPath);
  });

  it("never hold the token, which anyone on the machine could read there", () => {
    expect(JSON.stringify(commands)).not.toContain("the-token");
  });

  it("give kwok every stage file, and no server", () => {
    const names = ["addresses", "classes-and-issuers", "knative", "nodes", "pods", "volumes"].map(
      (name) => `/stages/${name}.yaml`,
    );
    const given = stageFiles();
    expect(given.map((file) => file.slice(file.lastIndexOf("/stages/")))).toEqual(names);
    expect(commands.kwok.args).toEqual(expect.arrayContaining(given));
    expect(commands.kwok.args.join(" ")).not.toMatch(/--(node-port|server-address)/);
  });
});

describe("the ports of a control plane that ran before", () => {
  const record = (name: ProcessName) => [name, { pid: 1, startedAt: "1", command: commands[name] }] as const;

  it("are read from its commands", () => {
    expect(portsOf(Object.fromEntries(processNames.map(record)))).toEqual(ports);
    expect(serverOf(ports)).toBe("https://127.0.0.1:6443");
  });

  it.each<[string, ProcessName[]]>([
    ["nothing ran", []],
    ["etcd alone ran", ["etcd"]],
    ["the API server alone is known", ["kube-apiserver"]],
  ])("are unknown where %s", (_, names) => {
    expect(portsOf(Object.fromEntries(names.map(record)))).toBeUndefined();
  });
});

describe("how long an idle node stays", () => {
  it.each([
    [undefined, 60],
    ["2", 2],
    ["0.5", 0.5],
    ["0", 0],
  ])("is by %s: %d s", (text, seconds) => {
    expect(idleSecondsOf(text === undefined ? {} : { INFERENCE_INFRA_IDLE_SECONDS: text })).toBe(seconds);
  });

  it.each(["", " ", "soon", "-1"])('is not "%s"', (text) => {
    expect(() => idleSecondsOf({ INFERENCE_INFRA_IDLE_SECONDS: text })).toThrow(
      `INFERENCE_INFRA_IDLE_SECONDS: got "${text}"; allowed: a number of seconds, such as 60`,
    );
  });
});
