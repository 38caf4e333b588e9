import type { V1Ingress } from "@kubernetes/client-node";
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

const ingress = (name: string, rest: Partial<V1Ingress> = {}): V1Ingress => ({
  metadata: { annotations: { "kubernetes.io/ingress.global-static-ip-name": name } },
  ...rest,
});
const has = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });

describe("the reserved address", () => {
  it.each<[string, V1Ingress, string | undefined]>([
    ["of an Ingress, which is a global one", ingress("ip"), "203.0.113.1"],
    ["that it has already", ingress("ip", has("203.0.113.1")), undefined],
    ["of one that has another", ingress("ip", has("192.0.2.20")), "203.0.113.1"],
    ["that is not reserved", ingress("other"), undefined],
    ["of one that asks for none", { spec: {} }, undefined],
  ])("%s", (_, object, expected) => expect(wantedAddress(object, addresses)).toBe(expected));
});
