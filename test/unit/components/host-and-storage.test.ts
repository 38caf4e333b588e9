import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  ModelVolume,
  validateModelVolume,
  type ClaimVolumeArgs,
} from "../../../components/storage/model-volume";
import { Workspace, validateWorkspace } from "../../../components/host/workspace";
import { run, valueOf } from "../../support/mocks";
import { labels, testCluster, testGround } from "./fixtures";

describe.each([false, true])("an existing cluster, preview %s", (preview) => {
  it("makes a provider whose identifier is the context's name", async () => {
    const { registered } = await run(preview, () => testCluster());
    expect(registered).toEqual([
      expect.objectContaining({ type: "inference-infra:host:ExistingCluster", name: "lab", inputs: {} }),
      {
        type: "pulumi:providers:kubernetes",
        name: "lab",
        inputs: { context: "lab", clusterIdentifier: "lab" },
        parent: "ExistingCluster lab",
        dependsOn: [],
        options: {},
      },
    ]);
  });

  it("keeps the identifier it is given, whatever the context", async () => {
    const { one } = await run(preview, () => testCluster({ context: "sandbox", clusterIdentifier: "prod" }));
    expect(one("kubernetes").inputs).toEqual({ context: "sandbox", clusterIdentifier: "prod" });
  });

  it("keeps a kubeconfig's contents secret, and shows its path", async () => {
    for (const contents of ["apiVersion: v1\nkind: Config\n", '{"apiVersion":"v1","kind":"Config"}']) {
      const told = await run(preview, () => testCluster({ kubeconfig: contents }));
      expect(told.one("kubernetes").inputs["kubeconfig"]).toEqual({ secret: contents });
    }
    const path = await run(preview, () => testCluster({ kubeconfig: "~/.kube/config" }));
    expect(path.one("kubernetes").inputs["kubeconfig"]).toBe("~/.kube/config");
  });
});

describe.each([false, true])("an existing cluster's gateways, preview %s", (preview) => {
  it("are of a class that is there, by the ports that are told", async () => {
    const { result } = await run(preview, () =>
      testCluster({
        gateway: {
          kind: "class",
          className: "front",
          controller: "traefik",
          ports: { http: 80, https: 443 },
        },
      }),
    );
    expect(result.gateways).toMatchObject({
      className: "front",
      listenerPorts: { http: 80, https: 443 },
      certificates: "secrets",
    });
    expect(result.gateways?.ready).toHaveLength(1);
  });

  it.each([
    ["install", ["GatewayApi lab"]],
    ["existing", []],
    [undefined, []],
  ] as const)("are by a controller that is installed, the Gateway API: %s", async (gatewayApi, expected) => {
    const { registered, result } = await run(preview, () =>
      testCluster({ gateway: { kind: "install", controller: "traefik", gatewayApi } }),
    );
    const made = registered.filter(({ type }) => type.endsWith(":GatewayApi"));
    expect(made.map(({ name }) => `GatewayApi ${name}`)).toEqual(expected);
    expect(result.gateways).toMatchObject({
      className: "traefik",
      listenerPorts: { http: 8000, https: 8443 },
    });
  });
});

describe("how GPUs are asked for", () => {
  it.each([
    ["of any type", undefined, {}],
    ["of a type", "l4", { "cloud.google.com/gke-accelerator": "nvidia-l4" }],
  ])("%s", async (_, type, nodeSelector) => {
    const { result } = await run(false, () => testCluster().gpu(type));
    expect(result).toEqual({
      resource: "nvidia.com/gpu",
      nodeSelector,
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    });
  });

  it.each([
    ["h100", 'the cluster offers no GPU of type "h100"; allowed: l4, t4'],
    ["toString", 'the cluster offers no GPU of type "toString"; allowed: l4, t4'],
  ])("of a type that is not there: %s", async (type, message) => {
    const { result } = await run(false, () => testCluster());
    expect(() => result.gpu(type)).toThrow(new Error(message));
  });
});

describe.each([false, true])("a workspace, preview %s", (preview) => {
  it("is a namespace of restricted pods", async () => {
    const { one, result } = await run(preview, () => testGround().workspace);
    expect(one("Namespace")).toEqual({
      type: "kubernetes:core/v1:Namespace",
      name: "mnist",
      inputs: {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          labels: {
            ...labels("mnist"),
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "v1.36",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": "v1.36",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": "v1.36",
          },
        },
      },
      parent: "Workspace mnist",
      provider: "lab",
      dependsOn: [],
      options: {},
    });
    expect(result.retained).toBe(false);
    expect(result.inert).toHaveProperty("deletedWith");
  });

  it("stays where it is to, and then takes nothing with it", async () => {
    const { one, result } = await run(preview, () => testGround({}, { retain: true }).workspace);
    expect(one("Namespace").options).toEqual({ retainOnDelete: true });
    expect([result.retained, result.inert]).toEqual([true, {}]);
  });

  it("may be there already", async () => {
    const { registered, result } = await run(preview, () => testGround({}, { existing: "ml" }).workspace);
    expect(registered.filter(({ type }) => type.includes("Namespace"))).toEqual([]);
    expect([await valueOf(result.namespace), result.retained, result.inert]).toEqual(["ml", true, {}]);
  });
});

it("a workspace's name must be sound", async () => {
  expect(validateWorkspace("a".repeat(54), {})).toEqual([]);
  expect(validateWorkspace("mnist", { existing: "kube_system" })).toHaveLength(1);
  await expect(run(false, () => new Workspace("Mnist", { cluster: testCluster() }))).rejects.toThrow(
    'Workspace Mnist:\n  name: got "Mnist"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters',
  );
});

const volume = (args: Partial<ClaimVolumeArgs> = {}, ground = testGround()) =>
  new ModelVolume("mnist-model-pvc", { ...ground, size: "10Gi", ...args });

describe.each([false, true])("a model volume, preview %s", (preview) => {
  it("is a claim of the cluster's class, which is awaited until its first pod comes", async () => {
    const { one } = await run(preview, () => volume());
    expect(one("PersistentVolumeClaim")).toEqual({
      type: "kubernetes:core/v1:PersistentVolumeClaim",
      name: "mnist-model-pvc",
      inputs: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { namespace: preview ? "<unknown>" : "mnist-1a2b3c4d", labels: labels("mnist-model-pvc") },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "standard",
          resources: { requests: { storage: "10Gi" } },
        },
      },
      parent: "ModelVolume mnist-model-pvc",
      provider: "lab",
      dependsOn: ["Namespace mnist"],
      options: {},
    });
  });

  it("is not awaited where its class makes it at once, which may take longer than Pulumi waits", async () => {
    const { one } = await run(preview, () => volume({ accessMode: "ReadWriteMany" }));
    expect(one("PersistentVolumeClaim").inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "shared" },
    });
  });

  it.each([
    [{ retain: true }, { retainOnDelete: true }],
    [
      { retain: true, protect: true },
      { retainOnDelete: true, protect: true },
    ],
    [{ protect: true }, { protect: true }],
  ])("%j keeps the data by %j, and never goes with the namespace", async (args, options) => {
    const { one } = await run(preview, () => volume(args, testGround({}, { retain: true })));
    expect(one("PersistentVolumeClaim").options).toEqual(options);
  });
});

describe("a model volume's faults", () => {
  it("come all at once", () => {
    const cluster = { storage: { readWriteOnce: { name: "standard", binding: "Immediate" } } } as const;
    expect(
      validateModelVolume("PVC", {
        cluster,
        workspace: { retained: false },
        size: "10",
        accessMode: "ReadWriteMany",
        retain: true,
      }),
    ).toEqual([
      'name: got "PVC"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters',
      'size: got "10"; allowed: a size with a unit, such as 10Gi',
      "accessMode: got ReadWriteMany; allowed: ReadWriteOnce, because the cluster has no class for it (storage.readWriteMany)",
      "retain: got true; allowed: false, unless the workspace is retained too, for its end is the volume's",
    ]);
  });

  it("a size must be one that its class makes", () => {
    const checkSize = (where: string, size: string) => [`${where}: got "${size}"; allowed: 1Ti`];
    const shared = { name: "shared", binding: "Immediate", checkSize } as const;
    const cluster = {
      storage: { readWriteOnce: { name: "standard", binding: "Immediate" }, readWriteMany: shared },
    } as const;
    const args = { cluster, workspace: { retained: false }, size: "10Gi" };
    expect(validateModelVolume("pvc", { ...args, accessMode: "ReadWriteMany" })).toEqual([
      'size: got "10Gi"; allowed: 1Ti',
    ]);
    expect(validateModelVolume("pvc", args)).toEqual([]);
  });

  it("a bucket needs a driver", () => {
    const cluster = { storage: { readWriteOnce: { name: "standard", binding: "Immediate" } } } as const;
    expect(
      validateModelVolume("PVC", { kind: "bucket", cluster, workspace: { retained: false }, retain: true }),
    ).toEqual([
      'name: got "PVC"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters',
      'kind: got "bucket"; allowed: claim, because the cluster has no driver for buckets',
    ]);
  });

  it("are told with the volume's name when it is made", async () => {
    await expect(run(false, () => volume({ size: "10" }))).rejects.toThrow(
      'ModelVolume mnist-model-pvc:\n  size: got "10"; allowed: a size with a unit, such as 10Gi',
    );
  });

  it("a second consumer elsewhere is refused", async () => {
    const attempt = run(false, () => {
      const made = volume();
      const identity = { parent: made, serviceAccount: output("account"), access: "read" } as const;
      for (const name of ["the training job", "the UI"])
        made.attach({ name, replicas: 1, placement: "anywhere" }, { ...identity, name });
    });
    await expect(attempt).rejects.toThrow(
      /^ModelVolume mnist-model-pvc:\n {2}the training job and the UI may run on different nodes/,
    );
  });
});
