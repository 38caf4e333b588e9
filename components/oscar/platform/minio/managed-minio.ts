import { core } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Output, type Resource } from "@pulumi/pulumi";
import { generatedPassword } from "../../../generated-password";
import type { ClusterHandle, StorageClassRef } from "../../../host/cluster-handle";
import { checkName } from "../../../kubernetes/checks";
import { helmRelease } from "../../../kubernetes/helm-release";
import { podSecurity } from "../../../kubernetes/security";
import { labelsFor, metadataFor } from "../../../kubernetes/labels";
import { refuseFaults } from "../../../refuse";
import { claimOf } from "../../../storage/claim";
import { charts, images } from "../../../versions";
import type { ObjectStorage } from "../object-storage";
import { driveSize, minioValues, type Drives } from "./minio-values";
import { defaultRegion, type ManagedMinioArgs } from "./object-storage-args";
import { validateObjectStorage } from "./validate-object-storage";

/** Namespace and release, and so the first of its Services. */
const standardName = "minio";

/** The Services of its chart (templates/service.yaml and console-service.yaml). */
const services = {
  api: { name: standardName, port: 9000 },
  console: { name: `${standardName}-console`, port: 9001 },
} as const;

const rootUser = "minio";

export interface ManagedMinioSetup extends ManagedMinioArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder" | "storage">;
  /** Whether the certificate of `host` is one that OSCAR's Manager trusts. Without a host it means nothing. */
  readonly tlsVerify: boolean;
  /** How `host` and `consoleHost` are reached. @default "https" */
  readonly publicScheme?: "http" | "https" | undefined;
}

/**
 * MinIO, by its own chart, for OSCAR's files. It has Services that a way from outside can lead to, and no such way.
 *
 * ```ts
 * const { storage } = new ManagedMinio("oscar", { cluster, kind: "managed", size: "20Gi", tlsVerify: true });
 * ```
 *
 * Costs what its volumes cost, used or not, and 512 MiB of memory. It makes no backups, and is one to a cluster. Its root
 * user is `minio`, with a password that is made. With another layout or class it is another, empty one, and what was
 * stored on a single drive is gone (`protect` refuses that). With `retain`, the namespace and the volumes in it stay,
 * and have to be deleted or imported before there is another MinIO.
 */
export class ManagedMinio extends ComponentResource {
  readonly storage: ObjectStorage;

  constructor(name: string, args: ManagedMinioSetup, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:ManagedMinio", name, {}, opts);
    const { cluster, host, consoleHost, publicScheme = "https", retain = false, protect = false } = args;
    const storageClass = args.storageClass ?? cluster.storage.readWriteOnce;
    refuseFaults(this, `ManagedMinio ${name}`, [
      // Pulumi adds 9 characters to the names of the claim and the Secret.
      ...checkName(name, 54),
      ...validateObjectStorage("", { ...args, storageClass }),
    ]);
    const self = { parent: this, provider: cluster.provider };
    const home = new core.v1.Namespace(
      name,
      // Named, because OSCAR's users and documentation know it as minio.minio; and a second one in the cluster is refused.
      { metadata: { name: standardName, labels: { ...labelsFor(name), ...podSecurity("restricted") } } },
      // What four drives hold stays when the release goes, and goes with the namespace.
      { ...self, retainOnDelete: retain, protect },
    );
    const namespace = home.metadata.name;
    const rootPassword = generatedPassword(`${name}-password`, 32, { parent: this });
    const credentials = new core.v1.Secret(
      name,
      // Its name is Pulumi's choice and changes with what is in it, so that the pod, which reads it when it starts, is
      // started anew.
      { metadata: metadataFor(name, namespace), stringData: { rootUser, rootPassword } },
      { ...self, ...(!retain && { deletedWith: home }) },
    );
    const drives = makeDrives(name, { ...args, storageClass }, namespace, this);
    const release = helmRelease(
      name,
      {
        chart: charts.minio,
        chartsFolder: cluster.chartsFolder,
        namespace,
        // Named, because its Services are named after it.
        releaseName: standardName,
        values: {
          ...minioValues({
            image: args.image ?? images.minio,
            secretName: credentials.metadata.name,
            drives,
            ...(consoleHost !== undefined && { consoleUrl: `${publicScheme}://${consoleHost}` }),
          }),
        },
      },
      { ...self, ...(storageClass.ready !== undefined && { dependsOn: [storageClass.ready] }) },
    );
    this.storage = {
      endpoint: host === undefined ? inCluster : `${publicScheme}://${host}`,
      region: defaultRegion,
      accessKey: rootUser,
      secretKey: rootPassword,
      tlsVerify: host !== undefined && args.tlsVerify,
      services: { namespace, ...services },
      ready: [release],
    };
    this.registerOutputs({});
  }
}

const inCluster = `http://${services.api.name}.${standardName}:${services.api.port}`;

/** What MinIO stores on. A single drive's claim is ours: it outlives the release, and grows without it. */
function makeDrives(
  name: string,
  args: ManagedMinioSetup & { readonly storageClass: StorageClassRef },
  namespace: Output<string>,
  parent: Resource,
): Drives {
  const { cluster, storageClass, layout = "single-drive", size, retain = false, protect = false } = args;
  if (layout === "four-drives")
    return { layout, storageClass: storageClass.name, driveSize: driveSize({ layout, size }) };
  const claim = claimOf(
    name,
    { namespace, storageClass, accessMode: "ReadWriteOnce", size },
    { parent, provider: cluster.provider, retainOnDelete: retain, protect },
  );
  return { layout, claimName: claim.metadata.name };
}
