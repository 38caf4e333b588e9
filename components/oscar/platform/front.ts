import {
  ComponentResource,
  output,
  type ComponentResourceOptions,
  type Input,
  type Resource,
} from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import { GatewayController } from "../../exposure/gateway/gateway-controller";
import type { MakeCertificate } from "../../exposure/gateway/host-certificate";
import type { GatewayPlatform, GatewayRef } from "../../exposure/gateway/platform";
import { SharedGateway } from "../../exposure/gateway/shared-gateway";
import type { GatewayReach } from "../../exposure/gateway/traefik-values";
import { recordOf } from "../../exposure/publish";
import type { Tls } from "../../exposure/tls/tls";
import type { ClusterHandle } from "../../host/cluster-handle";
import { refuseFaults } from "../../refuse";
import { toldAddress, traefikOf, validateOscarFront } from "./validate-front";

export { validateOscarFront } from "./validate-front";

export interface OscarFrontArgs {
  readonly cluster: ClusterHandle;
  readonly exposure: OscarExposure;
  /** The names that lead to OSCAR and to what stands beside it, OSCAR's own first. */
  readonly hosts: readonly string[];
  /** The zone that the records of all hosts are made in. @default someone makes them, to `address` */
  readonly zone?: DnsZone | undefined;
}

/**
 * What leads people to OSCAR: a gateway of Traefik's. The services that OSCAR exposes are routes with Traefik's
 * Middlewares, which no other controller takes.
 */
export type OscarExposure = GivenGateway | InstalledTraefik | ExistingTraefik;

/** One that is there, and takes routes of all namespaces. */
export interface GivenGateway {
  readonly kind: "gateway";
  readonly gateway: GatewayRef;
}

interface TraefikGateway {
  readonly kind: "traefik";
  /** Where the certificates of all hosts come from; not from Google, whose certificates only its own gateways show. */
  readonly tls: Tls;
  /** Sees to the certificates, with `cert-manager` and `self-signed`. */
  readonly certificates?: MakeCertificate | undefined;
  /** What has to outlive the gateway: cert-manager. @default nothing */
  readonly after?: readonly Resource[] | undefined;
  /** Whether the gateway is waited for, 20 minutes at most. @default true */
  readonly await?: boolean | undefined;
}

/** Traefik is installed, for OSCAR alone. */
export interface InstalledTraefik extends TraefikGateway {
  readonly traefik: "install";
  /**
   * Whether the Gateway API's definitions are installed too. Not where cert-manager is to show by a gateway that hosts are
   * yours (http-01): it has to come between the two. Then make a GatewayController first, and give its `platform`.
   * @default "existing"
   */
  readonly gatewayApi?: "install" | "existing" | undefined;
  /** @default load-balancer */
  readonly reach?: GatewayReach | undefined;
}

/** Traefik is there, or the stack has it from elsewhere. */
export interface ExistingTraefik extends TraefikGateway {
  readonly traefik: "existing";
  /** How its gateways are had. @default the cluster's `gateways` */
  readonly platform?: GatewayPlatform | undefined;
}

/**
 * How long an upload to OSCAR or its storage may take, in seconds. Browsers send a file of any size, up to the 5 GB that
 * S3 takes at once, in one request.
 */
export const oscarUploadSeconds = 3600;

/**
 * What is between people and OSCAR: a gateway of Traefik's with a certificate for each host, Traefik itself where it is
 * not there, and the hosts' records.
 *
 * ```ts
 * const front = new OscarFront("oscar", {
 *   cluster, zone, hosts: ["oscar.example.com", "minio.example.com"],
 *   exposure: { kind: "traefik", traefik: "install", tls, certificates, after: certManager.ready },
 * });
 * ```
 *
 * Costs what a GatewayController and a SharedGateway cost: a pod, and a load balancer where one is asked for. The gateway
 * takes routes of all namespaces, because OSCAR makes one for each of its users: whoever may make a route in any namespace
 * can take a path of these hosts. It makes no routes.
 */
export class OscarFront extends ComponentResource {
  readonly gateway: GatewayRef;
  /** What the hosts' records say, or have to say: an address or a host name. Undefined where no one has told. */
  readonly address: Input<string> | undefined;
  /** What routes come after. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: OscarFrontArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:OscarFront", name, {}, opts);
    refuseFaults(this, `OscarFront ${name}`, validateOscarFront(name, args));
    const { exposure, hosts, zone } = args;
    this.gateway = exposure.kind === "gateway" ? exposure.gateway : this.share(name, args, exposure);
    const { address, ready } = this.gateway;
    this.address = address;
    this.ready = ready;
    if (zone !== undefined && address !== undefined) {
      const where = `OscarFront ${name}: zone ${zone.domain}`;
      // What is given as text is as it is meant.
      const data = recordOf(
        typeof address === "string" ? address : output(address).apply((told) => toldAddress(where, told)),
      );
      // Not after the gateway: an ACME server may have to find a host before its certificate is there.
      for (const host of hosts) zone.record({ name: host, data });
    }
    this.registerOutputs({ address });
  }

  private share(
    name: string,
    { cluster, hosts, zone }: OscarFrontArgs,
    exposure: InstalledTraefik | ExistingTraefik,
  ): SharedGateway {
    const { provider, publicAddress } = cluster;
    const { tls, certificates, after, await: awaited } = exposure;
    const gateways =
      exposure.traefik === "install"
        ? this.install(name, cluster, exposure, zone)
        : traefikOf(cluster, exposure);
    return new SharedGateway(
      name,
      {
        cluster: {
          provider,
          ...(gateways !== undefined && { gateways }),
          ...(publicAddress !== undefined && { publicAddress }),
        },
        hosts: hosts.map((host) => ({ host, tls })),
        namespaces: "all",
        certificates,
        after,
        await: awaited,
      },
      { parent: this },
    );
  }

  private install(
    name: string,
    cluster: ClusterHandle,
    { gatewayApi, reach, after = [] }: InstalledTraefik,
    zone: DnsZone | undefined,
  ): GatewayPlatform {
    return new GatewayController(
      name,
      {
        cluster,
        controller: "traefik",
        gatewayApi,
        reach,
        uploadSeconds: oscarUploadSeconds,
        readsNode: zone !== undefined,
      },
      // Whoever made the Gateway API for cert-manager has it here, too.
      { parent: this, dependsOn: [...after] },
    ).platform;
  }
}
