import { describe, expect, it } from "vitest";
import { gkeKubeconfig } from "../../../../components/host/gke/kubeconfig";

const exec = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "gke-gcloud-auth-plugin",
  installHint:
    "gke-gcloud-auth-plugin is missing; install it: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin",
  interactiveMode: "IfAvailable",
  provideClusterInfo: true,
};

describe("a kubeconfig", () => {
  it.each([
    [
      "of the DNS endpoint names no authority",
      { name: "mnist-1a2b3c4", server: "gke-0123.europe-west4.gke.goog" },
      { server: "https://gke-0123.europe-west4.gke.goog" },
    ],
    [
      "of an address names the cluster's",
      { name: "mnist-1a2b3c4", server: "203.0.113.9", caData: "Q0E=" },
      { server: "https://203.0.113.9", "certificate-authority-data": "Q0E=" },
    ],
    [
      "keeps a scheme that is there, and a port",
      { name: "mnist-1a2b3c4", server: "https://127.0.0.1:6443", caData: "Q0E=" },
      { server: "https://127.0.0.1:6443", "certificate-authority-data": "Q0E=" },
    ],
  ])("%s", (_, args, cluster) => {
    expect(JSON.parse(gkeKubeconfig(args))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "mnist-1a2b3c4", cluster }],
      users: [{ name: "mnist-1a2b3c4", user: { exec } }],
      contexts: [{ name: "mnist-1a2b3c4", context: { cluster: "mnist-1a2b3c4", user: "mnist-1a2b3c4" } }],
      "current-context": "mnist-1a2b3c4",
    });
  });

  it("is the same text whenever it is made, so that no provider changes", () => {
    expect(gkeKubeconfig({ name: "a", server: "b" })).toBe(
      '{"apiVersion":"v1","kind":"Config","clusters":[{"name":"a","cluster":{"server":"https://b"}}],' +
        `"users":[{"name":"a","user":{"exec":${JSON.stringify(exec)}}}],` +
        '"contexts":[{"name":"a","context":{"cluster":"a","user":"a"}}],"current-context":"a"}',
    );
    expect(gkeKubeconfig({ caData: "Q0E=", server: "b", name: "a" })).toBe(
      gkeKubeconfig({ name: "a", server: "b", caData: "Q0E=" }),
    );
  });
});
