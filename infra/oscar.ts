import { secret } from "@pulumi/pulumi";
import type { DnsZone } from "../components/dns/dns";
import { GatewayController } from "../components/exposure/gateway/gateway-controller";
import type { GatewayPlatform } from "../components/exposure/gateway/platform";
import type { CertManagerRef } from "../components/exposure/tls/tls";
import { oscarUploadSeconds, type OscarExposure } from "../components/oscar/platform/front";
import { OscarCluster } from "../components/oscar/platform/oscar-cluster";
import { certificates, inFull } from "./certificates";
import { oscarGatewayKind } from "./checks";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import { frontNodeOf, gatewayThere } from "./front";
import type { Host } from "./host";
import { objectStorageArgs, registryLogins } from "./oscar-arguments";
import type { Outputs } from "./program";
import { tiers } from "./tiers";
import { asTexts } from "./workloads";

export type OscarSection = NonNullable<Environment["oscar"]>;

/** OSCAR's own Traefik, where the document has the stack install one: there before what looks for the Gateway API. */
export function oscarGateways(
  { name, oscar, host, dns }: Environment,
  cluster: Host,
): GatewayPlatform | undefined {
  if (oscar === undefined || oscarGatewayKind({ oscar, host }) !== "install") return undefined;
  const asked = oscar.gateway?.kind === "install" ? oscar.gateway : undefined;
  const node = frontNodeOf(asked?.frontNode);
  // GKE's own is too old for Traefik, and off with OSCAR (GkeClusterArgs.gatewayScope).
  const api = host.kind === "gke" ? "install" : asked?.gatewayApi;
  return new GatewayController(
    `${name}-oscar`,
    {
      cluster,
      controller: "traefik",
      uploadSeconds: oscarUploadSeconds,
      readsNode: dns !== undefined,
      ...defined({ gatewayApi: api }),
      ...(node !== undefined && { reach: { kind: "front-node", node } }),
    },
    { dependsOn: [...(cluster.gateways?.ready ?? [])] },
  ).platform;
}

interface OscarGround {
  readonly cluster: Host;
  readonly zone: DnsZone | undefined;
  readonly certManager: CertManagerRef | undefined;
  /** The one that the stack installs for OSCAR. */
  readonly traefik: GatewayPlatform | undefined;
}

export function oscarCluster(
  environment: Environment,
  section: OscarSection,
  ground: OscarGround,
): OscarCluster {
  const { name, tier } = environment;
  const {
    tls: _tls,
    gateway: _gateway,
    sharedStorage,
    objectStorage,
    imagePullSecrets,
    kueue,
    ...rest
  } = section;
  const { keepsData, isProtected } = tiers[tier];
  return new OscarCluster(`${name}-oscar`, {
    ...defined(rest),
    cluster: ground.cluster,
    zone: ground.zone,
    exposure: exposureOf(environment, section, ground),
    sharedStorage: sharedStorage.kind === "host" ? { kind: "class" } : sharedStorage,
    objectStorage: objectStorageArgs(objectStorage),
    // GKE has it (https://cloud.google.com/kubernetes-engine/docs/how-to/horizontal-pod-autoscaling).
    metricsServer: section.metricsServer ?? "existing",
    ...(kueue !== undefined && { kueue: asTexts(kueue) }),
    ...(imagePullSecrets !== undefined && { imagePullSecrets: registryLogins(imagePullSecrets) }),
    retain: section.retain ?? keepsData,
    protect: isProtected,
  });
}

function exposureOf(environment: Environment, section: OscarSection, ground: OscarGround): OscarExposure {
  const { cluster, zone, certManager, traefik } = ground;
  const name = `${environment.name}-oscar`;
  if (section.gateway?.kind === "existing") {
    const found = { ...section.gateway, controller: "traefik" } as const;
    return {
      kind: "gateway",
      gateway: gatewayThere(`${name}-gateway`, found, { cluster, parent: cluster }),
    };
  }
  return {
    kind: "traefik",
    traefik: "existing",
    ...defined({ platform: traefik }),
    tls: inFull(section.tls, environment.tier),
    certificates: certificates({
      name,
      environment,
      cluster,
      certManager,
      zone,
      solver: { kind: "gateway" },
      parent: cluster,
    }),
    after: certManager?.ready ?? [],
  };
}

/** What the stack tells of it; what opens it is secret. */
export function oscarOutputs(oscar: OscarCluster, zone: DnsZone | undefined): Outputs {
  return defined({
    oscarEndpoint: oscar.endpoint,
    oscarDashboard: oscar.dashboard,
    oscarUsername: oscar.username,
    oscarPassword: secret(oscar.password),
    minioEndpoint: oscar.minioEndpoint,
    minioConsole: oscar.minioConsole,
    minioAccessKey: secret(oscar.minioAccessKey),
    minioSecretKey: secret(oscar.minioSecretKey),
    oscarPointsAt: zone === undefined ? oscar.pointsAt : undefined,
  });
}
