import { InferenceUi } from "../../../components/serving/inference-ui";
import type { InferenceUiArgs } from "../../../components/serving/ui-arguments";
import type { Registered } from "../../support/mocks";
import { ExistingCluster, type ExistingClusterArgs } from "../../../components/host/existing-cluster";
import { Workspace, type WorkspaceArgs } from "../../../components/host/workspace";

/** A cluster with GPUs, many nodes and both kinds of storage. */
export function testCluster(args: Partial<ExistingClusterArgs> = {}): ExistingCluster {
  return new ExistingCluster("lab", {
    context: "lab",
    storage: {
      readWriteOnce: { name: "standard", binding: "WaitForFirstConsumer" },
      readWriteMany: { name: "shared", binding: "Immediate" },
    },
    gpu: { types: { l4: { "cloud.google.com/gke-accelerator": "nvidia-l4" }, t4: { accelerator: "t4" } } },
    ingressClass: "nginx",
    ...args,
  });
}

export function testGround(
  cluster: Partial<ExistingClusterArgs> = {},
  workspace: Partial<WorkspaceArgs> = {},
) {
  const handle = testCluster(cluster);
  return { cluster: handle, workspace: new Workspace("mnist", { cluster: handle, ...workspace }) };
}

/** The labels of a workload's objects. */
export const labels = (name: string) => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": "inference-infra",
  "app.kubernetes.io/managed-by": "pulumi",
});

/** What the *restricted* Pod Security Standard asks of a pod and of a container. */
export const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 10001,
  runAsGroup: 10001,
  fsGroup: 10001,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};
export const containerSecurity = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

export const image = "ghcr.io/you/mnist-ui:1.4.0";
/** The name of the UI's Deployment, which labels its pods. */
export const workload = "mnist-inference-deployment";

export const ui = (args: Partial<InferenceUiArgs> = {}, cluster: Partial<ExistingClusterArgs> = {}) =>
  new InferenceUi("mnist-inference", { ...testGround(cluster), image, exposure: { kind: "none" }, ...args });

/** What the UI is made of, by kind and name. */
export const kinds = (registered: readonly Registered[]) =>
  registered
    .filter(({ parent }) => parent === "InferenceUi mnist-inference")
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();
