import type { Output, Resource } from "@pulumi/pulumi";
import type { DnsZone } from "../components/dns/dns";
import type { Exposure, FrontNode } from "../components/exposure/exposure";
import { classGateways, type Controller } from "../components/exposure/gateway/controllers";
import { existingGateway } from "../components/exposure/gateway/existing-gateway";
import type { GatewayRef } from "../components/exposure/gateway/platform";
import type { Gateway } from "../components/exposure/gateway/gateway-objects";
import { SharedGateway } from "../components/exposure/gateway/shared-gateway";
import type { CertManagerRef, Tls } from "../components/exposure/tls/tls";
import type { ClusterHandle } from "../components/host/cluster-handle";
import { existingObject } from "../components/kubernetes/custom-resource";
import { certificates as certificatesOf, type CertificatesArgs } from "./certificates";
import { exposedAs } from "./checks";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
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
  certManager: CertManagerRef | undefined,
): Front | undefined {
  const { ui } = environment;
  if (ui === undefined) return undefined;
  const host = exposedAs(environment)?.host;
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
export function frontNodeOf(
  node:
    { readonly name?: string | undefined; readonly addresses?: readonly string[] | undefined } | undefined,
): FrontNode | undefined {
  if (node?.addresses !== undefined) return { addresses: node.addresses };
  return node?.name === undefined ? undefined : { name: node.name };
}

function gatewayOf(way: Way, awaited: boolean | undefined): GatewayRef {
  const { environment, ground, zone, host, tls } = way;
  const { name } = environment;
  const found = environment.host.kind === "existing" ? environment.host.gateway : undefined;
  if (found?.kind === "existing")
    return gatewayThere(`${name}-shared-gateway`, found, {
      cluster: ground.cluster,
      parent: ground.workspace,
    });
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

interface GatewayThere {
  readonly name: string;
  readonly namespace: string;
  readonly listener?: string | undefined;
  readonly scheme?: "http" | "https" | undefined;
  readonly controller?: Controller | undefined;
}

/** A Gateway that someone else made. It is read, so that one that is not there is told before anything is made. */
export function gatewayThere(
  logicalName: string,
  { name, namespace, listener, scheme = "https", controller }: GatewayThere,
  { cluster, parent }: { readonly cluster: ClusterHandle; readonly parent: Resource },
): GatewayRef {
  const read = existingObject<Gateway>(
    logicalName,
    { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", name, namespace },
    { parent, provider: cluster.provider },
  );
  return existingGateway({
    ready: [read],
    gatewayName: name,
    namespace,
    scheme,
    platform: classGateways({ className: "", ready: [], ...defined({ controller }) }),
    ...defined({ sectionName: listener, address: cluster.publicAddress }),
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

function certificates(
  { environment, ground: { cluster, workspace }, zone, certManager }: Way,
  solver: CertificatesArgs["solver"],
) {
  const { name } = environment;
  return certificatesOf({ name, environment, cluster, certManager, zone, solver, parent: workspace });
}
