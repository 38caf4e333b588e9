import { describe, expect, it } from "vitest";
import { byClass, existing, gke, googleZone, host, stack, zone } from "./grounds";
import { faultsOf } from "./faults-of";

const pods = (most: number) =>
  `environment.ui.replicas: up to ${most} pods, and each person has to stay with one of them; allowed: 1, because `;
const needed = `missing; needed, for the record of ${host} to point at: `;
const ingress = { kind: "ingress", host };
const nodePort = (frontNode?: object) => ({ kind: "node-port", ...(frontNode && { frontNode }) });

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    ["a port, and no name", stack(existing(), { exposure: "node-port" })],
    [
      "a node that is read, in a zone",
      stack(existing(), { host, exposure: nodePort({ name: "edge-1" }) }, { dns: zone }),
    ],
    [
      "a load balancer of Google's, in a zone",
      stack(gke(), { host, exposure: "load-balancer" }, { dns: googleZone }),
    ],
    ["an Ingress of GKE's, in a zone", stack(gke(), { exposure: ingress }, { dns: googleZone })],
    ["an Ingress of another class on GKE", stack(gke(), { exposure: { ...ingress, className: "nginx" } })],
    ["a host that is said twice, alike", stack(gke(), { host, exposure: ingress })],
    [
      "a regional gateway, with a range for its proxies",
      stack(gke({ gateway: "regional", network: { kind: "new", proxyCidr: "10.9.0.0/23" } }), {
        host,
        exposure: "gateway",
        tls: "none",
      }),
    ],
    [
      "a regional gateway that is not used",
      stack(gke({ gateway: "regional" }), { exposure: "load-balancer" }),
    ],
    ["several pods at GKE's gateway", stack(gke(), { host, exposure: "gateway", tls: "none", replicas: 3 })],
    [
      "several pods at Envoy Gateway's",
      stack(existing({ gateway: { kind: "install", controller: "envoy-gateway" } }), {
        host,
        exposure: "gateway",
        tls: "none",
        replicas: 3,
      }),
    ],
    [
      "several pods at an Ingress",
      stack(existing({ ingressClass: "nginx" }), { exposure: ingress, replicas: 2 }),
    ],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

describe("a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "an ingress's host that is given twice, differently",
      stack(existing({ ingressClass: "nginx" }), { host: "ui.acme.dev", exposure: ingress }),
      'environment.ui.host: got "ui.acme.dev"; allowed: mnist.acme.dev, as ui.exposure.host has it, or none',
    ],
    [
      "a gateway without a host",
      stack(existing({ gateway: byClass }), { exposure: "gateway", tls: "none" }),
      "environment.ui.host: missing; needed: the name that people reach it under, such as mnist.example.com",
    ],
    [
      "a host that nothing leads to",
      stack(existing(), { host, exposure: "none" }),
      'environment.ui.host: got "mnist.acme.dev"; allowed: none, because with exposure: none nothing leads there from outside',
    ],
    [
      "an ingress of no class",
      stack(existing(), { exposure: ingress }),
      "environment.ui.exposure.className: missing; needed: the IngressClass, here or as host.ingressClass (`kubectl get ingressclass` shows them)",
    ],
    [
      "a gateway on a cluster that has none",
      stack(existing(), { host, exposure: "gateway", tls: "none" }),
      "environment.host.gateway: missing; needed for exposure: gateway: {kind: class, className: …} where the cluster has a GatewayClass (`kubectl get gatewayclass` shows them), {kind: install, controller: …} where it has none, or {kind: existing, …}",
    ],
    [
      "a regional gateway without room for its proxies",
      stack(gke({ gateway: "regional", network: "new" }), { host, exposure: "gateway", tls: "none" }),
      "environment.host.network.proxyCidr: missing; needed for a regional gateway: a range for its proxies, such as 10.9.0.0/23",
    ],
    [
      "the same where the network is not mentioned",
      stack(gke({ gateway: "regional" }), { host, exposure: "gateway", tls: "none" }),
      "environment.host.network.proxyCidr: missing; needed for a regional gateway: a range for its proxies, such as 10.9.0.0/23",
    ],
    [
      "a front node that is named twice",
      stack(existing(), { exposure: nodePort({ name: "edge-1", addresses: ["203.0.113.7"] }) }),
      "environment.ui.exposure.frontNode: needed: name or addresses, one of the two",
    ],
    [
      "a front node that is not named",
      stack(existing(), { exposure: nodePort({}) }),
      "environment.ui.exposure.frontNode: needed: name or addresses, one of the two",
    ],
    [
      "a front node that no one can reach",
      stack(existing(), { exposure: nodePort({ addresses: ["10.0.0.4", "fe80::4"] }) }),
      "environment.ui.exposure.frontNode.addresses: got 10.0.0.4, fe80::4; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "a front node's addresses that are names",
      stack(existing(), { exposure: nodePort({ addresses: ["edge-1", "203.0.113.7", "edge-2"] }) }),
      'environment.ui.exposure.frontNode.addresses: got "edge-1"; allowed: IP addresses, such as 203.0.113.7',
      'environment.ui.exposure.frontNode.addresses: got "edge-2"; allowed: IP addresses, such as 203.0.113.7',
    ],
    [
      "a record for a gateway at no known address",
      stack(existing({ gateway: byClass }), { host, exposure: "gateway", tls: "none" }, { dns: zone }),
      `environment.host.publicAddress: ${needed}the address or host name of the gateway's load balancer (kubectl get service -A)`,
    ],
    [
      "a record for an ingress at no known address",
      stack(existing({ ingressClass: "nginx" }), { exposure: ingress }, { dns: zone }),
      `environment.host.publicAddress: ${needed}the address or host name of the ingress controller (kubectl get service -A)`,
    ],
    [
      "a record for an ingress of another controller than GKE's",
      stack(gke(), { exposure: { ...ingress, className: "nginx" } }, { dns: zone }),
      'environment.ui.exposure.className: got "nginx", whose address no one knows before it is there; allowed: gce, for the record of mnist.acme.dev to point at, or exposure: gateway',
    ],
    [
      "a record for a load balancer at no known address",
      stack(existing(), { host, exposure: "load-balancer" }, { dns: zone }),
      `environment.host.publicAddress: ${needed}the address that the load balancer is to have`,
    ],
    [
      "a record for ports of all nodes",
      stack(existing(), { host, exposure: "node-port" }, { dns: zone }),
      `environment.ui.exposure.frontNode: ${needed}the node that people come by: {name: …} or {addresses: […]}`,
    ],
    [
      "a record for ports of all of GKE's nodes",
      stack(gke(), { host, exposure: "node-port" }, { dns: zone }),
      `environment.ui.exposure.frontNode: ${needed}the node that people come by: {name: …} or {addresses: […]}`,
    ],
    [
      "a host name for the top of the zone to point at",
      stack(
        existing({ gateway: byClass, publicAddress: "lb.example.net" }),
        { host: "acme.dev", exposure: "gateway", tls: "none" },
        { dns: zone },
      ),
      'environment.host.publicAddress: got "lb.example.net"; allowed: an IP address, because acme.dev is the zone itself, which cannot point at a name',
    ],
    [
      "sessions at a gateway of no known controller",
      stack(existing({ gateway: { kind: "class", className: "x" } }), {
        host,
        exposure: "gateway",
        tls: "none",
        replicas: 2,
      }),
      `${pods(2)}nothing says whose the gateway's class is; or name its controller (traefik, envoy-gateway, nginx-gateway-fabric), of which Envoy Gateway sees to that`,
    ],
    [
      "sessions at Traefik's gateway, with as many pods as the autoscaler likes",
      stack(existing({ gateway: { kind: "install", controller: "traefik" } }), {
        host,
        exposure: "gateway",
        tls: "none",
        replicas: { min: 1, max: 5, cpuPercent: 70 },
      }),
      `${pods(5)}Traefik's gateways do not see to that; or take exposure: ingress of Traefik's class, which does by a cookie`,
    ],
    [
      "sessions at someone else's gateway of NGINX Gateway Fabric's",
      stack(
        existing({
          gateway: {
            kind: "existing",
            name: "public",
            namespace: "infra",
            controller: "nginx-gateway-fabric",
          },
        }),
        { host, exposure: "gateway", tls: "none", replicas: 2 },
      ),
      `${pods(2)}NGINX Gateway Fabric's gateways see to that with NGINX Plus only; or take Envoy Gateway, which does by a cookie`,
    ],
    [
      "sessions at an Ingress of GKE's",
      stack(gke(), { exposure: ingress, replicas: 2 }),
      `${pods(2)}an Ingress of GKE's own class does not see to that; or take exposure: gateway, which does`,
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) => expect(faultsOf(document)).toEqual(faults));
});

describe("one fault is told, and not what follows from it:", () => {
  const unknown = (key: string, meant: string) => `environment.${key}: unknown key; did you mean ${meant}?`;
  const cases: [what: string, document: object, fault: string][] = [
    [
      "a host of no kind",
      stack(
        { ...existing(), kind: "exsting" },
        { host, exposure: "gateway", tls: "google-managed" },
        { dns: zone },
      ),
      'environment.host.kind: got "exsting"; allowed: existing, gke or none; did you mean existing?',
    ],
    [
      "a way in of no kind",
      stack(gke(), { host, exposure: "gatway", tls: "google-managed", replicas: 3 }, { dns: googleZone }),
      'environment.ui.exposure: got "gatway"; allowed: none, node-port, load-balancer, ingress or gateway; did you mean gateway?',
    ],
    [
      "a host name that is none",
      stack(gke(), { host: "*.acme.dev", exposure: "gateway", tls: "google-managed" }, { dns: googleZone }),
      'environment.ui.host: got "*.acme.dev"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "an ingress's host that is none",
      stack(
        existing({ ingressClass: "nginx" }),
        { exposure: { kind: "ingress", host: "*.acme.dev" } },
        { dns: zone },
      ),
      'environment.ui.exposure.host: got "*.acme.dev"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "an IngressClass that is none",
      stack(gke(), { exposure: { ...ingress, className: "NGINX" }, replicas: 2 }, { dns: zone }),
      'environment.ui.exposure.className: got "NGINX"; allowed: the name of a Kubernetes object: lower-case letters, digits, hyphens and dots',
    ],
    [
      "the host's IngressClass that is none",
      stack(existing({ ingressClass: "NGINX" }), { exposure: ingress }),
      'environment.host.ingressClass: got "NGINX"; allowed: the name of a Kubernetes object: lower-case letters, digits, hyphens and dots',
    ],
    [
      "a public address that is none",
      stack(
        existing({ gateway: byClass, publicAddress: "203.0.113.7/24" }),
        { host, exposure: "gateway", tls: "none" },
        { dns: zone },
      ),
      'environment.host.publicAddress: got "203.0.113.7/24"; allowed: an IP address or a host name',
    ],
    [
      "a gateway of no kind",
      stack(existing({ gateway: "istal" }), { host, exposure: "gateway", tls: "none", replicas: 2 }),
      'environment.host.gateway: got "istal"; allowed: class, install or existing; did you mean install?',
    ],
    [
      "a controller of which nothing is known",
      stack(existing({ gateway: { ...byClass, controller: "envoy" } }), {
        host,
        exposure: "gateway",
        tls: "none",
        replicas: 2,
      }),
      'environment.host.gateway.controller: got "envoy"; allowed: traefik, envoy-gateway or nginx-gateway-fabric; did you mean envoy-gateway?',
    ],
    [
      "a network of no kind",
      stack(gke({ gateway: "regional", network: { kind: "nw", proxyCidr: "10.9.0.0/23" } }), {
        host,
        exposure: "gateway",
        tls: "none",
      }),
      'environment.host.network.kind: got "nw"; allowed: new or existing; did you mean new?',
    ],
    [
      "a range for proxies that is none",
      stack(gke({ gateway: "regional", network: { kind: "new", proxyCidr: "10.9.0.0" } }), {
        host,
        exposure: "gateway",
        tls: "none",
      }),
      'environment.host.network.proxyCidr: got "10.9.0.0"; allowed: a network, such as 10.0.0.0/20',
    ],
    [
      "a key of a front node that is misspelt",
      stack(existing(), { host, exposure: nodePort({ nme: "edge-1" }) }, { dns: zone }),
      unknown("ui.exposure.frontNode.nme", "name"),
    ],
    [
      "an address of a front node that is none",
      stack(existing(), { host, exposure: nodePort({ addresses: ["10.0.0.4", 7] }) }, { dns: zone }),
      "environment.ui.exposure.frontNode.addresses[1]: got 7 (a number); allowed: an IP address",
    ],
    [
      "pods that are not counted",
      stack(gke(), { exposure: ingress, replicas: "two" }),
      'environment.ui.replicas: got "two"; allowed: a whole number of at least 1, or a mapping with the keys min, max, cpuPercent',
    ],
  ];
  it.each(cases)("%s", (_what, document, fault) => expect(faultsOf(document)).toEqual([fault]));
});
