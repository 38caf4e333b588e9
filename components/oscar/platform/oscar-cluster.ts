import {
  ComponentResource,
  output,
  secret,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { generatedPassword } from "../../generated-password";
import { takeRoute } from "../../exposure/gateway/routes-taken";
import { helmRelease } from "../../kubernetes/helm-release";
import { refuseFaults } from "../../refuse";
import { charts } from "../../versions";
import { makeAllowedImages } from "./allowed-images";
import { OscarFront } from "./front";
import { makeGpuTolerations } from "./gpu-tolerations";
import { makeNamespaces, managerName, type OscarNamespaces } from "./namespaces";
import { takeCluster } from "./one-per-cluster";
import type { OscarClusterArgs } from "./oscar-args";
import { makeKnative, makeMetricsServer, makeObjectStorage, makeSharedStorage } from "./oscar-parts";
import { hostsOf, makeManagerRoute, makeStorageRoutes, routeOf } from "./oscar-routes";
import { administrator, oscarValues } from "./oscar-values";
import { makePullSecrets } from "./pull-secrets";
import { validateOscarCluster } from "./validate-oscar";

/** The volume may be a file server that a cloud makes first. */
const timeoutSeconds = 1200;

/**
 * OSCAR (https://oscar.grycap.net), a platform on which people run inference as services, and all that it needs: MinIO, or
 * one that is there; volumes that many nodes mount; Knative; metrics-server; a gateway of Traefik's; its own chart.
 *
 * ```ts
 * const oscar = new OscarCluster("lab", {
 *   cluster, zone,
 *   host: "oscar.example.com",
 *   exposure: { kind: "traefik", traefik: "install", tls, certificates, after: certManager.ready },
 *   objectStorage: { kind: "managed", size: "50Gi", host: "minio.example.com" },
 *   sharedStorage: { kind: "nfs", size: "50Gi" },
 *   metricsServer: "existing",
 * });
 * ```
 *
 * Costs its pods, which without a service reserve 2 CPUs and 2.5 GiB of memory in all, its disks, and what its gateway
 * costs. It is one to a cluster, for its namespaces `oscar` and `oscar-svc` are known by these names. It makes no services,
 * no backups, and no nodes with GPUs; OSCAR looks for those when it starts (`gpu_available`).
 *
 * When it goes, the services in `oscar-svc` go with it. What OSCAR itself made elsewhere stays, and is to be deleted before,
 * while what serves it lives: its users' namespaces and their copies of its volume, and with `kueue` their queues,
 *
 * ```sh
 * kubectl delete namespaces,persistentvolumes -l oscar.grycap.upv.es/owner-hash
 * kubectl delete clusterqueues,resourceflavors -l oscar.grycap/owner
 * ```
 *
 * and in a MinIO that was there already, buckets, users, and webhooks (`mc admin config get ALIAS notify_webhook`).
 */
export class OscarCluster extends ComponentResource {
  /** Where OSCAR is reached: `https://oscar.example.com`. */
  readonly endpoint: Output<string>;
  /** Where people use it by a browser. */
  readonly dashboard: Output<string>;
  /** Where MinIO is reached, by OSCAR and by those who come by addresses that OSCAR signs. */
  readonly minioEndpoint: Output<string>;
  /** Where people use MinIO by a browser. Undefined where no host leads there. */
  readonly minioConsole: Output<string> | undefined;
  /** The administrator's. */
  readonly username: string = administrator;
  /** A secret. */
  readonly password: Output<string>;
  /** A secret. */
  readonly minioAccessKey: Output<string>;
  /** A secret. */
  readonly minioSecretKey: Output<string>;
  /** What the records of the hosts say, or have to say: an address or a host name. Undefined where no one knows. */
  readonly pointsAt: Output<string> | undefined;
  /** What services come after. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: OscarClusterArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:OscarCluster", name, {}, opts);
    const { cluster, exposure, zone, protect = false } = args;
    const hosts = hostsOf(args);
    refuseFaults(this, `OscarCluster ${name}`, [
      ...validateOscarCluster(name, args),
      ...takeCluster(cluster, name),
      ...hosts.flatMap((host) => takeRoute(cluster, routeOf(host))),
    ]);
    const own = { parent: this };
    const self = { parent: this, provider: cluster.provider };

    const front = new OscarFront(
      name,
      { cluster, exposure, zone, hosts: hosts.map(({ host }) => host) },
      own,
    );
    const { gateway } = front;
    const storage = makeObjectStorage(name, args, gateway, own);
    const shared = makeSharedStorage(name, args, own);
    const namespaces = makeNamespaces(
      name,
      { protect },
      {
        ...self,
        dependsOn: [
          ...front.ready,
          ...storage.ready,
          ...shared.ready,
          ...makeKnative(name, args, own),
          // While an API that the cluster was given does not answer, no namespace goes.
          ...makeMetricsServer(name, args, own),
        ],
      },
    );
    const managerNamespace = namespaces.manager.metadata.name;
    const ways = { gateway, ...self };
    const storageRoutes = makeStorageRoutes(name, hosts, storage, ways);
    const beside = makeBeside(name, args, namespaces, self);

    this.password = generatedPassword(`${name}-password`, 32, own);
    const release = helmRelease(
      `${name}-manager`,
      {
        chart: { ...charts.oscar, version: args.version ?? charts.oscar.version },
        chartsFolder: cluster.chartsFolder,
        namespace: managerNamespace,
        // Named, because MinIO calls the Manager by the name of its Service and its namespace; both are one word.
        releaseName: managerName,
        values: {
          ...oscarValues(args, {
            password: this.password,
            scheme: gateway.listenerFor(args.host).scheme,
            gateway: { name: gateway.gatewayName, namespace: gateway.namespace },
            storage,
            className: shared.className,
          }),
        },
        timeoutSeconds,
      },
      {
        ...self,
        dependsOn: [
          namespaces.services,
          // From when it is there it takes services, of images that are allowed alone.
          ...beside,
          // It looks for MinIO when it starts, by the host that leads there.
          ...(storageRoutes.api === undefined ? [] : [storageRoutes.api.route]),
        ],
      },
    );
    const { route, url } = makeManagerRoute(name, args.host, {
      ...ways,
      namespace: managerNamespace,
      dependsOn: [release],
    });

    this.endpoint = output(url);
    this.dashboard = output(`${url}/ui/`);
    this.minioEndpoint = output(storage.endpoint);
    this.minioConsole = storageRoutes.console && output(storageRoutes.console.url);
    this.minioAccessKey = secret(storage.accessKey);
    this.minioSecretKey = secret(storage.secretKey);
    this.pointsAt = front.address === undefined ? undefined : output(front.address);
    this.ready = [release, route];
    this.registerOutputs({
      endpoint: this.endpoint,
      dashboard: this.dashboard,
      minioEndpoint: this.minioEndpoint,
      minioConsole: this.minioConsole,
    });
  }
}

/** What is there before the Manager, and as long as it: what it and its services look for by its name. */
function makeBeside(
  name: string,
  { cluster, allowedImages, imagePullSecrets = {}, tolerateGpuTaint = false }: OscarClusterArgs,
  { manager, services }: OscarNamespaces,
  self: CustomResourceOptions,
): Resource[] {
  return [
    ...(allowedImages === undefined
      ? []
      : [makeAllowedImages(name, allowedImages, manager.metadata.name, self)]),
    ...makePullSecrets(name, imagePullSecrets, services.metadata.name, self),
    ...(tolerateGpuTaint ? makeGpuTolerations(name, cluster.gpu(), self) : []),
  ];
}
