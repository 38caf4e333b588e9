import { core } from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { customResource, type CustomOptions } from "../../../components/kubernetes/custom-resource";
import { run } from "../../support/mocks";
import { testCluster } from "./fixtures";

interface Gateway {
  readonly apiVersion: "gateway.networking.k8s.io/v1";
  readonly kind: "Gateway";
  readonly spec: { readonly gatewayClassName: string };
}

const gateway = (more: Partial<Parameters<typeof customResource<Gateway>>[1]> = {}) => {
  const { provider } = testCluster();
  const definition = new core.v1.ConfigMap("definition", {}, { provider });
  return customResource<Gateway>(
    "front",
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      spec: { gatewayClassName: "traefik" },
      ...more,
    },
    { provider, dependsOn: [definition] },
  );
};

describe.each([false, true])("a custom resource, preview %s", (preview) => {
  it("comes after what installs its kind, and is named by Pulumi", async () => {
    const { one } = await run(preview, () => gateway());
    expect(one("Gateway")).toEqual({
      type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      name: "front",
      inputs: {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: {},
        spec: { gatewayClassName: "traefik" },
      },
      parent: "Stack test-test",
      provider: "lab",
      dependsOn: ["ConfigMap definition"],
      options: {},
    });
  });

  it("keeps its metadata, and is awaited where it is said what for", async () => {
    const metadata = { namespace: "mnist", annotations: { "networking.gke.io/certmap": "map" } };
    const { one } = await run(preview, () => gateway({ metadata, waitFor: "condition=Programmed" }));
    expect(one("Gateway").inputs["metadata"]).toEqual({
      namespace: "mnist",
      annotations: {
        "networking.gke.io/certmap": "map",
        "pulumi.com/waitFor": "condition=Programmed",
      },
    });
  });
});

it("cannot be made without saying what installs its kind", async () => {
  const { result } = await run(false, () => testCluster().provider);
  // @ts-expect-error dependsOn is missing: were it optional, the type check would fail here.
  const options: CustomOptions = { provider: result };
  expect(options).not.toHaveProperty("dependsOn");
});
