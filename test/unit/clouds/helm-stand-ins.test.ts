import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Properties } from "../../../provider";
import { openChart } from "../../../sandbox/clouds/kubernetes/helm/chart";
import { root } from "../../../sandbox/project";

const render = (chart: string, values: Properties, name = "lab") =>
  openChart(join(root, "sandbox/charts", chart), "").render({ release: { name, namespace: "home" }, values });
const namesOf = (objects: readonly Properties[]) =>
  objects.map((object) => {
    const { kind, metadata } = JSON.parse(JSON.stringify(object));
    return [kind, metadata.namespace, metadata.name].filter((each) => each !== undefined).join(" ");
  });
const only = (objects: readonly Properties[], kind: string) =>
  objects.filter((object) => object["kind"] === kind);

const restricted = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};
const minio = { existingSecret: "keys", image: { repository: "example.com/minio", tag: "1" }, ...restricted };

describe("a stand-in", () => {
  it.each<[string, Properties, string[]]>([
    ["cert-manager", {}, ["ConfigMap home lab-stand-in"]],
    ["traefik", {}, ["GatewayClass traefik", "ConfigMap home lab-stand-in"]],
    [
      "oscar",
      { servicesNamespace: "services" },
      [
        "ServiceAccount oscar-sa",
        "Deployment oscar",
        "Secret services minio",
        "Service oscar",
        "ConfigMap home lab-stand-in",
        "PersistentVolumeClaim services oscar-pvc",
        "Job services populate-volume-job",
      ],
    ],
    [
      "minio",
      { mode: "standalone" },
      [
        "ServiceAccount minio-sa",
        "Service lab",
        "Service lab-console",
        "ConfigMap home lab-stand-in",
        "Deployment lab",
      ],
    ],
    [
      "minio",
      { mode: "distributed" },
      [
        "Service lab-svc",
        "StatefulSet lab",
        "ServiceAccount minio-sa",
        "Service lab",
        "Service lab-console",
        "ConfigMap home lab-stand-in",
      ],
    ],
    [
      "nfs-server-provisioner",
      { nameOverride: "nfs" },
      [
        "ServiceAccount lab-nfs",
        "StatefulSet lab-nfs",
        "Service lab-nfs",
        "ConfigMap home lab-stand-in",
        "StorageClass nfs",
      ],
    ],
    [
      "nfs-server-provisioner",
      { storageClass: { create: false } },
      [
        "ServiceAccount lab-nfs-server-provisioner",
        "StatefulSet lab-nfs-server-provisioner",
        "Service lab-nfs-server-provisioner",
        "ConfigMap home lab-stand-in",
      ],
    ],
    [
      "knative-operator",
      {},
      [
        "ServiceAccount home knative-operator",
        "Deployment home knative-operator",
        "ConfigMap home lab-stand-in",
        "ServiceAccount home operator-webhook",
        "Deployment home operator-webhook",
        "Service home operator-webhook",
      ],
    ],
    [
      "metrics-server",
      {},
      [
        "ServiceAccount lab-metrics-server",
        "Deployment lab-metrics-server",
        "Service lab-metrics-server",
        "ConfigMap home lab-stand-in",
      ],
    ],
  ])("for %s with %j has what the chart has", (chart, values, expected) => {
    expect(namesOf(render(chart, values))).toEqual(expected);
  });
});

describe("the stand-in", () => {
  it("for OSCAR's chart takes its class, its image and its keys from the values", () => {
    const objects = render("oscar", {
      image: { tag: "4.1.2" },
      volume: { storageClassName: "nfs" },
      minIO: { secretKey: 'a"b: #' },
    });
    expect(only(objects, "PersistentVolumeClaim")).toMatchObject([
      {
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: "nfs",
          resources: { requests: { storage: "2Gi" } },
        },
      },
    ]);
    expect(only(objects, "Secret")).toMatchObject([
      { stringData: { oidc_uid: "minio", accessKey: "minio", secretKey: 'a"b: #' } },
    ]);
    expect(JSON.stringify(only(objects, "Deployment"))).toContain('"image":"ghcr.io/grycap/oscar:4.1.2"');
    expect(only(objects, "Job")).toMatchObject([{ spec: { ttlSecondsAfterFinished: 120 } }]);
    expect(only(render("oscar", {}), "PersistentVolumeClaim")[0]?.["spec"]).not.toHaveProperty(
      "storageClassName",
    );
  });

  it("for MinIO's chart takes a claim that is there, or four of a class", () => {
    const standalone = render("minio", {
      ...minio,
      mode: "standalone",
      persistence: { existingClaim: "drive" },
    });
    const security = {
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        runAsNonRoot: true,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          image: "example.com/minio:1",
          securityContext: { readOnlyRootFilesystem: false, ...restricted.containerSecurityContext },
        },
      ],
    };
    const volumes = [{ name: "export", persistentVolumeClaim: { claimName: "drive" } }];
    expect(only(standalone, "Deployment")).toMatchObject([
      { spec: { template: { spec: { ...security, volumes } } } },
    ]);
    const persistence = { storageClass: "fast", size: "5Gi" };
    const distributed = render("minio", { ...minio, mode: "distributed", persistence });
    const volumeClaimTemplates = [0, 1, 2, 3].map((index) => ({
      metadata: { name: `export-${index}` },
      spec: { storageClassName: "fast", resources: { requests: { storage: "5Gi" } } },
    }));
    expect(only(distributed, "StatefulSet")).toMatchObject([
      { spec: { serviceName: "lab-svc", volumeClaimTemplates, template: { spec: security } } },
    ]);
  });

  it("for the NFS server's chart says whose volumes it makes", () => {
    const objects = render("nfs-server-provisioner", {
      persistence: { existingClaim: "disk" },
      storageClass: { name: "shared", provisionerName: "example.com/shared", reclaimPolicy: "Retain" },
    });
    expect(only(objects, "StorageClass")).toMatchObject([
      { metadata: { name: "shared" }, provisioner: "example.com/shared", reclaimPolicy: "Retain" },
    ]);
    const pod = {
      containers: [{ args: ["-provisioner=example.com/shared"] }],
      volumes: [{ persistentVolumeClaim: { claimName: "disk" } }],
    };
    expect(only(objects, "StatefulSet")).toMatchObject([{ spec: { template: { spec: pod } } }]);
  });

  it("for metrics-server's chart takes its arguments, and gives the cluster no API", () => {
    const objects = render("metrics-server", { args: ["--kubelet-insecure-tls"] });
    const containers = [{ args: ["--kubelet-insecure-tls"] }];
    expect(only(objects, "Deployment")).toMatchObject([{ spec: { template: { spec: { containers } } } }]);
    expect(only(objects, "APIService")).toEqual([]);
  });
});
