import { checkWhole } from "../../../kubernetes/checks";
import type { Capacity, CpuPoolArgs, GpuSharing } from "./pool-args";
import { mostRunHours } from "./pool-properties";

/** How many pods may share a GPU: https://cloud.google.com/kubernetes-engine/docs/how-to/timesharing-gpus */
export function checkSharing(where: string, sharing: GpuSharing): string[] {
  return sharing.kind === "time-sharing" || sharing.kind === "mps"
    ? checkWhole(`${where}.clients`, sharing.clients, 2, 48)
    : [];
}

/** What a way to get nodes asks of a pool: https://cloud.google.com/kubernetes-engine/docs/how-to/dws-flex-start-training */
export function checkCapacity(where: string, min: number | undefined, capacity: Capacity): string[] {
  switch (capacity.kind) {
    case "on-demand":
    case "spot":
      return [];
    case "reservation":
      return capacity.name === undefined || /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(capacity.name)
        ? []
        : [
            `${where}.capacity.name: got "${capacity.name}"; allowed: a reservation's name in this project, such as ` +
              "training-h100",
          ];
    case "flex-start":
    case "queued": {
      const { maxRunHours } = capacity;
      return [
        ...(min === undefined || min === 0
          ? []
          : [
              `${where}.min: got ${min}; allowed: 0, because capacity is ${capacity.kind}: nodes come when pods ask`,
            ]),
        // In less than an hour nothing is trained.
        ...(maxRunHours === undefined || (maxRunHours >= 1 && maxRunHours <= mostRunHours)
          ? []
          : [
              `${where}.capacity.maxRunHours: got ${maxRunHours}; allowed: a number from 1 to ${mostRunHours}, a week`,
            ]),
      ];
    }
  }
}

/** How many nodes at once: https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies */
export function checkUpgrade(
  where: string,
  upgrade: CpuPoolArgs["upgrade"],
  { kind }: Capacity,
  defaults: { readonly maxSurge: number; readonly maxUnavailable: number },
): string[] {
  if (upgrade === undefined) return [];
  if (kind === "flex-start" || kind === "queued") {
    return [
      `${where}.upgrade: got a setting; allowed: none, because capacity is ${kind}: such nodes end before an upgrade`,
    ];
  }
  const { maxSurge = defaults.maxSurge, maxUnavailable = defaults.maxUnavailable } = upgrade;
  const faults = [
    ...checkWhole(`${where}.upgrade.maxSurge`, maxSurge, 0, 20),
    ...checkWhole(`${where}.upgrade.maxUnavailable`, maxUnavailable, 0, 20),
  ];
  const sum = maxSurge + maxUnavailable;
  return faults.length > 0 || (sum >= 1 && sum <= 20)
    ? faults
    : [
        `${where}.upgrade: got maxSurge ${maxSurge} and maxUnavailable ${maxUnavailable}; allowed: 1 to 20 of both together`,
      ];
}
