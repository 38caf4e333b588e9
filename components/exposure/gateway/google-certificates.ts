import {
  Certificate,
  CertificateMap,
  CertificateMapEntry,
  DnsAuthorization,
} from "@pulumi/gcp/certificatemanager";
import { all, interpolate, type CustomResourceOptions, type Output, type Resource } from "@pulumi/pulumi";
import type { GooglePlace } from "./google";
import { hostLabel, withoutWildcard } from "./host-names";
import type { GatewayCertificates, GoogleCertificatesArgs } from "./platform";

/**
 * Certificates of Google's Certificate Manager, which gets and renews them as long as a record in the zone stays that
 * proves that the host is yours (https://cloud.google.com/certificate-manager/docs/domain-authorization#dns). Nobody has
 * to reach the gateway for it. A certificate is there some minutes after the record, and nothing waits for it.
 */
export function googleCertificates(
  name: string,
  args: GoogleCertificatesArgs,
  place: GooglePlace,
): GatewayCertificates {
  const options = { parent: args.parent, ...place.options };
  const { certificates, recordsToMake } = certificatesOf(name, args, place, options);
  const shown =
    place.scope === "global"
      ? globalCertificates(name, certificates, place, options)
      : regionalCertificates(certificates);
  return { ...shown, recordsToMake };
}

interface HostsCertificate {
  readonly host: string;
  readonly certificate: Certificate;
}

function certificatesOf(
  name: string,
  { hosts, zone, parent }: GoogleCertificatesArgs,
  { project, region, scope }: GooglePlace,
  options: CustomResourceOptions,
): { readonly certificates: readonly HostsCertificate[]; readonly recordsToMake: readonly Output<string>[] } {
  const location = scope === "global" ? {} : { location: region };
  const proofs = new Map<string, { authorization: DnsAuthorization; record: Resource | undefined }>();
  const recordsToMake: Output<string>[] = [];
  const certificates = hosts.map((host) => {
    // One proof is good for a name and for all names below it, which is why there cannot be two.
    const domain = withoutWildcard(host);
    let proof = proofs.get(domain);
    if (proof === undefined) {
      const authorization = new DnsAuthorization(
        `${name}-${hostLabel(domain)}`,
        // Said, because Google has another default in regions.
        { project, ...location, domain, type: scope === "global" ? "FIXED_RECORD" : "PER_PROJECT_RECORD" },
        options,
      );
      const asked = (field: "name" | "type" | "data") =>
        authorization.dnsResourceRecords.apply((records) => records?.[0]?.[field] ?? "");
      const record = zone?.record(
        {
          name: `_acme-challenge.${domain}`,
          // In a region, its first label has a number of the project's at the end.
          ...(scope === "regional" && { actualName: asked("name") }),
          data: { type: "CNAME", values: [asked("data")] },
        },
        { parent },
      );
      if (record === undefined)
        recordsToMake.push(interpolate`${asked("name")} ${asked("type")} ${asked("data")}`);
      proof = { authorization, record };
      proofs.set(domain, proof);
    }
    const certificate = new Certificate(
      `${name}-${hostLabel(host)}`,
      { project, ...location, managed: { domains: [host], dnsAuthorizations: [proof.authorization.id] } },
      // Without the record, and whoever asks being led to it, Google tries, fails, and waits the longer before it tries again.
      {
        ...options,
        ...(proof.record !== undefined && { dependsOn: [proof.record, ...(zone?.ready ?? [])] }),
      },
    );
    return { host, certificate };
  });
  return { certificates, recordsToMake };
}

/** By a map from hosts to certificates, which stands on the Gateway; a listener must then name none of its own. */
function globalCertificates(
  name: string,
  certificates: readonly HostsCertificate[],
  { project }: GooglePlace,
  options: CustomResourceOptions,
): Omit<GatewayCertificates, "recordsToMake"> {
  const map = new CertificateMap(name, { project }, options);
  const entries = certificates.map(
    ({ host, certificate }) =>
      new CertificateMapEntry(
        `${name}-${hostLabel(host)}`,
        { project, map: map.name, hostname: host, certificates: [certificate.id] },
        options,
      ),
  );
  return { annotations: { "networking.gke.io/certmap": map.name }, ready: entries };
}

/**
 * A region knows no maps: the listener names the certificates, and Google shows the one that fits
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway).
 */
function regionalCertificates(
  certificates: readonly HostsCertificate[],
): Omit<GatewayCertificates, "recordsToMake"> {
  const resources = certificates.map(({ certificate }) => certificate);
  const names = all(resources.map((each) => each.name)).apply((known) => known.join(","));
  return {
    annotations: {},
    listenerOptions: { "networking.gke.io/cert-manager-certs": names },
    ready: resources,
  };
}
