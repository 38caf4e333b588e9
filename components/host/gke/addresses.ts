import { Address, GlobalAddress } from "@pulumi/gcp/compute";
import type { ProviderResource, Resource } from "@pulumi/pulumi";
import type { AddressReservation, ReservationArgs } from "../cluster-handle";

/** Where addresses are reserved. */
export interface AddressPlace {
  readonly project: string;
  readonly region: string;
  /** What enables the services that make them. */
  readonly after: readonly Resource[];
  readonly provider: ProviderResource | undefined;
}

/**
 * Reserves an address that a name can point at before what it leads to is there. GKE's Ingress has a global one
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration#static_ip_addresses_for_https_load_balancers),
 * a load balancer's Service one of its region, which it asks for by `loadBalancerIP`
 * (https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters#spd-static-ip-parameters; by
 * name, not every kind of load balancer finds one).
 * An address that nothing uses costs more than one that is in use.
 */
export function reserveGkeAddress(
  name: string,
  { parent, use }: ReservationArgs,
  { project, region, after, provider }: AddressPlace,
): AddressReservation {
  const options = { parent, dependsOn: [...after], ...(provider !== undefined && { provider }) };
  if (use === "ingress") {
    const address = new GlobalAddress(`${name}-address`, { project }, options);
    return {
      ip: address.address,
      annotations: { "kubernetes.io/ingress.global-static-ip-name": address.name },
    };
  }
  const address = new Address(`${name}-address`, { project, region }, options);
  return { ip: address.address, annotations: {} };
}
