import { secret, type Input } from "@pulumi/pulumi";
import { Workspace } from "../components/host/workspace";
import type { DnsZone } from "../components/dns/dns";
import type { CertManagerRef } from "../components/exposure/tls/tls";
import type { ClusterHandle } from "../components/host/cluster-handle";
import { certManagerOf } from "./certificates";
import { volumeKind } from "./checks";
import { cloudsOf } from "./clouds";
import { defined } from "../components/defined";
import { dnsZone } from "./dns";
import type { Environment } from "./environment";
import { fronts } from "./front";
import { hostCluster, type ClusterOverride } from "./host";
import { modelServer, modelServerOutputs } from "./model-server";
import { oscarCluster, oscarGateways, oscarOutputs } from "./oscar";
import { oscarServices } from "./oscar-services";
import { inferenceUi, modelVolume, retainsData, trainingJob } from "./workloads";

/** What a stack tells of itself; password and kubeconfig are secrets (`pulumi stack output --show-secrets`). */
export type Outputs = Record<string, Input<string | Record<string, string>>>;

/**
 * Brings up what the document describes. All logical names derive from its `name` and stay as they are: to Pulumi, a
 * renamed resource is another one.
 */
export function program(environment: Environment, override?: ClusterOverride): Outputs {
  const clouds = cloudsOf(environment);
  const cluster = hostCluster(environment, clouds, override);
  if (cluster === undefined) return oscarServices(environment, undefined);
  const zone = dnsZone(environment, clouds, cluster);
  const traefik = oscarGateways(environment, cluster);
  const certManager = certManagerOf(environment, cluster, [
    ...(cluster.gateways?.ready ?? []),
    ...(traefik?.ready ?? []),
  ]);
  const shared = { cluster, zone, certManager };
  const oscar = environment.oscar && oscarCluster(environment, environment.oscar, { ...shared, traefik });
  return {
    ...defined({
      cluster: cluster.access?.clusterName,
      kubeconfig: cluster.access && secret(cluster.access.kubeconfig),
    }),
    ...workloads(environment, shared),
    ...(oscar && oscarOutputs(oscar, zone)),
    ...oscarServices(environment, oscar),
    ...(zone && delegation(environment, zone)),
  };
}

/** What the workloads share with OSCAR, where there are both. */
interface Shared {
  readonly cluster: ClusterHandle;
  readonly zone: DnsZone | undefined;
  readonly certManager: CertManagerRef | undefined;
}

/** The workloads, in a namespace of their own; OSCAR has others. */
function workloads(environment: Environment, { cluster, zone, certManager }: Shared): Outputs {
  const { name, namespace } = environment;
  const {
    modelVolume: volumeSection,
    training: trainingSection,
    ui: uiSection,
    modelServer: serverSection,
  } = environment;
  if ([volumeSection, trainingSection, uiSection, serverSection].every((each) => each === undefined))
    return {};
  const workspace = new Workspace(name, {
    cluster,
    retain: retainsData(environment) && volumeKind(environment) === "claim",
    ...(namespace?.kind === "existing" && {
      existing: namespace.name,
      ...defined({ imagePullSecrets: namespace.imagePullSecrets }),
    }),
  });
  const ground = { cluster, workspace };
  const volume = volumeSection && modelVolume(environment, ground, volumeSection);
  const training = trainingSection && trainingJob(environment, ground, trainingSection, volume);
  const front = fronts({ environment, ground, zone, certManager });
  const server =
    serverSection && front.server && modelServer(environment, ground, serverSection, front.server);
  const ui =
    uiSection &&
    front.ui &&
    inferenceUi(environment, ground, uiSection, {
      ...front.ui.way,
      volume,
      training,
      serverUrl: server?.clusterUrl,
    });
  return defined({
    namespace: workspace.namespace,
    claim: volume?.claimName,
    modelBucket: volume?.bucketName,
    trainingJob: training?.jobName,
    uiDeployment: ui?.deploymentName,
    uiService: ui?.serviceName,
    uiAddress: ui?.address,
    ...(zone === undefined &&
      front.ui?.host !== undefined && {
        uiPointsAt: ui?.pointsAt,
        uiCertificateRecord: front.ui.certificateRecord,
      }),
    uiPassword: ui?.password && secret(ui.password),
    ...(server && front.server && modelServerOutputs(server, front.server)),
  });
}

/** What whoever has the zone above has to be told, where the stack does not do it. */
function delegation({ dns }: Environment, zone: DnsZone): Outputs {
  if (dns?.zone?.kind === "existing" || dns?.parent !== undefined) return {};
  return defined({
    nameServers: zone.nameServers.apply((names) => names.join(" ")),
    dsRecord: zone.dsRecord,
  });
}
