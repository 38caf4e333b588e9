import { describe, expect, it } from "vitest";
import { MetricsServer, type MetricsServerArgs } from "../../../../components/oscar/platform/metrics-server";
import { run } from "../../../support/mocks";
import { testCluster } from "../fixtures";

const install = (name = "lab", args: Omit<MetricsServerArgs, "cluster"> = {}, chartsFolder?: string) => {
  const { provider } = testCluster();
  return new MetricsServer(name, { cluster: { provider, ...(chartsFolder && { chartsFolder }) }, ...args });
};

describe.each([false, true])("metrics-server, preview %s", (preview) => {
  it("is a release where metrics-servers are, which takes what kubelets show", async () => {
    const { registered, one, result } = await run(preview, () => install());
    expect(registered.filter(({ parent }) => parent === "MetricsServer lab")).toHaveLength(1);
    expect(one("Release")).toEqual({
      type: "kubernetes:helm.sh/v3:Release",
      name: "lab",
      inputs: {
        chart: "metrics-server",
        repositoryOpts: { repo: "https://kubernetes-sigs.github.io/metrics-server" },
        version: "3.13.1",
        namespace: "kube-system",
        values: { args: ["--kubelet-insecure-tls"] },
        timeout: 600,
        atomic: true,
        compat: "true",
      },
      parent: "MetricsServer lab",
      provider: "lab",
      dependsOn: [],
      options: {},
    });
    expect(result.ready).toHaveLength(1);
  });

  it("checks kubelets' certificates where they are signed", async () => {
    const { one } = await run(preview, () => install("lab", { kubeletCertificates: "signed" }));
    expect(one("Release").inputs["values"]).toEqual({});
  });

  it("comes from the cluster's folder of charts, where it has one", async () => {
    const { one } = await run(preview, () => install("lab", {}, "/charts"));
    expect(one("Release").inputs).toMatchObject({ chart: "/charts/metrics-server", version: "3.13.1" });
  });
});

it("is refused under a name that Helm would not take", async () => {
  const name = "a".repeat(45);
  await expect(run(false, () => install(name))).rejects.toThrow(
    `MetricsServer ${name}:\n  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 44 characters`,
  );
});
