import { RunError } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { addressOfNode, frontNodeFaults } from "../../../../components/exposure/front-node";

const at = (type: string, address: string) => ({ type, address });

describe("a node's address", () => {
  it.each([
    ["the public one", [at("InternalIP", "10.0.0.4"), at("ExternalIP", "203.0.113.4")], "203.0.113.4"],
    [
      "an internal one that is public, as on a rented machine",
      [at("InternalIP", "203.0.113.5")],
      "203.0.113.5",
    ],
    ["that of IPv4", [at("ExternalIP", "2001:db8::4"), at("ExternalIP", "203.0.113.6")], "203.0.113.6"],
    ["no name", [at("Hostname", "203.0.113.8"), at("ExternalIP", "203.0.113.7")], "203.0.113.7"],
  ])("is %s", (_what, addresses, expected) => expect(addressOfNode("edge-1", addresses)).toBe(expected));

  it.each([
    ["the public one still", [at("InternalIP", "10.0.0.4"), at("ExternalIP", "203.0.113.4")], "203.0.113.4"],
    [
      "the first of private ones",
      [at("InternalIP", "172.18.0.2"), at("InternalIP", "10.0.0.4")],
      "172.18.0.2",
    ],
  ])("is %s, where a private one will do", (_what, addresses, expected) =>
    expect(addressOfNode("edge-1", addresses, { orPrivate: true })).toBe(expected),
  );

  it("is refused where there is none at all, and a private one would do", () => {
    const message =
      "reach.node.name: node edge-1: addresses: got no address; needed: an address that is public, so that a name in the DNS leads to it";
    expect(() =>
      addressOfNode("edge-1", [at("Hostname", "edge-1")], { where: "reach.node", orPrivate: true }),
    ).toThrow(new RunError(message));
  });

  it.each([
    [
      "private",
      [at("InternalIP", "10.0.0.4"), at("InternalIP", "192.168.0.4")],
      "exposure.frontNode.name: node edge-1: addresses: got 10.0.0.4, 192.168.0.4; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "of IPv6 alone",
      [at("ExternalIP", "2001:db8::4")],
      "exposure.frontNode.name: node edge-1: addresses: got no address; needed: an address that is public, so that a name in the DNS leads to it",
    ],
    [
      "not there",
      [],
      "exposure.frontNode.name: node edge-1: addresses: got no address; needed: an address that is public, so that a name in the DNS leads to it",
    ],
  ])("is refused where it is %s", (_what, addresses, message) =>
    expect(() => addressOfNode("edge-1", addresses)).toThrow(new RunError(message)),
  );
});

it.each([
  [{ name: "edge-1" }, []],
  [{ addresses: ["10.0.0.4", "203.0.113.4"] }, []],
  [{ name: "" }, ['reach.node.name: got ""; needed: a node (kubectl get nodes -o wide)']],
  [
    { addresses: ["10.0.0.4"] },
    [
      "reach.node.addresses: got 10.0.0.4; needed: an address that is public, so that a name in the DNS leads to it",
    ],
  ],
])("the faults of the front node %j", (node, faults) =>
  expect(frontNodeFaults("reach.node", node)).toEqual(faults),
);
