import type { CheckFailure, Properties } from "../../../provider";
import { quotaFaults } from "../resources/quota-checks";
import type { UserQuota, UserQuotaUpdate } from "../service/wire";
import type { Connection } from "./connection";
import { groupIn, inputFailures, textIn } from "./known-inputs";
import { bytesText, cpusText, sameQuantity } from "./quantities";
import type { Fields } from "./service/shape";

const fields: Fields = {
  "user!": "text",
  cpu: "text",
  memory: "text",
  ephemeralStorage: "text",
  gpu: "text",
  volumes: {
    fields: { disk: "text", volumes: "text", maxDiskPerVolume: "text", minDiskPerVolume: "text" },
  },
  minio: { fields: { buckets: "text", storagePerBucket: "text" } },
};

/** All that is wrong with a quota's inputs; who logs in may not be known yet. */
export const quotaFailures = (inputs: Properties, connection: Connection | undefined): CheckFailure[] =>
  inputFailures(inputs, fields, (plain) => [
    ...quotaFaults(plain),
    ...(connection?.isKnown === true && connection.login === "bearer"
      ? ["user: got a quota from a user with a token; allowed: a provider with the administrator's password"]
      : []),
  ]);

/** Amounts by their places: `cpu`, `volumes.disk`. */
export type Bounds = Readonly<Record<string, string>>;

/** The places in the inputs, those of the API, and what the Manager tells of each. */
const bounds: readonly (readonly [
  place: string,
  wire: string,
  is: (quota: UserQuota) => string | undefined,
])[] = [
  ["cpu", "cpu", ofQueue("cpu", cpusText)],
  ["memory", "memory", ofQueue("memory", bytesText)],
  ["ephemeralStorage", "ephemeral_storage", ofQueue("ephemeral-storage", bytesText)],
  ["gpu", "gpu", ofQueue("gpu", String)],
  ["volumes.disk", "volumes.disk", ({ volumes }) => volumes?.disk.max],
  ["volumes.volumes", "volumes.volumes", ({ volumes }) => volumes?.volumes.max],
  ["volumes.maxDiskPerVolume", "volumes.max_disk_per_volume", ({ volumes }) => volumes?.max_disk_per_volume],
  ["volumes.minDiskPerVolume", "volumes.min_disk_per_volume", ({ volumes }) => volumes?.min_disk_per_volume],
  ["minio.buckets", "minio.buckets", ({ minio }) => minio && String(minio.buckets.max)],
  ["minio.storagePerBucket", "minio.storage_per_bucket", ({ minio }) => minio?.storage_per_bucket.max],
];

/** Of Kueue: thousandths of CPUs and bytes. 3.7 has both as Kubernetes writes them. */
function ofQueue(key: string, said: (amount: number) => string) {
  return ({ resources }: UserQuota): string | undefined => {
    const max = resources?.[key]?.max;
    return typeof max === "number" ? said(max) : max;
  };
}

export const asked = (inputs: Properties): Bounds =>
  amounts(([place]) => {
    const [key = "", within] = place.split(".");
    return within === undefined ? textIn(inputs, key) : textIn(groupIn(inputs, key), within);
  });

/** What a user may take, each amount as it was asked for where that is the same. None is no bound. */
export const actual = (quota: UserQuota, inputs: Properties): Bounds => {
  const wanted = asked(inputs);
  return amounts(([place, , is]) => {
    const [now, text] = [is(quota), wanted[place]];
    if (now !== undefined && text !== undefined && sameQuantity(now, text)) return text;
    return now === "0" ? undefined : now;
  });
};

function amounts(amountOf: (bound: (typeof bounds)[number]) => string | undefined): Bounds {
  return Object.fromEntries(
    bounds.flatMap((bound) => {
      const amount = amountOf(bound);
      return amount === undefined || amount === "" ? [] : [[bound[0], amount]];
    }),
  );
}

/** The inputs that say these bounds. */
export const inputsOf = (user: string, of: Bounds): Properties => ({
  user,
  ...nested(bounds.map(([place]) => [place, of[place]])),
});

export const wireOf = (inputs: Properties): UserQuotaUpdate =>
  nested(bounds.map(([place, wire]) => [wire, asked(inputs)[place]]));

type Nested = Record<string, string | Record<string, string>>;

function nested(entries: readonly (readonly [place: string, amount: string | undefined])[]): Nested {
  const all: Nested = {};
  for (const [place, amount] of entries) {
    const [key = "", within] = place.split(".");
    if (amount === undefined) continue;
    const group = all[key];
    all[key] =
      within === undefined ? amount : { ...(typeof group === "object" ? group : {}), [within]: amount };
  }
  return all;
}
