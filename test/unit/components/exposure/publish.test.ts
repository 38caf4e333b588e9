import type { Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Exposure } from "../../../../components/exposure/exposure";
import { recordOf } from "../../../../components/exposure/publish";
import { valueOf } from "../../../support/mocks";
import { runOnClouds } from "../dns/clouds";
import { kinds, labels, testCluster, workload } from "../fixtures";
import { all, expose, reservingCluster, sharedGateway, zoneOf } from "./support";
import { host, ways, type Way } from "./ways";

/** What a UI consists of, however it is reached. */
const always = [
  "Deployment mnist-inference-deployment",
  "NetworkPolicy mnist-inference-policy",
  "Service mnist-inference-service",
  "ServiceAccount mnist-inference-account",
];

/** What a name is said to point at. */
const saidBy = async (pointsAt: Output<string> | undefined) => pointsAt && (await valueOf(pointsAt));

/** What Google gives addresses, once they are there. */
const addresses = {
  "gcp:compute/globalAddress:GlobalAddress": { address: "203.0.113.20" },
  "gcp:compute/address:Address": { address: "203.0.113.21" },
};

describe.each([false, true])("a UI with a name, preview %s", (preview) => {
  const start = ({ exposure, cluster = {}, reserving = false, answers = {} }: Way, withZone = true) =>
    runOnClouds(
      preview,
      () =>
        expose(reserving ? reservingCluster(cluster) : testCluster(cluster), {
          exposure: typeof exposure === "function" ? exposure() : exposure,
          host,
          ...(withZone && { zone: zoneOf("route53") }),
        }),
      { ...(preview ? {} : addresses), ...answers },
    );

  it.each(ways.map((each) => [each.what, each] as const))("by %s", async (_what, each) => {
    const { one, registered, result } = await start(each);
    expect(kinds(registered)).toEqual([...always, ...each.made].sort());

    const { metadata, spec } = one("Service").inputs as { metadata: { annotations: object }; spec: object };
    expect(metadata.annotations).toEqual(each.service.annotations);
    expect(spec).toEqual({
      ...each.service.spec,
      ...(preview &&
        "loadBalancerIP" in each.service.spec &&
        each.reserving === true && { loadBalancerIP: "<unknown>" }),
      selector: { "app.kubernetes.io/name": workload },
      ports: [
        {
          name: "web",
          port: 80,
          targetPort: "web",
          ...(each.address.endsWith(":30080") && { nodePort: 30080 }),
        },
      ],
    });

    const { type = "", value = "", previewed } = each.record ?? {};
    const at = preview ? (previewed ?? value) : value;
    expect(one("Record")).toEqual({
      type: "aws:route53/record:Record",
      name: `${host}/${type}`,
      inputs: {
        zoneId: preview ? "<unknown>" : "Z1NEW",
        name: host,
        type,
        ttl: 300,
        records: at === "<unknown>" ? at : [at],
      },
      parent: "Zone site",
      dependsOn: [...(each.recordAfter ?? []), "Zone site"],
      options: { deleteBeforeReplace: true },
    });

    if (!preview || !each.address.endsWith(":30080"))
      expect(await valueOf(result.address)).toBe(each.address);
    if (at !== "<unknown>") expect(await saidBy(result.pointsAt)).toBe(value);
  });

  it.each(ways.map((each) => [each.what, each] as const))(
    "by %s, whose record someone else makes: no record, and what it has to say",
    async (_what, each) => {
      const { registered, result } = await start(each, false);
      expect(kinds(registered)).toEqual([...always, ...each.made].sort());
      expect(all(registered, "Record")).toEqual([]);
      expect(result.pointsAt).toBeDefined();
      if (!preview) expect(await saidBy(result.pointsAt)).toBe(each.record?.value);
    },
  );

  it("in a zone of Cloud DNS", async () => {
    const { one } = await runOnClouds(preview, () =>
      expose(testCluster({ publicAddress: "lb.example.net" }), {
        exposure: { kind: "ingress", host },
        zone: zoneOf("cloud-dns"),
      }),
    );
    expect(one("RecordSet")).toMatchObject({
      name: "mnist.example.com/CNAME",
      inputs: {
        project: "dns-project",
        managedZone: preview ? "<unknown>" : "site-1a2b3c4",
        name: "mnist.example.com.",
        type: "CNAME",
        ttl: 300,
        rrdatas: ["lb.example.net."],
      },
      parent: "Zone site",
      dependsOn: ["ManagedZone site"],
    });
  });

  it("by an ingress of GKE's: it names the address that is reserved, and waits for the pods", async () => {
    const { one } = await runOnClouds(preview, () =>
      expose(reservingCluster(), { exposure: { kind: "ingress", host } }),
    );
    expect(one("GlobalAddress")).toMatchObject({
      inputs: { project: "my-project" },
      parent: "InferenceUi mnist-inference",
      dependsOn: [],
    });
    const ingress = one("Ingress");
    expect(ingress.inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        namespace: preview ? "<unknown>" : "mnist-1a2b3c4d",
        labels: labels(workload),
        annotations: {
          "kubernetes.io/ingress.class": "gce",
          "kubernetes.io/ingress.global-static-ip-name": preview
            ? "<unknown>"
            : "mnist-inference-address-1a2b3c4",
          "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
          "nginx.ingress.kubernetes.io/proxy-send-timeout": "300",
          "nginx.ingress.kubernetes.io/proxy-body-size": "64m",
        },
      },
      spec: {
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: "/",
                  pathType: "Prefix",
                  backend: {
                    service: {
                      name: preview ? "<unknown>" : "mnist-inference-service",
                      port: { name: "web" },
                    },
                  },
                },
              ],
            },
          },
        ],
      },
    });
    expect(ingress.dependsOn).toEqual(
      expect.arrayContaining([
        "Deployment mnist-inference-deployment",
        "GlobalAddress mnist-inference-address",
      ]),
    );
  });

  it("by a route, after the gateway and the Service, and not after the pods", async () => {
    const { one, result } = await runOnClouds(preview, () => {
      const gateway = sharedGateway();
      const cluster = testCluster();
      return expose(cluster, {
        exposure: { kind: "gateway", gateway: { ...gateway, ready: [cluster.provider] }, path: "/demo" },
        host,
        servicePort: 8000,
      });
    });
    const route = one("HTTPRoute");
    expect(route.inputs).toEqual({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: { namespace: preview ? "<unknown>" : "mnist-1a2b3c4d", labels: labels(workload) },
      spec: {
        parentRefs: [{ name: "front", namespace: "infra", sectionName: "https" }],
        hostnames: [host],
        rules: [
          {
            matches: [{ path: { type: "PathPrefix", value: "/demo" } }],
            backendRefs: [{ name: preview ? "<unknown>" : "mnist-inference-service", port: 8000 }],
            timeouts: { request: "300s" },
          },
        ],
      },
    });
    expect([...route.dependsOn].sort()).toEqual([
      "Namespace mnist",
      "Service mnist-inference-service",
      "kubernetes lab",
    ]);
    expect(await valueOf(result.address)).toBe("https://mnist.example.com/demo");
    // Someone else's, of which no one has told where it is.
    expect(result.pointsAt).toBeUndefined();
  });

  it("by an address of the region", async () => {
    const { one } = await runOnClouds(preview, () =>
      expose(reservingCluster(), { exposure: { kind: "load-balancer" }, host }),
    );
    expect(one("Address")).toMatchObject({
      inputs: { project: "my-project", region: "europe-west4" },
      parent: "InferenceUi mnist-inference",
    });
  });
});

describe.each([false, true])("a UI without a name, preview %s", (preview) => {
  it.each([
    ["a load balancer", { kind: "load-balancer" }],
    ["a port of every node", { kind: "node-port", port: 30080 }],
    ["none", { kind: "none" }],
  ] as [string, Exposure][])("by %s: no address is reserved, no record made", async (_what, exposure) => {
    const { registered, result } = await runOnClouds(preview, () =>
      expose(reservingCluster(), { exposure, zone: zoneOf("route53") }),
    );
    expect(kinds(registered)).toEqual(always);
    expect(all(registered, "Record")).toEqual([]);
    expect(result.pointsAt).toBeUndefined();
  });

  it("by a node's port: the URL has its address", async () => {
    const { result } = await runOnClouds(preview, () =>
      expose(testCluster(), {
        exposure: { kind: "node-port", port: 30080, frontNode: { addresses: ["2001:db8::4"] } },
      }),
    );
    if (!preview) expect(await valueOf(result.address)).toBe("http://[2001:db8::4]:30080");
    expect(await saidBy(result.pointsAt)).toBe("2001:db8::4");
  });
});

it.each([
  ["203.0.113.7", "A"],
  ["2001:db8::7", "AAAA"],
  ["lb.example.net", "CNAME"],
])("a name that leads to %s is of the type %s", (address, type) => {
  expect(recordOf(address)).toEqual({ type, values: [address] });
});
