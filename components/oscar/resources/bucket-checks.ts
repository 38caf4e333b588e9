import { got, ifText, type Check } from "../../kubernetes/checks";
import { visibilities } from "../service/service-args";
import { bucketNames, checkOneOf, isBucketName } from "../service/service-checks";
import type { OscarBucketArgs } from "./oscar-bucket";

/** The faults of a bucket's arguments, all of them; what is not known yet is passed over. */
export function bucketFaults(args: { readonly [Key in keyof OscarBucketArgs]?: unknown }): string[] {
  const { name, visibility, allowedUsers } = args;
  const asked = visibility ?? "private";
  const isOther = typeof asked === "string" && asked !== "restricted";
  return [
    ...ifText(checkName, "name", name),
    ...ifText(checkOneOf(visibilities), "visibility", visibility),
    ...(isOther && Array.isArray(allowedUsers) && allowedUsers.length > 0
      ? ['allowedUsers: got some; allowed: with visibility: "restricted"']
      : []),
  ];
}

const checkName: Check = (where, value) =>
  isBucketName(value) ? [] : [`${where}: ${got(value)}; allowed: ${bucketNames}`];
