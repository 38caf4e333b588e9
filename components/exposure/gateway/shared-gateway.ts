import { core, type Provider } from "@pulumi/kubernetes";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { ClusterHandle } from "../../host/cluster-handle";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { refuseFaults } from "../../refuse";
import type { SecretTls } from "../tls/tls";
import {
  redirectSpec,
  referenceGrantSpec,
  type Gateway,
  type GatewayListener,
  type HttpRoute,
  type ReferenceGrant,
} from "./gateway-objects";
import type { MakeCertificate } from "./host-certificate";
import { hostLabel } from "./host-names";
import {
  awaited,
  clearListener,
  googleListener,
  listenerOf,
  secretListener,
  type GatewayHost,
} from "./listeners";
import type { GatewayPlatform, GatewayRef } from "./platform";
import { needsCertificate, validateSharedGateway } from "./validate-gateway";

export interface SharedGatewayArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "gateways" | "publicAddress">;
  readonly hosts: readonly GatewayHost[];
  /** Whose routes it takes. `all`: of every namespace, those that no one knows yet too. */
  readonly namespaces: readonly Input<string>[] | "all";
  /**
   * Where it is proved to Google that hosts with `google-managed` are yours.
   * @default someone makes the records by hand, as `recordsToMake` says them
   */
  readonly zone?: DnsZone | undefined;
  /** Sees to the certificates of hosts with `cert-manager` or `self-signed`. */
  readonly certificates?: MakeCertificate | undefined;
  /**
   * What has to outlive it: what gets certificates.
   * @default nothing
   */
  readonly after?: readonly Resource[] | undefined;
  /**
   * Whether it is waited for until it leads people on, 20 minutes at most; with certificates by ACME, for which someone may
   * have to make a record first, until its controller has taken it. False where no load balancer gives addresses, as on
   * bare metal.
   * @default true
   */
  readonly await?: boolean | undefined;
}

/** A load balancer that a cloud makes, or takes away, can need long. */
const timeout = "20m";

/**
 * A Gateway for the workloads of some namespaces, with a certificate for each of its hosts. Whoever comes to such a host
 * in clear text is sent on to HTTPS, and where every host has one, nothing else is reached in clear text.
 *
 * ```ts
 * const gateway = new SharedGateway("mnist", {
 *   cluster, zone, namespaces: [workspace.namespace],
 *   hosts: [{ host: "mnist.example.com", tls: { kind: "google-managed" } }],
 * });
 * ```
 *
 * On GKE it costs a load balancer's forwarding rules and an address, by the hour; elsewhere what the cluster asks for one.
 * It makes no records of the hosts: those are the workloads', and point at `address`.
 */
export class SharedGateway extends ComponentResource implements GatewayRef {
  readonly platform: GatewayPlatform;
  /** Fixed: an ACME solver's route names it, and may be there before it. */
  readonly gatewayName: string;
  /** Its own, of which Pulumi chooses the name. */
  readonly namespace: Output<string>;
  readonly address: Input<string> | undefined;
  readonly ready: readonly Resource[];
  /** By which Google is shown that hosts are yours, where no zone was given: name, type and value of each. */
  readonly recordsToMake: readonly Output<string>[];
  private readonly hosts: readonly GatewayHost[];

  constructor(name: string, args: SharedGatewayArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:exposure:SharedGateway", name, {}, opts);
    const { cluster, hosts, zone } = args;
    const platform = cluster.gateways;
    refuseFaults(this, `SharedGateway ${name}`, validateSharedGateway(name, args));
    if (platform === undefined) throw new Error("a cluster without gateways is refused above");
    this.platform = platform;
    this.gatewayName = name;
    this.hosts = hosts;
    const { provider } = cluster;

    // Without Pod Security labels: NGINX Gateway Fabric runs its proxies beside the Gateway.
    const home = new core.v1.Namespace(
      `${name}-gateway`,
      { metadata: { labels: labelsFor(name) } },
      // It goes before what answers an ACME server in it: a challenge is not deleted without.
      { parent: this, provider, dependsOn: [...(args.after ?? [])], customTimeouts: { delete: timeout } },
    );
    this.namespace = home.metadata.name;
    const reserved = platform.reserveAddress?.(name, { parent: this });
    this.address = reserved?.ip ?? platform.address ?? cluster.publicAddress;

    const managed = hosts.flatMap(({ host, tls }) =>
      host !== undefined && tls.kind === "google-managed" ? [host] : [],
    );
    const google =
      managed.length > 0
        ? platform.googleCertificates?.(name, { parent: this, hosts: managed, zone })
        : undefined;
    const secured = hosts.flatMap(({ host, tls }) =>
      host === undefined || tls.kind === "none" ? [] : [host],
    );
    const grants = this.grantSecrets(name, args);
    const policy = secured.length > 0 ? platform.tlsPolicy?.(name, { parent: this }) : undefined;
    const gateway = customResource<Gateway>(
      name,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: {
          name: this.gatewayName,
          namespace: this.namespace,
          labels: labelsFor(name),
          ...(google !== undefined && { annotations: google.annotations }),
        },
        spec: {
          gatewayClassName: platform.className,
          listeners: [
            clearListener(hosts, this.namespace, {
              namespaces: args.namespaces,
              ports: platform.listenerPorts,
            }),
            ...(google === undefined ? this.secretListeners(args) : [googleListener(google, args)]),
          ],
          ...(reserved !== undefined && { addresses: [{ type: "NamedAddress", value: reserved.name }] }),
        },
        ...(args.await !== false && { waitFor: awaited(hosts, platform.controller) }),
      },
      {
        parent: this,
        provider,
        dependsOn: [
          ...platform.ready,
          ...(google?.ready ?? []),
          ...grants,
          ...(policy === undefined ? [] : [policy.resource]),
        ],
        // Another controller's is another one; its name is fixed, so the old one goes first.
        replaceOnChanges: ["spec.gatewayClassName"],
        deleteBeforeReplace: true,
        // Its load balancer goes while the cluster and its controller live.
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );
    this.ready = [gateway];
    this.recordsToMake = google?.recordsToMake ?? [];
    if (secured.length > 0) {
      const given = { parent: this, provider, namespace: this.namespace, gatewayName: name, gateway };
      policy?.attach(given);
      this.redirect(name, secured, provider, gateway);
    }
    this.registerOutputs({ namespace: this.namespace, address: this.address });
  }

  listenerFor(host: string): ReturnType<GatewayRef["listenerFor"]> {
    return listenerOf(this.hosts, host);
  }

  /** One for each host, by the Secret that has its certificate, now or later. */
  private secretListeners({ hosts, namespaces, certificates }: SharedGatewayArgs): GatewayListener[] {
    const common = { namespaces, ports: this.platform.listenerPorts };
    return hosts.flatMap(({ host, tls }) => {
      if (host === undefined) return [];
      if (tls.kind === "secret") {
        const ref = {
          kind: "Secret",
          name: tls.secretName,
          namespace: secretNamespace(tls, namespaces),
        } as const;
        return [secretListener(host, ref, common)];
      }
      if (!needsCertificate(tls) || certificates === undefined) return [];
      const { secretName } = certificates({
        host,
        tls,
        namespace: this.namespace,
        gatewayName: this.gatewayName,
        parent: this,
      });
      return [secretListener(host, { kind: "Secret", name: secretName }, common)];
    });
  }

  /** Lets it at certificates in other namespaces. */
  private grantSecrets(name: string, { hosts, namespaces, cluster }: SharedGatewayArgs): Resource[] {
    return hosts.flatMap(({ host, tls }) => {
      if (host === undefined || tls.kind !== "secret") return [];
      return [
        customResource<ReferenceGrant>(
          `${name}-${hostLabel(host)}`,
          {
            apiVersion: "gateway.networking.k8s.io/v1beta1",
            kind: "ReferenceGrant",
            metadata: { namespace: secretNamespace(tls, namespaces), labels: labelsFor(name) },
            spec: referenceGrantSpec(this.namespace, tls.secretName),
          },
          { parent: this, provider: cluster.provider, dependsOn: [...this.platform.ready] },
        ),
      ];
    });
  }

  private redirect(name: string, hosts: readonly string[], provider: Provider, gateway: Resource): void {
    customResource<HttpRoute>(
      `${name}-redirect`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { namespace: this.namespace, labels: labelsFor(name) },
        spec: redirectSpec(this.gatewayName, hosts),
      },
      { parent: this, provider, dependsOn: [gateway] },
    );
  }
}

/** Where it is not said, there is one only. */
function secretNamespace(
  { namespace }: SecretTls,
  namespaces: SharedGatewayArgs["namespaces"],
): Input<string> {
  const [first = ""] = namespaces === "all" ? [] : namespaces;
  return namespace ?? first;
}
