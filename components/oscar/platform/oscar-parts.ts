import type { Resource } from "@pulumi/pulumi";
import type { GatewayRef } from "../../exposure/gateway/platform";
import { acmeServers, type Tls } from "../../exposure/tls/tls";
import type { StorageClassRef } from "../../host/cluster-handle";
import { NfsStorage } from "../../storage/nfs-storage";
import type { OscarExposure } from "./front";
import { KnativeServing } from "./knative/knative-serving";
import { MetricsServer } from "./metrics-server";
import { ExternalMinio } from "./minio/external-minio";
import { ManagedMinio } from "./minio/managed-minio";
import type { ObjectStorage } from "./object-storage";
import type { OscarClusterArgs } from "./oscar-args";

interface Own {
  readonly parent: Resource;
}

export function makeObjectStorage(
  name: string,
  { cluster, objectStorage, exposure, ...args }: OscarClusterArgs,
  gateway: GatewayRef,
  own: Own,
): ObjectStorage {
  if (objectStorage.kind === "external")
    return new ExternalMinio(`${name}-minio`, { ...objectStorage, cluster }, own).storage;
  const { host, consoleHost, retain = args.retain, protect = args.protect } = objectStorage;
  const shown = host ?? consoleHost;
  return new ManagedMinio(
    `${name}-minio`,
    {
      ...objectStorage,
      cluster,
      retain,
      protect,
      tlsVerify: isVerified(exposure),
      publicScheme: shown === undefined ? undefined : gateway.listenerFor(shown).scheme,
    },
    own,
  ).storage;
}

/** Whether the Manager can verify the hosts' certificates, as far as is said: it knows of the usual authorities alone. */
export function isVerified(exposure: OscarExposure): boolean {
  return exposure.kind === "gateway" || isTrusted(exposure.tls);
}

/** Of the usual authorities, as far as is said. */
export function isTrusted(tls: Tls): boolean {
  if (tls.kind !== "cert-manager" || tls.issuer.kind !== "acme") return tls.kind !== "self-signed";
  return tls.issuer.server !== acmeServers.staging;
}

/** Volumes that pods of many nodes mount at once. */
export interface SharedStorage {
  readonly className: string;
  readonly ready: readonly Resource[];
}

export function makeSharedStorage(
  name: string,
  { cluster, sharedStorage, retain, protect }: OscarClusterArgs,
  own: Own,
): SharedStorage {
  if (sharedStorage.kind === "nfs") {
    const { size } = sharedStorage;
    const { ref, ready } = new NfsStorage(`${name}-nfs`, { cluster, size, retain, protect }, own);
    return { className: ref.name, ready };
  }
  const found: StorageClassRef | undefined = sharedStorage.class ?? cluster.storage.readWriteMany;
  if (found === undefined) throw new Error("a cluster without such a class is refused before");
  return { className: found.name, ready: found.ready === undefined ? [] : [found.ready] };
}

export function makeMetricsServer(
  name: string,
  { cluster, metricsServer }: OscarClusterArgs,
  own: Own,
): readonly Resource[] {
  return metricsServer === "install" ? new MetricsServer(`${name}-metrics`, { cluster }, own).ready : [];
}

export function makeKnative(
  name: string,
  { cluster, knative = "install" }: OscarClusterArgs,
  own: Own,
): readonly Resource[] {
  return knative === "install" ? new KnativeServing(`${name}-knative`, { cluster }, own).ready : [];
}
