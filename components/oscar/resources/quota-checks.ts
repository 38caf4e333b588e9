import { got, ifText, type Check } from "../../kubernetes/checks";
import { checkBytes, checkCpus } from "../service/service-checks";
import type { OscarQuotaArgs } from "./oscar-quota";

type CheckedQuotaArgs = { readonly [Key in keyof OscarQuotaArgs]?: unknown };

/** The faults of a quota's arguments, all of them; what is not known yet is passed over. */
export function quotaFaults({ user, ...bounds }: CheckedQuotaArgs): string[] {
  const isGiven = (place: string): boolean => (boundAt(bounds, place) ?? undefined) !== undefined;
  // The Manager answers success, and leaves the GPUs as they are.
  const isGpuAlone = isGiven("gpu") && !["cpu", "memory", "ephemeralStorage"].some(isGiven);
  return [
    ...ifText(checkUser, "user", user),
    ...(isGpuAlone
      ? [
          "gpu: got it alone; allowed: with cpu, memory or ephemeralStorage, since OSCAR leaves it out of account otherwise",
        ]
      : []),
    ...(Object.keys(checks).some(isGiven)
      ? []
      : [
          "user: got no bounds for it; allowed: at least one of cpu, memory, ephemeralStorage, volumes, minio",
        ]),
    ...Object.entries(checks).flatMap(([place, check]) => ifText(check, place, boundAt(bounds, place))),
  ];
}

const checkCount: Check = (where, value) =>
  /^\d+$/.test(value) ? [] : [`${where}: ${got(value)}; allowed: a whole number, such as "5"`];

/** By the places of the bounds. */
const checks: Readonly<Record<string, Check>> = {
  cpu: checkCpus,
  memory: checkBytes,
  ephemeralStorage: checkBytes,
  gpu: checkCount,
  "volumes.disk": checkBytes,
  "volumes.volumes": checkCount,
  "volumes.maxDiskPerVolume": checkBytes,
  "volumes.minDiskPerVolume": checkBytes,
  "minio.buckets": checkCount,
  "minio.storagePerBucket": checkBytes,
};

/** Of a group that is not known yet, no bound is. */
function boundAt(bounds: Readonly<Record<string, unknown>>, place: string): unknown {
  const [key = "", within] = place.split(".");
  const bound = bounds[key];
  return within !== undefined && isGroup(bound) ? bound[within] : bound;
}

/** What is not known yet is an object of a class, in a program as in the provider. */
const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** As it stands in the path of a request. */
const checkUser: Check = (where, value) =>
  /^[A-Za-z0-9][\w.@-]*$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a user's id: letters, digits and . _ @ -, a letter or digit first`];
