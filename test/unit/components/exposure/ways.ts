import type { Exposure } from "../../../../components/exposure/exposure";
import type { ExistingClusterArgs } from "../../../../components/host/existing-cluster";
import { sharedGateway } from "./support";

/** The name that all of them have. */
export const host = "mnist.example.com";

const node = (...addresses: [type: string, address: string][]) => ({
  "kubernetes:core/v1:Node": {
    status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
  },
});

/** How a UI is reached, and what is expected of that. */
export interface Way {
  readonly what: string;
  readonly exposure: Exposure | (() => Exposure);
  readonly cluster?: Partial<ExistingClusterArgs>;
  readonly reserving?: boolean;
  readonly answers?: Record<string, unknown>;
  /** What is made beside what always is. */
  readonly made: readonly string[];
  readonly service: { readonly annotations: object; readonly spec: object };
  /** The record's type and value, and what a preview knows of the value, where it is less. */
  readonly record?: { readonly type: string; readonly value: string; readonly previewed?: string };
  /** What the record waits for beside its zone. */
  readonly recordAfter?: readonly string[];
  readonly address: string;
}

const skipped = { "pulumi.com/skipAwait": "true" };
const awaited = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" };
const clusterIp = { annotations: skipped, spec: { type: "ClusterIP" } };

export const ways: readonly Way[] = [
  {
    what: "an ingress, at the controller's known address",
    exposure: { kind: "ingress", host },
    cluster: { publicAddress: "203.0.113.7" },
    made: ["Ingress mnist-inference-ingress"],
    service: clusterIp,
    record: { type: "A", value: "203.0.113.7" },
    address: "http://mnist.example.com",
  },
  {
    what: "an ingress at a controller that is known by a name",
    exposure: { kind: "ingress", host },
    cluster: { publicAddress: "lb.example.net" },
    made: ["Ingress mnist-inference-ingress"],
    service: clusterIp,
    record: { type: "CNAME", value: "lb.example.net" },
    address: "http://mnist.example.com",
  },
  {
    what: "an ingress of GKE's, at a global address",
    exposure: { kind: "ingress", host },
    // Of other controllers: the cluster's own has the one that is reserved.
    cluster: { publicAddress: "203.0.113.7" },
    reserving: true,
    made: ["GlobalAddress mnist-inference-address", "Ingress mnist-inference-ingress"],
    service: clusterIp,
    record: { type: "A", value: "203.0.113.20", previewed: "<unknown>" },
    recordAfter: ["GlobalAddress mnist-inference-address"],
    address: "http://mnist.example.com",
  },
  {
    what: "an ingress of another controller on GKE, at its known address",
    exposure: { kind: "ingress", host, className: "nginx" },
    cluster: { publicAddress: "203.0.113.7" },
    reserving: true,
    made: ["Ingress mnist-inference-ingress"],
    service: clusterIp,
    record: { type: "A", value: "203.0.113.7" },
    address: "http://mnist.example.com",
  },
  {
    what: "a gateway",
    exposure: () => ({ kind: "gateway", gateway: sharedGateway({ address: "2001:db8::7" }) }),
    made: ["HTTPRoute mnist-inference-route-mnist-example-com-4e880f"],
    service: clusterIp,
    record: { type: "AAAA", value: "2001:db8::7" },
    address: "https://mnist.example.com",
  },
  {
    what: "a load balancer that is known by its address",
    exposure: { kind: "load-balancer" },
    cluster: { publicAddress: "203.0.113.7" },
    made: [],
    service: { annotations: awaited, spec: { type: "LoadBalancer" } },
    record: { type: "A", value: "203.0.113.7" },
    address: "http://mnist.example.com",
  },
  {
    what: "a load balancer that is known by a name",
    exposure: { kind: "load-balancer" },
    cluster: { publicAddress: "lb.example.net" },
    made: [],
    service: { annotations: awaited, spec: { type: "LoadBalancer" } },
    record: { type: "CNAME", value: "lb.example.net" },
    address: "http://mnist.example.com",
  },
  {
    what: "a load balancer of Google's, at an address of the region",
    exposure: { kind: "load-balancer" },
    reserving: true,
    made: ["Address mnist-inference-address"],
    service: {
      annotations: awaited,
      spec: { type: "LoadBalancer", loadBalancerIP: "203.0.113.21" },
    },
    record: { type: "A", value: "203.0.113.21", previewed: "<unknown>" },
    recordAfter: ["Address mnist-inference-address"],
    address: "http://mnist.example.com",
  },
  {
    what: "a port of a node that is known by its addresses",
    exposure: {
      kind: "node-port",
      port: 30080,
      frontNode: { addresses: ["10.0.0.4", "2001:db8::4", "203.0.113.4"] },
    },
    made: [],
    service: { annotations: skipped, spec: { type: "NodePort" } },
    record: { type: "AAAA", value: "2001:db8::4" },
    address: "http://mnist.example.com:30080",
  },
  {
    what: "a port of a node that is known by its name",
    exposure: { kind: "node-port", port: 30080, frontNode: { name: "edge-1" } },
    answers: node(
      ["Hostname", "edge-1"],
      ["ExternalIP", "2001:db8::5"],
      ["InternalIP", "10.0.0.5"],
      ["ExternalIP", "203.0.113.5"],
    ),
    made: [],
    service: { annotations: skipped, spec: { type: "NodePort" } },
    record: { type: "A", value: "203.0.113.5" },
    recordAfter: ["Node mnist-inference-front-node"],
    address: "http://mnist.example.com:30080",
  },
  {
    what: "a port of every node, at the cluster's known address",
    exposure: { kind: "node-port", port: 30080 },
    cluster: { publicAddress: "203.0.113.7" },
    made: [],
    service: { annotations: skipped, spec: { type: "NodePort" } },
    record: { type: "A", value: "203.0.113.7" },
    address: "http://mnist.example.com:30080",
  },
];
