import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../sandbox/clouds/kubernetes/memory";

const gatewayGroup = "gateway.networking.k8s.io/v1";

describe("what a cluster in memory has of itself", () => {
  const get = (apiVersion: string, kind: string) => memoryStore().get({ apiVersion, kind, name: "it" });

  it("is any node, with its addresses", async () => {
    expect(await get("v1", "Node")).toMatchObject({
      metadata: { name: "it" },
      status: {
        addresses: [
          { type: "InternalIP", address: "10.0.0.4" },
          { type: "ExternalIP", address: "203.0.113.4" },
        ],
      },
    });
  });

  it("is any class of gateways, accepted", async () => {
    expect(await get(gatewayGroup, "GatewayClass")).toMatchObject({
      metadata: { name: "it" },
      status: { conditions: [{ type: "Accepted", status: "True" }] },
    });
  });

  it.each([
    ["v1", "ConfigMap"],
    ["v1", "Namespace"],
    ["metrics.k8s.io/v1", "Node"],
  ])("is no %s %s", async (apiVersion, kind) => expect(await get(apiVersion, kind)).toBeUndefined());

  it("is not in the way of what a program makes itself", async () => {
    const store = memoryStore();
    const object = { apiVersion: gatewayGroup, kind: "GatewayClass", metadata: { name: "it" }, spec: {} };
    await store.create(object, { fieldManager: "test" });
    expect(await store.get({ apiVersion: gatewayGroup, kind: "GatewayClass", name: "it" })).toMatchObject({
      spec: {},
      metadata: { resourceVersion: "1" },
    });
  });
});
