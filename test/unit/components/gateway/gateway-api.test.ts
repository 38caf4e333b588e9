import { describe, expect, it } from "vitest";
import { GatewayApi } from "../../../../components/exposure/gateway/gateway-api";
import { checkImage } from "../../../../components/kubernetes/checks";
import { gatewayApiManifest, images } from "../../../../components/versions";
import { run } from "../../../support/mocks";
import { containerSecurity, labels, podSecurity, testCluster } from "../fixtures";

const install = (name = "lab") => new GatewayApi(name, { cluster: testCluster(), namespace: "traefik" });

const inherited = { parent: "GatewayApi lab", provider: "lab", options: {} };
const metadata = { namespace: "traefik", labels: labels("lab-gateway-api") };

describe.each([false, true])("the Gateway API's definitions, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);

  it("are installed by a Job, which may do that and no more", async () => {
    const { one, result } = await run(preview, () => install());
    expect(one("ServiceAccount").inputs).toMatchObject({ metadata, automountServiceAccountToken: false });
    expect(one("ClusterRole")).toMatchObject({
      name: "lab-gateway-api",
      inputs: {
        metadata: { labels: labels("lab-gateway-api") },
        rules: [
          {
            apiGroups: ["apiextensions.k8s.io"],
            resources: ["customresourcedefinitions"],
            verbs: ["get", "list", "watch", "create", "patch"],
          },
          {
            apiGroups: ["admissionregistration.k8s.io"],
            resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
            verbs: ["get", "create", "patch"],
          },
        ],
      },
      ...inherited,
    });
    expect(one("ClusterRoleBinding")).toMatchObject({
      inputs: {
        roleRef: {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "ClusterRole",
          name: known("lab-gateway-api-1a2b3c4d"),
        },
        subjects: [{ kind: "ServiceAccount", name: known("lab-gateway-api-1a2b3c4d"), namespace: "traefik" }],
      },
      ...inherited,
    });
    const step = (name: string, args: string[]) => ({
      name,
      image: "registry.k8s.io/kubectl:v1.36.3",
      args,
      securityContext: containerSecurity,
      resources: { requests: { cpu: "100m", memory: "128Mi" } },
    });
    const { dependsOn, ...job } = one("Job");
    expect(job).toEqual({
      type: "kubernetes:batch/v1:Job",
      name: "lab-gateway-api",
      inputs: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata,
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: 540,
          template: {
            metadata: { labels: labels("lab-gateway-api") },
            spec: {
              restartPolicy: "Never",
              serviceAccountName: known("lab-gateway-api-1a2b3c4d"),
              automountServiceAccountToken: true,
              enableServiceLinks: false,
              securityContext: podSecurity,
              initContainers: [
                step("apply", [
                  "apply",
                  "--server-side",
                  "--field-manager=inference-infra",
                  "--filename=https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.5.1/standard-install.yaml",
                ]),
              ],
              containers: [
                step("wait", [
                  "wait",
                  "--for=condition=Established",
                  "--timeout=60s",
                  "crd/gatewayclasses.gateway.networking.k8s.io",
                  "crd/gateways.gateway.networking.k8s.io",
                  "crd/httproutes.gateway.networking.k8s.io",
                  "crd/referencegrants.gateway.networking.k8s.io",
                ]),
              ],
            },
          },
        },
      },
      ...inherited,
    });
    expect(dependsOn).toContain("ClusterRoleBinding lab-gateway-api");
    expect(result.ready).toHaveLength(1);
  });
});

it("are of one version, and so is what installs them", () => {
  expect(gatewayApiManifest).toMatch(/^https:\/\/github\.com\/.+\/v\d+\.\d+\.\d+\/standard-install\.yaml$/);
  expect(Object.values(images).flatMap((image) => checkImage("image", image))).toEqual([]);
});

it("are refused under a name that a Job's pods could not bear", async () => {
  const name = "a".repeat(43);
  await expect(run(false, () => install(name))).rejects.toThrow(
    `GatewayApi ${name}:\n  name: got "${name}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 42 characters`,
  );
});
