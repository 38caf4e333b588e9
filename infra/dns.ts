import type { DnsZone } from "../components/dns/dns";
import { Zone, type ZoneCloud } from "../components/dns/zone";
import type { ClusterHandle } from "../components/host/cluster-handle";
import { providersOf, type Clouds } from "./clouds";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import { labelsOf } from "./gke";
import { tiers } from "./tiers";

/** The zone that the document describes, and the one above it where that is to delegate to it. */
export function dnsZone(
  environment: Environment,
  clouds: Clouds,
  { cloudReady = [] }: Pick<ClusterHandle, "cloudReady">,
): DnsZone | undefined {
  const { name, tier, host, dns } = environment;
  if (dns === undefined) return undefined;
  const { domain, parent, dnssec } = dns;
  const options = { providers: providersOf(clouds) };
  const above =
    parent &&
    new Zone(
      `${name}-parent-zone`,
      {
        cloud: cloudOf(environment, parent),
        zone: { kind: "existing", domain: parent.domain, id: parent.id },
      },
      options,
    );
  const cloud = cloudOf(environment, dns);
  const ttlSeconds = dns.ttlSeconds ?? tiers[tier].dnsTtlSeconds;
  if (dns.zone?.kind === "existing")
    return new Zone(`${name}-zone`, { cloud, zone: { ...dns.zone, domain }, ttlSeconds }, options);
  return new Zone(
    `${name}-zone`,
    {
      cloud,
      zone: { kind: "new", domain },
      ...defined({ parent: above, dnssec }),
      protect: tiers[tier].isProtected,
      ttlSeconds,
      labels: { ...labelsOf(environment), ...(host.kind === "gke" && host.labels) },
    },
    { ...options, dependsOn: [...cloudReady] },
  );
}

/** The checks have seen to it that there is a project. */
function cloudOf({ host }: Environment, zone: ZoneSection): ZoneCloud {
  if (zone.kind === "route53") return { kind: "route53" };
  return { kind: "cloud-dns", project: zone.project ?? (host.kind === "gke" ? host.project : "") };
}

type ZoneSection =
  { readonly kind: "route53" } | { readonly kind: "cloud-dns"; readonly project?: string | undefined };
