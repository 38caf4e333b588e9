import { checkCpu, checkDnsLabel, checkSize, checkWhole, ifKnown, type Check } from "../../kubernetes/checks";
import { bytes } from "../../kubernetes/container";
import type { OidcArgs, OscarClusterArgs } from "./oscar-args";
import { volumeBounds } from "./oscar-values";

/** The volume that OSCAR's chart makes, of which each user gets a copy. */
export const ownVolume = "2Gi";

/** What is said of users. */
export type OfUsers = Pick<OscarClusterArgs, "oidc" | "quotas" | "userVolumes" | "kueue"> & {
  readonly objectStorage: OscarClusterArgs["objectStorage"] | undefined;
};

/** The faults of who may use OSCAR, and how much of it. */
export function validateUsers(args: OfUsers): string[] {
  return [
    ...(args.oidc === undefined ? withoutUsers(args) : oidcFaults(args.oidc)),
    ...quotaFaults(args),
    ...volumeFaults(args.userVolumes),
    ...kueueFaults(args.kueue),
  ];
}

/** The administrator is bound by none of these. */
function withoutUsers(args: OfUsers): string[] {
  return (["quotas", "userVolumes", "kueue"] as const)
    .filter((each) => args[each] !== undefined)
    .map(
      (each) =>
        `${each}: given without oidc; allowed: none, because OSCAR bounds only users who log in by that`,
    );
}

function oidcFaults({ issuers, groups, subject, admins = [] }: OidcArgs): string[] {
  return [
    ...(issuers.length === 0
      ? ["oidc.issuers: got none; needed: at least one, such as https://aai.egi.eu/auth/realms/egi"]
      : []),
    ...issuers.flatMap((issuer) => checkIssuer("oidc.issuers", issuer)),
    ...(groups.length === 0
      ? ["oidc.groups: got none; needed: at least one, because OSCAR lets in only who is in one of them"]
      : []),
    ...groups.flatMap((group) => checkListed("oidc.groups", group)),
    ...ifKnown(checkListed, "oidc.subject", subject),
    ...admins.flatMap((admin) => checkListed("oidc.admins", admin)),
  ];
}

const checkIssuer: Check = (where, value) =>
  /^https:\/\/[^\s,?#]+$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: an https URL without a comma, such as https://aai.egi.eu/auth/realms/egi`,
      ];

/** OSCAR is told of them in one text, and takes away blanks at the ends. */
const checkListed: Check = (where, value) =>
  value !== "" && value === value.trim() && !value.includes(",")
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: a text without commas, and without blanks at its ends`,
      ];

function quotaFaults({ quotas, objectStorage }: OfUsers): string[] {
  if (quotas === undefined) return [];
  const layout = objectStorage?.kind === "managed" ? (objectStorage.layout ?? "single-drive") : "four-drives";
  return [
    ...checkWhole("quotas.buckets", quotas.buckets, 1),
    ...checkSize("quotas.storage", quotas.storage),
    ...(layout === "four-drives"
      ? []
      : [
          `quotas: given with objectStorage.layout "${layout}"; needed: "four-drives", as OSCAR's own ` +
            "installer has it for quotas",
        ]),
  ];
}

function volumeFaults(bounds: OscarClusterArgs["userVolumes"]): string[] {
  if (bounds === undefined) return [];
  const {
    total = volumeBounds.total,
    count = volumeBounds.count,
    largest = volumeBounds.largest,
    smallest = volumeBounds.smallest,
  } = bounds;
  const faults = [
    ...checkSize("userVolumes.total", total),
    ...checkWhole("userVolumes.count", count, 1),
    ...checkSize("userVolumes.largest", largest),
    ...checkSize("userVolumes.smallest", smallest),
  ];
  if (faults.length > 0) return faults;
  return [
    ...(bytes(total) < bytes(ownVolume)
      ? [`userVolumes.total: got "${total}"; allowed: at least ${ownVolume}, which OSCAR's own volume takes`]
      : []),
    // Kubernetes would refuse the LimitRange, and the users' volumes would have no bounds.
    ...(bytes(smallest) > bytes(largest)
      ? [`userVolumes.smallest: got "${smallest}"; allowed: at most ${largest}, the largest`]
      : []),
  ];
}

function kueueFaults(quotas: OscarClusterArgs["kueue"]): string[] {
  return [
    ...ifKnown(checkCpu, "kueue.cpu", quotas?.cpu),
    ...ifKnown(checkSize, "kueue.memory", quotas?.memory),
    ...(quotas?.gpus === undefined ? [] : checkWhole("kueue.gpus", quotas.gpus, 0)),
    ...ifKnown(checkSize, "kueue.ephemeralStorage", quotas?.ephemeralStorage),
    ...ifKnown(checkDnsLabel, "kueue.flavor", quotas?.flavor),
  ];
}
