import { secret, type Input } from "@pulumi/pulumi";
import { Workspace } from "../components/host/workspace";
import { volumeKind } from "./checks";
import { defined } from "./defined";
import type { Environment } from "./environment";
import { hostCluster, type ClusterOverride } from "./host";
import { inferenceUi, modelVolume, retainsData, trainingJob } from "./workloads";

/** What a stack tells of itself; password and kubeconfig are secrets (`pulumi stack output --show-secrets`). */
export type Outputs = Record<string, Input<string>>;

/**
 * Brings up what the document describes. All logical names derive from its `name` and stay as they are: to Pulumi, a
 * renamed resource is another one.
 */
export function program(environment: Environment, override?: ClusterOverride): Outputs {
  const { name, namespace } = environment;
  const cluster = hostCluster(environment, override);
  const workspace = new Workspace(name, {
    cluster,
    retain: retainsData(environment) && volumeKind(environment) === "claim",
    ...(namespace?.kind === "existing" && {
      existing: namespace.name,
      ...defined({ imagePullSecrets: namespace.imagePullSecrets }),
    }),
  });
  const ground = { cluster, workspace };
  const volume = environment.modelVolume && modelVolume(environment, ground, environment.modelVolume);
  const training = environment.training && trainingJob(environment, ground, environment.training, volume);
  const ui = environment.ui && inferenceUi(environment, ground, environment.ui, { volume, training });
  return defined({
    cluster: cluster.access?.clusterName,
    kubeconfig: cluster.access && secret(cluster.access.kubeconfig),
    namespace: workspace.namespace,
    claim: volume?.claimName,
    modelBucket: volume?.bucketName,
    trainingJob: training?.jobName,
    uiDeployment: ui?.deploymentName,
    uiService: ui?.serviceName,
    uiAddress: ui?.address,
    uiPassword: ui?.password && secret(ui.password),
  });
}
