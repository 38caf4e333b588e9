import { secret, type Input, type Output } from "@pulumi/pulumi";
import { Workspace } from "../components/host/workspace";
import type { DnsZone } from "../components/dns/dns";
import type { InferenceUi } from "../components/serving/inference-ui";
import { exposedAs, volumeKind } from "./checks";
import { cloudsOf } from "./clouds";
import { defined } from "./defined";
import { dnsZone } from "./dns";
import type { Environment } from "./environment";
import { uiFront } from "./front";
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
  const clouds = cloudsOf(environment);
  const cluster = hostCluster(environment, clouds, override);
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
  const zone = dnsZone(environment, clouds, cluster);
  const front = uiFront(environment, ground, zone);
  const ui =
    environment.ui &&
    front &&
    inferenceUi(environment, ground, environment.ui, { ...front.way, volume, training });
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
    ...byHand(environment, zone, ui, front?.certificateRecord),
    uiPassword: ui?.password && secret(ui.password),
  });
}

/** What someone has to tell whoever has the zone above, or the zone itself, where the stack does not do it. */
function byHand(
  environment: Environment,
  zone: DnsZone | undefined,
  ui: InferenceUi | undefined,
  certificateRecord: Output<string> | undefined,
): Partial<Outputs> {
  const { dns } = environment;
  if (zone === undefined) {
    return exposedAs(environment)?.host === undefined
      ? {}
      : defined({ uiPointsAt: ui?.pointsAt, uiCertificateRecord: certificateRecord });
  }
  if (dns?.zone?.kind === "existing" || dns?.parent !== undefined) return {};
  return defined({
    nameServers: zone.nameServers.apply((names) => names.join(" ")),
    dsRecord: zone.dsRecord,
  });
}
