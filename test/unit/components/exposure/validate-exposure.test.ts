import { describe, expect, it } from "vitest";
import { classGateways } from "../../../../components/exposure/gateway/controllers";
import { validateExposure, type CheckedExposure } from "../../../../components/exposure/validate-exposure";
import { sharedGateway } from "./support";

const host = "mnist.example.com";
const zone = { domain: "example.com" };
const ingress = { kind: "ingress", host } as const;
const gateway = { kind: "gateway", gateway: sharedGateway({ address: "203.0.113.7" }) } as const;
const nodePort = { kind: "node-port", frontNode: { name: "edge-1" } } as const;
/** A cluster with a controller at a known address; one whose cloud has addresses to reserve. */
const cluster = { ingressClass: "nginx", publicAddress: "203.0.113.7" };
const gke = { ingressClass: "gce", reserveAddress: () => undefined };
const faults = (args: Partial<CheckedExposure>) =>
  validateExposure({ exposure: { kind: "none" }, cluster, replicas: 1, ...args });

describe("nothing is wrong with", () => {
  const cases: [what: string, args: Partial<CheckedExposure>][] = [
    ["none", {}],
    ["none, with a zone that others use", { zone }],
    ["an ingress, in a zone", { exposure: ingress, zone }],
    ["an ingress whose host is said twice", { exposure: ingress, host }],
    ["an ingress on GKE", { exposure: ingress, zone, cluster: gke }],
    [
      "an ingress of a known controller on GKE",
      { exposure: { ...ingress, className: "nginx" }, cluster: gke },
    ],
    ["an ingress of several pods", { exposure: ingress, replicas: 3 }],
    ["a gateway", { exposure: gateway, host, zone }],
    ["a gateway of several pods", { exposure: gateway, host, replicas: 3 }],
    [
      "a gateway at an unknown address, without a zone",
      { exposure: { ...gateway, gateway: sharedGateway() }, host },
    ],
    ["a load balancer on GKE", { exposure: { kind: "load-balancer" }, host, zone, cluster: gke }],
    ["a load balancer without a name", { exposure: { kind: "load-balancer" }, cluster: {} }],
    ["a port, and no name", { exposure: { kind: "node-port" }, cluster: {} }],
    ["a front node by its name", { exposure: nodePort, host, zone, cluster: {} }],
    [
      "a front node by its addresses",
      {
        exposure: { kind: "node-port", port: 32767, frontNode: { addresses: ["10.0.0.4", "203.0.113.4"] } },
        host,
        zone,
      },
    ],
  ];
  it.each(cases)("%s", (_what, args) => expect(faults(args)).toEqual([]));
});

describe("a fault is", () => {
  const cases: [what: string, args: Partial<CheckedExposure>, ...faults: string[]][] = [
    [
      "a host that is none",
      { exposure: gateway, host: "mnist_1.example.com" },
      'host: got "mnist_1.example.com"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "an ingress's host that is none",
      { exposure: { ...ingress, host: "203.0.113.7" } },
      'exposure.host: got "203.0.113.7"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "a host outside the zone",
      { exposure: gateway, host, zone: { domain: "dev.example.com" } },
      'host: got "mnist.example.com"; allowed: dev.example.com, or a name that ends in .dev.example.com, the zone',
    ],
    [
      "an ingress's host outside the zone",
      { exposure: ingress, zone: { domain: "dev.example.com" } },
      'exposure.host: got "mnist.example.com"; allowed: dev.example.com, or a name that ends in .dev.example.com, the zone',
    ],
    [
      "a wildcard where one name is meant, told once",
      { exposure: { ...ingress, host: "*.example.com" }, zone },
      'exposure.host: got "*.example.com"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "a name that nothing leads to",
      { host },
      'host: got "mnist.example.com"; allowed: none, because with exposure: none nothing leads there from outside',
    ],
    [
      "another name than the ingress's",
      { exposure: ingress, host: "ui.example.com" },
      'host: got "ui.example.com"; allowed: mnist.example.com, as exposure.host has it, or none',
    ],
    [
      "an ingress of no class",
      { exposure: ingress, cluster: {} },
      "exposure.className: missing; needed: an IngressClass, here or as the cluster's ingressClass (kubectl get ingressclass)",
    ],
    [
      "a path that is relative, and no time",
      { exposure: { ...ingress, path: "demo", requestTimeoutSeconds: 0 } },
      'exposure.path: got "demo"; allowed: an absolute path, such as /models/model.pt',
      "exposure.requestTimeoutSeconds: got 0; allowed: a number above 0",
    ],
    [
      "the same at a gateway, with no host",
      { exposure: { ...gateway, path: "demo", requestTimeoutSeconds: -1 } },
      'exposure.path: got "demo"; allowed: an absolute path, such as /models/model.pt',
      "exposure.requestTimeoutSeconds: got -1; allowed: a number above 0",
      "host: missing; needed: the name that the gateway is to know it by",
    ],
    [
      "a host that the gateway does not serve",
      { exposure: gateway, host: "mnist.example.org" },
      'host: got "mnist.example.org", which the gateway does not serve; allowed: *.example.com',
    ],
    [
      "a port that nodes do not give out",
      { exposure: { kind: "node-port", port: 80 } },
      "exposure.port: got 80; allowed: a whole number from 30000 to 32767",
    ],
    [
      "a front node without a name",
      { exposure: { kind: "node-port", frontNode: { name: "" } } },
      'exposure.frontNode.name: got ""; needed: a node (kubectl get nodes -o wide)',
    ],
    [
      "a front node without a public address",
      { exposure: { kind: "node-port", frontNode: { addresses: ["10.0.0.4", "fd00::4"] } } },
      "exposure.frontNode.addresses: got 10.0.0.4, fd00::4; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "a front node without any address",
      { exposure: { kind: "node-port", frontNode: { addresses: [] } } },
      "exposure.frontNode.addresses: got no address; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "a front node whose addresses are names",
      { exposure: { kind: "node-port", frontNode: { addresses: ["edge-1", "203.0.113.4"] } } },
      'exposure.frontNode.addresses: got "edge-1"; allowed: IP addresses, such as 203.0.113.7',
    ],
    [
      "a record for an ingress at no known address",
      { exposure: { ...ingress, className: "nginx" }, zone, cluster: {} },
      'host: got "mnist.example.com", but nothing says what its record is to point at; needed: the cluster\'s publicAddress',
    ],
    [
      "a record for an ingress of another controller than GKE's",
      { exposure: { ...ingress, className: "nginx" }, zone, cluster: gke },
      'host: got "mnist.example.com", but nothing says what its record is to point at; needed: the cluster\'s publicAddress',
    ],
    [
      "a record for a load balancer at no known address",
      { exposure: { kind: "load-balancer" }, host, zone, cluster: {} },
      'host: got "mnist.example.com", but nothing says what its record is to point at; needed: the cluster\'s publicAddress',
    ],
    [
      "a record for a gateway at no known address",
      { exposure: { kind: "gateway", gateway: sharedGateway() }, host, zone, cluster: {} },
      'host: got "mnist.example.com", but nothing says what its record is to point at; needed: the cluster\'s publicAddress',
    ],
    [
      "a record for ports of all nodes",
      { exposure: { kind: "node-port" }, host, zone, cluster: gke },
      'host: got "mnist.example.com", but nothing says what its record is to point at; needed: exposure.frontNode, or the cluster\'s publicAddress',
    ],
    [
      "sessions at a gateway that does not keep them",
      {
        exposure: {
          kind: "gateway",
          gateway: sharedGateway({
            platform: classGateways({ className: "t", controller: "traefik", ready: [] }),
          }),
        },
        host,
        replicas: 2,
      },
      "replicas: got up to 2 pods, and each person has to stay with one of them; allowed: 1, because Traefik's gateways do not see to that; or take exposure: ingress of Traefik's class, which does by a cookie",
    ],
    [
      "sessions at an Ingress of GKE's",
      { exposure: ingress, cluster: gke, replicas: 4 },
      "replicas: got up to 4 pods, and each person has to stay with one of them; allowed: 1, because an Ingress of GKE's own class does not see to that; or take exposure: gateway, which does",
    ],
    [
      "sessions at an internal Ingress of GKE's",
      { exposure: { ...ingress, className: "gce-internal" }, replicas: 2 },
      "replicas: got up to 2 pods, and each person has to stay with one of them; allowed: 1, because an Ingress of GKE's own class does not see to that; or take exposure: gateway, which does",
    ],
  ];
  it.each(cases)("%s", (_what, args, ...expected) => expect(faults(args)).toEqual(expected));
});

it("all of them are told at once", () => {
  const exposure = { ...ingress, host: "mnist.example.org", path: "demo" };
  expect(faults({ exposure, host, zone, cluster: {} }).map((fault) => fault.replace(/: .*/, ""))).toEqual([
    "exposure.host",
    "host",
    "exposure.path",
    "exposure.className",
    "host",
  ]);
});
