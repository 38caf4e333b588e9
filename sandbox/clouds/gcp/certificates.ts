import type { Properties } from "../../../provider";
import { hexDigits } from "../domain-names";
import { at, listAt, textAt } from "../kubernetes/objects";
import { googleError, type Behaviour, type Made, type Wanted } from "./behaviour";
import { lastPart, projectOf, type Defaults } from "./places";

/** What all of Certificate Manager's have in common. `kind` is how the provider calls it in an error. */
function managed(kind: string, collection: string) {
  return {
    naming: { property: "name", maxLength: 64 },
    id: (inputs: Properties, defaults: Defaults) =>
      `projects/${projectOf(inputs, defaults)}/locations/${locationIn(inputs)}/${collection}/${textAt(inputs, "name")}`,
    exists: (id: string) =>
      `Error creating ${kind}: ${googleError(409, `Resource '${id}' already exists`, "alreadyExists")}`,
    derived: (inputs: Properties) => ({ effectiveLabels: at(inputs, "labels") ?? {} }),
  };
}

const locationIn = (inputs: Properties) => textAt(inputs, "location") ?? "global";

const timestamps = { createTime: "2026-01-01T00:00:00Z", updateTime: "2026-01-01T00:00:00Z" };

/** How the provider shows an error that names the fields at fault. */
function invalid(kind: string, message: string, field: string, description: string): Error {
  const details = [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: [{ description, field }] },
  ];
  return new Error(
    `Error creating ${kind}: googleapi: Error 400: ${message}\nDetails:\n${JSON.stringify(details, undefined, 2)}`,
  );
}

function refuseUse(kind: string, subject: string, user: string | undefined): void {
  if (user === undefined) return;
  throw new Error(
    `Error when reading or editing ${kind}: ` +
      googleError(400, `can't delete ${subject} that is referenced by ${user}`, "failedPrecondition"),
  );
}

/** The id of a resource of this type that refers to the one to be deleted. */
function referrer({ id, others }: Made, type: string, ...path: readonly string[]): string | undefined {
  return Object.entries(others).find(
    ([, each]) => each.type === type && listAt(each.state, ...path).some((ref) => refersTo(ref, id)),
  )?.[0];
}

/** By its id, or by its full name with the service in front. */
const refersTo = (reference: unknown, id: string) =>
  typeof reference === "string" && (reference === id || reference.endsWith(`/${id}`));

export const dnsAuthorization: Behaviour = {
  ...managed("DnsAuthorization", "dnsAuthorizations"),
  refuse: ({ inputs }) => {
    const domain = textAt(inputs, "domain") ?? "";
    if (domain.includes("*") || domain.endsWith("."))
      throw invalid("DnsAuthorization", "Validation failed", "domain", `invalid domain name "${domain}"`);
  },
  outputs: ({ inputs, id, defaults }) => {
    const domain = textAt(inputs, "domain") ?? "";
    const type = textAt(inputs, "type") ?? (locationIn(inputs) === "global" ? "FIXED_RECORD" : perProject);
    const digits = hexDigits(`${id} ${domain}`);
    const label = type === perProject ? `_acme-challenge_${digits.slice(-16)}` : "_acme-challenge";
    const target = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
    return {
      project: projectOf(inputs, defaults),
      location: locationIn(inputs),
      type,
      dnsResourceRecords: [
        {
          name: `${label}.${domain}.`,
          type: "CNAME",
          data: `${target}.2.authorize.certificatemanager.goog.`,
        },
      ],
    };
  },
  refuseDeletion: (made) =>
    refuseUse(
      "DnsAuthorization",
      "DNS authorization",
      referrer(made, certificateType, "managed", "dnsAuthorizations"),
    ),
};

const perProject = "PER_PROJECT_RECORD";
const certificateType = "gcp:certificatemanager/certificate:Certificate";
const entryType = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";

export const certificate: Behaviour = {
  ...managed("Certificate", "certificates"),
  nestedOutputs: [["managed", "state"]],
  refuse: refuseCertificate,
  outputs: ({ inputs, defaults }) => ({
    project: projectOf(inputs, defaults),
    location: locationIn(inputs),
    scope: "DEFAULT",
    sanDnsnames: listAt(inputs, "managed", "domains"),
    // Google issues it when it sees the record; nothing waits for that.
    ...(inputs["managed"] !== undefined && { managed: { state: "PROVISIONING" } }),
  }),
  refuseDeletion: (made) =>
    refuseUse("Certificate", "certificate", referrer(made, entryType, "certificates")),
};

function refuseCertificate({ inputs, others }: Wanted): void {
  const references = listAt(inputs, "managed", "dnsAuthorizations");
  const authorized = references.map((reference, index) => {
    const field = `managed.dns_authorizations[${index}]`;
    const id = typeof reference === "string" ? reference : "";
    if (!/^projects\/[^/]+\/locations\/[^/]+\/dnsAuthorizations\/[^/]+$/.test(id))
      throw invalid("Certificate", "Validation failed", field, "invalid name");
    const found = others[id];
    if (found === undefined)
      throw invalid("Certificate", "Validation failed", field, `"${id}" was not found`);
    return textAt(found.state, "domain") ?? "";
  });
  listAt(inputs, "managed", "domains").forEach((domain, index) => {
    const name = typeof domain === "string" ? domain : "";
    const byDns = authorized.some((each) => name === each || name === `*.${each}`);
    // Without an authorization, the load balancer proves it, which cannot be done for a wildcard.
    if (byDns || (references.length === 0 && !name.startsWith("*."))) return;
    const description = `domain "${name}" is not covered by any DNS authorization`;
    throw invalid("Certificate", "Validation failed", `managed.domains[${index}]`, description);
  });
}

export const certificateMap: Behaviour = {
  ...managed("CertificateMap", "certificateMaps"),
  outputs: ({ inputs, defaults }) => ({
    ...timestamps,
    project: projectOf(inputs, defaults),
    gclbTargets: [],
  }),
  refuseDeletion: ({ id, others }) => {
    const isUsed = Object.keys(others).some((other) => other.startsWith(`${id}/certificateMapEntries/`));
    if (!isUsed) return;
    const message =
      `Resource '"${id}"' has nested resources. If the API supports cascading delete, set 'force' to true to delete it ` +
      "and its nested resources.";
    throw new Error(`Error when reading or editing CertificateMap: googleapi: Error 400: ${message}`);
  },
};

const mapOf = (inputs: Properties, defaults: Defaults) =>
  `projects/${projectOf(inputs, defaults)}/locations/global/certificateMaps/${lastPart(textAt(inputs, "map") ?? "")}`;

export const certificateMapEntry: Behaviour = {
  ...managed("CertificateMapEntry", "certificateMapEntries"),
  validate: (inputs) =>
    ["hostname", "matcher"].filter((property) => inputs[property] !== undefined).length === 1
      ? []
      : [{ property: "hostname", reason: "exactly one of `hostname,matcher` must be specified" }],
  id: (inputs, defaults) => `${mapOf(inputs, defaults)}/certificateMapEntries/${textAt(inputs, "name")}`,
  refuse: ({ inputs, defaults, others }) => {
    const map = mapOf(inputs, defaults);
    if (others[map] === undefined)
      throw new Error(
        `Error creating CertificateMapEntry: ${googleError(404, `Resource '${map}' was not found`, "notFound")}`,
      );
    for (const reference of listAt(inputs, "certificates")) {
      const known = Object.entries(others).find(
        ([id, { type }]) => type === certificateType && refersTo(reference, id),
      );
      // A map takes the certificates of its own project, and global ones.
      if (known?.[0].startsWith(map.split("/certificateMaps/")[0] ?? map) === true) continue;
      const message = `invalid certificate name "${String(reference)}"`;
      throw invalid("CertificateMapEntry", message, "certificates", message);
    }
    refuseSameHost(inputs, map, others);
  },
  outputs: ({ inputs, defaults }) => ({
    ...timestamps,
    project: projectOf(inputs, defaults),
    state: "ACTIVE",
  }),
};

function refuseSameHost(inputs: Properties, map: string, others: Wanted["others"]): void {
  const key = (entry: Properties) => textAt(entry, "hostname") ?? textAt(entry, "matcher");
  const [taken] =
    Object.entries(others).find(
      ([id, each]) => id.startsWith(`${map}/certificateMapEntries/`) && key(each.state) === key(inputs),
    ) ?? [];
  if (taken === undefined) return;
  const message = `CertificateMapEntry with hostname "${key(inputs)}" already exists: '${taken}'`;
  throw new Error(`Error creating CertificateMapEntry: ${googleError(409, message, "alreadyExists")}`);
}
