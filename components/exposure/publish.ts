import { core, networking } from "@pulumi/kubernetes";
import { output, type CustomResourceOptions, type Input, type Output, type Resource } from "@pulumi/pulumi";
import { isIP } from "node:net";
import type { DnsZone, RecordData } from "../dns/dns";
import type { AddressReservation, ClusterHandle } from "../host/cluster-handle";
import { skipAwait } from "../kubernetes/annotations";
import { loadBalancerAddress, nodePortAddress, portForward, webAddress } from "./addresses";
import {
  defaultRequestTimeoutSeconds,
  hostOf,
  isOfCluster,
  type Exposure,
  type GatewayExposure,
  type IngressExposure,
} from "./exposure";
import { frontNodeAddress } from "./front-node";
import type { RouteSplit } from "./gateway/gateway-objects";
import { takeRoute } from "./gateway/routes-taken";
import { routeTo } from "./gateway/workload-route";
import { ingressAddress, ingressManifest } from "./ingress";

/** A workload's Service, and how people are to reach it. */
export interface PublishArgs<Kind extends Exposure = Exposure> {
  readonly cluster: ClusterHandle;
  readonly exposure: Kind;
  /** The name that it is reached under. An ingress has its own. */
  readonly host: string | undefined;
  /** The zone that the name is to be in. Without it, someone else makes the record. */
  readonly zone: DnsZone | undefined;
  /** By which its pods are labelled. */
  readonly workload: string;
  readonly namespace: Output<string>;
  readonly service: core.v1.Service;
  readonly serviceName: string;
  readonly servicePort: number;
  /** Where a gateway sends some of the requests instead. @default all go to the Service */
  readonly split?: RouteSplit | undefined;
  /** The path that answers with 200 once a pod is ready, and the port that pods listen on. */
  readonly health: { readonly path: string; readonly port: number };
  /** Whether a person's requests must all reach the same pod. */
  readonly sticky: boolean;
  readonly reservation: AddressReservation | undefined;
  /** Whether it is waited for: without ready pods, some controllers give no address. */
  readonly awaited: boolean;
  /** What runs the pods. */
  readonly after: readonly Resource[];
  readonly self: CustomResourceOptions & { readonly parent: Resource };
}

/** Some controllers make a load balancer for each Ingress, which takes long. */
const patient = { customTimeouts: { create: "20m", update: "20m", delete: "20m" } };

/**
 * Reserves the address of an Ingress or a load balancer that a name is to point at, where the cluster's cloud has
 * addresses to reserve.
 */
export function reserveAddress(
  name: string,
  {
    cluster,
    exposure,
    host,
    parent,
  }: Pick<PublishArgs, "cluster" | "exposure" | "host"> & { readonly parent: Resource },
): AddressReservation | undefined {
  if (hostOf(exposure, host) === undefined) return undefined;
  const { kind } = exposure;
  // Another controller than the cluster's own has an address of its own, too.
  return kind === "load-balancer" || (kind === "ingress" && isOfCluster(exposure, cluster))
    ? cluster.reserveAddress?.(name, { parent, use: kind })
    : undefined;
}

/** Takes the host and path that lead to a workload, before anything is made; the fault, where another one has them. */
export function takeHost({
  cluster,
  exposure,
  host,
  workload,
}: Pick<PublishArgs, "cluster" | "exposure" | "host" | "workload">): string[] {
  const name = hostOf(exposure, host);
  if (name === undefined || (exposure.kind !== "ingress" && exposure.kind !== "gateway")) return [];
  return takeRoute(cluster, { host: name, path: exposure.path ?? "/", workload });
}

/** Where people reach a workload. */
export interface Published {
  /** A URL, or how to find it where the cluster alone knows. */
  readonly address: Output<string>;
  /** What the record of its name says, or has to say: an address or a host name. */
  readonly pointsAt: Output<string> | undefined;
}

/** Makes what leads to a Service from outside, and the record of its name, which waits for nothing but the address. */
export function publish(name: string, args: PublishArgs): Published {
  const { exposure } = args;
  const at = targetOf(name, args);
  const host = hostOf(exposure, args.host);
  if (host !== undefined && args.zone !== undefined && at !== undefined)
    args.zone.record({ name: host, data: recordOf(at) });
  return { address: leadTo(name, args, at), pointsAt: at === undefined ? undefined : output(at) };
}

function leadTo(name: string, args: PublishArgs, at: Input<string> | undefined): Output<string> {
  const { exposure, namespace, serviceName, servicePort } = args;
  switch (exposure.kind) {
    case "ingress":
      return makeIngress(name, { ...args, exposure });
    case "gateway":
      return makeRoute(name, { ...args, exposure });
    case "load-balancer":
      return balancedAddress(args);
    case "node-port":
      return nodePort(args, at);
    case "none":
      return namespace.apply((known) => portForward(known, serviceName, servicePort));
  }
}

/** What a name is to point at: known, or reserved, before there is anything that has it. */
function targetOf(
  name: string,
  { exposure, cluster, reservation, self }: PublishArgs,
): Input<string> | undefined {
  switch (exposure.kind) {
    case "gateway":
      return exposure.gateway.address;
    case "node-port":
      return exposure.frontNode === undefined
        ? cluster.publicAddress
        : frontNodeAddress(name, exposure.frontNode, { parent: self.parent, provider: cluster.provider });
    case "ingress":
    case "load-balancer":
      return reservation?.ip ?? cluster.publicAddress;
    case "none":
      return undefined;
  }
}

function makeIngress(name: string, args: PublishArgs<IngressExposure>): Output<string> {
  const { exposure, cluster, service, reservation, workload, namespace, sticky, awaited } = args;
  new networking.v1.Ingress(
    `${name}-ingress`,
    ingressManifest({
      exposure,
      className: exposure.className ?? cluster.ingressClass ?? "",
      sticky,
      workload,
      namespace,
      serviceName: service.metadata.name,
      annotations: {
        ...(!awaited || exposure.await === false ? skipAwait : {}),
        ...reservation?.annotations,
      },
    }),
    { ...args.self, ...patient, dependsOn: [...args.after] },
  );
  return output(ingressAddress(exposure));
}

function makeRoute(name: string, args: PublishArgs<GatewayExposure>): Output<string> {
  const { exposure, host = "", cluster, workload, namespace, service, split, sticky, health, self } = args;
  const { gateway, path = "/", requestTimeoutSeconds = defaultRequestTimeoutSeconds } = exposure;
  const { url } = routeTo(`${name}-route`, {
    gateway,
    host,
    path,
    workload,
    namespace,
    service: { name: service.metadata.name, port: args.servicePort },
    split,
    requestTimeoutSeconds,
    sticky,
    health,
    parent: self.parent,
    provider: cluster.provider,
    // Not the pods: a route to pods that are not ready yet is a route.
    dependsOn: [service],
  });
  return output(url);
}

function balancedAddress({ host, service, serviceName, servicePort }: PublishArgs): Output<string> {
  if (host !== undefined) return output(webAddress("http", host, { port: servicePort }));
  return service.status.loadBalancer.ingress.apply((ingress) =>
    loadBalancerAddress(serviceName, servicePort, ingress),
  );
}

function nodePort(
  { host, service, serviceName }: PublishArgs,
  at: Input<string> | undefined,
): Output<string> {
  return output([service.spec.ports, host ?? at] as const).apply(([ports, reachedAt]) =>
    nodePortAddress(serviceName, ports[0]?.nodePort, reachedAt),
  );
}

/** What a name is to be where it leads: a host name is given as text; what the cloud reserves is of IPv4. */
export function recordOf(address: Input<string>): RecordData {
  const family = typeof address === "string" ? isIP(address) : 4;
  return { type: family === 4 ? "A" : family === 6 ? "AAAA" : "CNAME", values: [address] };
}
