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
  readonly host: string | undefined;
  /** What proves to Google that the host is yours, where no zone of the stack's does: name, type and value. */
  readonly certificateRecord: Output<string> | undefined;
}

/** What all ways in share. */
interface Site {
  readonly environment: Environment;
  readonly ground: Ground;
  readonly zone: DnsZone | undefined;
  readonly certManager: CertManagerRef | undefined;
}

/** What the document says of one way in. */
interface Way extends Site {
  /** What the logical names of its issuers begin with. */
  readonly name: string;
  readonly section: Section;
  readonly host: string | undefined;
  readonly tls: Tls;
}

type Section = NonNullable<Environment["ui"]>["exposure"];

/** Makes what is between people and the workloads, as far as the document asks for it; a gateway is one for all. */
export function fronts(site: Site): { readonly ui: Front | undefined; readonly server: Front | undefined } {
  const { name, ui, modelServer } = site.environment;
  const toUi = ui && wayTo(site, name, ui);
  const toServer = modelServer && wayTo(site, `${name}-model-server`, modelServer);
  const ways = [toUi, toServer].flatMap((way) => (way?.section.kind === "gateway" ? [way] : []));
  const gateway = gatewayOf(ways);
  const managed = ways.filter(({ tls }) => tls.kind === "google-managed");
  const records = gateway instanceof SharedGateway ? gateway.recordsToMake : [];
  const frontOf = (way: Way | undefined): Front | undefined =>
    way && {
      way: {
        exposure: exposureOf(way, gateway),
        ...defined({ host: way.host, zone: way.zone }),
      },
      host: way.host,
      certificateRecord: records[managed.indexOf(way)],
    };
  return { ui: frontOf(toUi), server: frontOf(toServer) };
}

type Reached = Pick<NonNullable<Environment["ui"]>, "host" | "tls"> & {
  readonly exposure?: Section | undefined;
};

function wayTo(site: Site, name: string, reached: Reached): Way {
  const { exposure: section = { kind: "none" }, tls = { kind: "none" } } = reached;
  const host = section.kind === "ingress" ? section.host : reached.host;
  return { ...site, name, section, host, tls };
}

function exposureOf(way: Way, gateway: GatewayRef | undefined): Exposure {
  const { section } = way;
  switch (section.kind) {
    case "none":
    case "load-balancer":
      return section;
    case "node-port": {
      const frontNode = frontNodeOf(section.frontNode);
      return { kind: "node-port", ...defined({ port: section.port, frontNode }) };
    }
    case "ingress":
      return { ...section, ...defined({ tls: section.tls ?? ingressTls(way, section) }) };
    case "gateway": {
      if (gateway === undefined) throw new Error("there is a gateway where one is asked for");
      const { await: _await, ...rest } = section;
      return { ...rest, gateway };
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

/** One for all that are reached by a gateway. */
function gatewayOf(ways: readonly Way[]): GatewayRef | undefined {
  const [first] = ways;
  if (first === undefined) return undefined;
  const { environment, ground, zone } = first;
  const { name } = environment;
  const found = environment.host.kind === "existing" ? environment.host.gateway : undefined;
  if (found?.kind === "existing")
    return gatewayThere(`${name}-shared-gateway`, found, {
      cluster: ground.cluster,
      parent: ground.workspace,
    });
  const { namespace } = ground.workspace;
  const isAwaited = ways.every(({ section }) => section.kind !== "gateway" || section.await !== false);
  return new SharedGateway(name, {
    cluster: ground.cluster,
    hosts: ways.map(({ host, tls }) => ({
      ...defined({ host }),
      tls: tls.kind === "secret" ? { ...tls, namespace } : tls,
    })),
    namespaces: [namespace],
    ...defined({
      zone,
      certificates: certificates(first, { kind: "gateway" }),
      after: first.certManager?.ready,
    }),
    await: isAwaited,
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
function ingressTls(
  way: Way,
  { host, className }: Extract<Section, { kind: "ingress" }>,
): { readonly secretName: string } | undefined {
  const { ground, tls } = way;
  const { cluster, workspace } = ground;
  if (tls.kind === "secret") return { secretName: tls.secretName };
  if (tls.kind !== "cert-manager" && tls.kind !== "self-signed") return undefined;
  const make = certificates(way, { kind: "ingress", className: className ?? cluster.ingressClass ?? "" });
  return make?.({ host, tls, namespace: workspace.namespace, parent: workspace });
}

function certificates(
  { name, environment, ground: { cluster, workspace }, zone, certManager }: Way,
  solver: CertificatesArgs["solver"],
) {
  return certificatesOf({ name, environment, cluster, certManager, zone, solver, parent: workspace });
}
