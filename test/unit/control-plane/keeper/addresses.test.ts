import type { V1Ingress, V1Service } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { wantedAddress } from "../../../../sandbox/control-plane/keeper/addresses";
import { projectOf } from "../../../../sandbox/control-plane/keeper/project";

const { addresses } = projectOf({
  resources: {
    "projects/p/global/addresses/ip": {
      type: "gcp:compute/globalAddress:GlobalAddress",
      name: "ip",
      state: { address: "203.0.113.1" },
    },
    "projects/p/regions/r/addresses/ip": {
      type: "gcp:compute/address:Address",
      name: "ip",
      state: { address: "203.0.113.2" },
    },
    "projects/p/global/networks/ip": { type: "gcp:compute/network:Network", name: "ip", state: {} },
  },
});

it("a project's addresses", () => {
  expect(addresses).toEqual([
    { name: "ip", scope: "global", ip: "203.0.113.1" },
    { name: "ip", scope: "regional", ip: "203.0.113.2" },
  ]);
});

const service = (name: string, rest: Partial<V1Service> = {}): V1Service => ({
  metadata: { annotations: { "networking.gke.io/load-balancer-ip-addresses": name } },
  spec: { type: "LoadBalancer" },
  ...rest,
});
const ingress = (name: string): V1Ingress => ({
  metadata: { annotations: { "kubernetes.io/ingress.global-static-ip-name": name } },
  spec: {},
});
const has = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });

describe("the reserved address", () => {
  it.each<[string, V1Service | V1Ingress, string | undefined]>([
    ["of a Service", service("ip"), "203.0.113.2"],
    ["of an Ingress", ingress("ip"), "203.0.113.1"],
    ["that a Service has already", service("ip", has("203.0.113.2")), undefined],
    ["of a Service that has another", service("ip", has("192.0.2.10")), "203.0.113.2"],
    ["that is not reserved", service("other"), undefined],
    ["of a Service without a load balancer", service("ip", { spec: { type: "ClusterIP" } }), undefined],
    ["of one that asks for none", { spec: { type: "LoadBalancer" } }, undefined],
  ])("%s", (_, object, expected) => expect(wantedAddress(object, addresses)).toBe(expected));
});
