import { core } from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import {
  CertManager,
  existingCertManager,
  type CertManagerArgs,
} from "../../../../components/exposure/tls/cert-manager";
import { labels, testCluster } from "../fixtures";
import { run, valueOf } from "../../../support/mocks";

const install = (args: Omit<CertManagerArgs, "cluster"> = {}, chartsFolder?: string) => {
  const { provider } = testCluster();
  return new CertManager("certs", { cluster: { provider, ...(chartsFolder && { chartsFolder }) }, ...args });
};

describe.each([false, true])("cert-manager, preview %s", (preview) => {
  const namespace = preview ? "<unknown>" : "cert-manager";
  const values = {
    crds: { enabled: true, keep: true },
    global: { leaderElection: { namespace } },
    serviceAccount: { name: "cert-manager" },
  };
  const release = {
    type: "kubernetes:helm.sh/v3:Release",
    name: "certs",
    inputs: {
      chart: "cert-manager",
      repositoryOpts: { repo: "https://charts.jetstack.io" },
      version: "v1.21.2",
      name: "cert-manager",
      namespace,
      values,
      timeout: 600,
      atomic: true,
      compat: "true",
    },
    parent: "CertManager certs",
    provider: "lab",
    dependsOn: ["Namespace certs"],
    options: {},
  };

  it("is a release in a namespace, both of the name that everyone knows", async () => {
    const { one, registered } = await run(preview, () => install());
    expect(registered.filter(({ parent }) => parent === "CertManager certs")).toHaveLength(2);
    expect(one("Namespace")).toEqual({
      type: "kubernetes:core/v1:Namespace",
      name: "certs",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "cert-manager", labels: labels("cert-manager") },
      },
      parent: "CertManager certs",
      provider: "lab",
      dependsOn: [],
      options: {},
    });
    expect(one("Release")).toEqual(release);
  });

  it("looks for the Gateway API where it is to, after what brings it", async () => {
    const { one } = await run(preview, () => {
      const gatewayApi = new core.v1.ConfigMap("gateway-api");
      return install({ gatewayApi: true, after: [gatewayApi] });
    });
    const { inputs, dependsOn } = one("Release");
    expect(inputs["values"]).toEqual({ ...values, config: { gatewayAPI: { enabled: true } } });
    expect([...dependsOn].sort()).toEqual(["ConfigMap gateway-api", "Namespace certs"]);
  });

  it("comes from a folder of charts where there is one", async () => {
    const { one } = await run(preview, () => install({}, "/charts"));
    const { repositoryOpts, ...inputs } = release.inputs;
    expect(repositoryOpts).toBeDefined();
    expect(one("Release").inputs).toEqual({ ...inputs, chart: "/charts/cert-manager" });
  });
});

it("tells who it is", async () => {
  const { result } = await run(false, () => install());
  expect(await valueOf(result.namespace)).toBe("cert-manager");
  expect(result.serviceAccount).toBe("cert-manager");
  expect(result.ready).toHaveLength(1);
});

it("one that is there has the usual names, or others", () => {
  expect(existingCertManager()).toEqual({
    namespace: "cert-manager",
    serviceAccount: "cert-manager",
    ready: [],
  });
  expect(existingCertManager({ namespace: "pki", serviceAccount: "issuer" })).toEqual({
    namespace: "pki",
    serviceAccount: "issuer",
    ready: [],
  });
});
