import type { Output } from "@pulumi/pulumi";
import type { DnsZone } from "../components/dns/dns";
import type { Exposure, FrontNode } from "../components/exposure/exposure";
import { classGateways } from "../components/exposure/gateway/controllers";
import { existingGateway } from "../components/exposure/gateway/existing-gateway";
import type { GatewayRef } from "../components/exposure/gateway/platform";
import type { Gateway } from "../components/exposure/gateway/gateway-objects";
import { SharedGateway } from "../components/exposure/gateway/shared-gateway";
import { CertManager, existingCertManager } from "../components/exposure/tls/cert-manager";
import { certificateMaker, type CertificateMakerArgs } from "../components/exposure/tls/make-certificate";
import type { CertManagerRef, Tls } from "../components/exposure/tls/tls";
import { existingObject } from "../components/kubernetes/custom-resource";
import { exposedAs } from "./checks";
import { defined } from "./defined";
import type { Environment } from "./environment";
import { tiers } from "./tiers";
import type { Ground } from "./workloads";

/** How a workload is reached, as it takes it. */
export interface WayIn {
  readonly exposure: Exposure;
  readonly host?: string;
  readonly zone?: DnsZone;
}

/** What the stack's names lead through on their way to its workloads. */
export interface Front {
  readonly way: WayIn;
  /** What proves to Google that the host is yours, where no zone of the stack's does: name, type and value. */
  readonly certificateRecord?: Output<string>;
}

/** Makes what is between people and the UI, as far as the document asks for it. */
export function uiFront(
  environment: Environment,
  ground: Ground,
  zone: DnsZone | undefined,
): Front | undefined {
  const { ui } = environment;
  if (ui === undefined) return undefined;
  const host = exposedAs(environment)?.host;
  const certManager = certManagerOf(environment, ground);
  const way = { environment, ground, zone, certManager, host: host ?? "", tls: ui.tls ?? { kind: "none" } };
  const exposure = exposureOf(way, ui.exposure);
  const gateway = exposure.kind === "gateway" ? exposure.gateway : undefined;
  const [certificateRecord] = gateway instanceof SharedGateway ? gateway.recordsToMake : [];
  return { way: { exposure, ...defined({ host, zone }) }, ...defined({ certificateRecord }) };
}

interface Way {
  readonly environment: Environment;
  readonly ground: Ground;
  readonly zone: DnsZone | undefined;
  readonly certManager: CertManagerRef | undefined;
  readonly host: string;
  readonly tls: Tls;
}

type Section = NonNullable<Environment["ui"]>["exposure"];

function exposureOf(way: Way, section: Section): Exposure {
  switch (section.kind) {
    case "none":
    case "load-balancer":
      return section;
    case "node-port": {
      const frontNode = frontNodeOf(section.frontNode);
      return { kind: "node-port", ...defined({ port: section.port, frontNode }) };
    }
    case "ingress":
      return {
        ...section,
        host: way.host,
        ...defined({ tls: section.tls ?? ingressTls(way, section.className) }),
      };
    case "gateway": {
      const { await: awaited, ...rest } = section;
      return { ...rest, gateway: gatewayOf(way, awaited) };
    }
  }
}

/** The checks have seen to it that one of the two is there. */
function frontNodeOf(
  node:
    { readonly name?: string | undefined; readonly addresses?: readonly string[] | undefined } | undefined,
): FrontNode | undefined {
  if (node?.addresses !== undefined) return { addresses: node.addresses };
  return node?.name === undefined ? undefined : { name: node.name };
}

function certManagerOf({ name, host, ui }: Environment, { cluster }: Ground): CertManagerRef | undefined {
  if (host.certManager === undefined) return undefined;
  if (host.certManager === "existing") return existingCertManager({});
  const gatewayApi = ui?.exposure.kind === "gateway";
  const after = gatewayApi ? (cluster.gateways?.ready ?? []) : [];
  return new CertManager(`${name}-cert-manager`, { cluster, gatewayApi, after });
}

function gatewayOf(way: Way, awaited: boolean | undefined): GatewayRef {
  const { environment, ground, zone, host, tls } = way;
  const { name } = environment;
  const found = environment.host.kind === "existing" ? environment.host.gateway : undefined;
  if (found?.kind === "existing") {
    const { cluster, workspace } = ground;
    const object = { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway" } as const;
    const read = existingObject<Gateway>(
      `${name}-shared-gateway`,
      { ...object, name: found.name, namespace: found.namespace },
      { parent: workspace, provider: cluster.provider },
    );
    return existingGateway({
      ready: [read],
      gatewayName: found.name,
      namespace: found.namespace,
      scheme: found.scheme ?? "https",
      platform: classGateways({ className: "", ready: [], ...defined({ controller: found.controller }) }),
      ...defined({ sectionName: found.listener, address: cluster.publicAddress }),
    });
  }
  return new SharedGateway(name, {
    cluster: ground.cluster,
    hosts: [{ host, tls: tls.kind === "secret" ? { ...tls, namespace: ground.workspace.namespace } : tls }],
    namespaces: [ground.workspace.namespace],
    ...defined({
      zone,
      certificates: certificates(way, { kind: "gateway" }),
      after: way.certManager?.ready,
      await: awaited,
    }),
  });
}

/** The Secret with an Ingress's certificate, which is beside it. */
function ingressTls(way: Way, className: string | undefined): { readonly secretName: string } | undefined {
  const { ground, host, tls } = way;
  const { cluster, workspace } = ground;
  if (tls.kind === "secret") return { secretName: tls.secretName };
  if (tls.kind !== "cert-manager" && tls.kind !== "self-signed") return undefined;
  const make = certificates(way, { kind: "ingress", className: className ?? cluster.ingressClass ?? "" });
  return make?.({ host, tls, namespace: workspace.namespace, parent: workspace });
}

/** Certificates by cert-manager, where the cluster has it. */
function certificates(
  { environment, ground, zone, certManager }: Way,
  solver: CertificateMakerArgs["solver"],
) {
  if (certManager === undefined) return undefined;
  const { cluster, workspace } = ground;
  const { name, tier } = environment;
  const production = tiers[tier].trustedCertificates;
  return certificateMaker({ name, cluster, certManager, zone, production, solver, parent: workspace });
}
