import { acceleratorNamed, accelerators } from "./accelerators";
import { zonesWith } from "./accelerator-zones";
import { countsOf, gpuCount, machineNamed, machines, machinesWith, type WantedGpus } from "./catalogue";
import { choices, type Gpus, type Machine } from "./machine";
import { nearestGpus, nearestMachine } from "./nearest";

/** What a pool wants of its machines. */
export interface WantedMachine {
  /** The path of the pool, for messages: `gpuPools[0]`. */
  readonly where: string;
  readonly machineType: string;
  /** Left out for a pool without GPUs. */
  readonly gpu?: WantedGpus | undefined;
  readonly localSsd?: number | undefined;
  readonly diskType?: string | undefined;
  /** Where its nodes are, as far as that is known. */
  readonly zones?: readonly string[] | undefined;
  /** Where those are said, if not at the pool: then a fault of theirs names the pool by this too. */
  readonly zonesOf?: { readonly where: string; readonly poolName: string } | undefined;
  readonly sharing?: { readonly kind: string; readonly partition?: string } | undefined;
  readonly placement?: "spread" | "compact" | undefined;
}

/**
 * The faults of a machine and of what is to be on it, against the catalogue; each with the nearest right pair. What
 * Google would say only after minutes, and one by one.
 */
export function checkMachine(wanted: WantedMachine): string[] {
  const { where, machineType, gpu } = wanted;
  const accelerator = gpu === undefined ? undefined : acceleratorNamed(gpu.type);
  const gpus = gpu && accelerator && { type: gpu.type, count: gpuCount(machineType, gpu) };
  const machine = machineNamed(machineType);
  return [
    ...(gpu !== undefined && accelerator === undefined ? [unknownGpu(where, gpu.type)] : []),
    ...(machine === undefined ? [unknownMachine(where, machineType, gpus, gpu !== undefined)] : []),
    ...(gpus === undefined ? [] : [...checkPartition(wanted, gpus), ...checkZones(wanted, gpus)]),
    ...(machine === undefined
      ? []
      : [
          ...(gpu === undefined ? refuseGpus(where, machine) : []),
          ...(gpus === undefined ? [] : checkPair(where, machine, gpus)),
          ...checkLocalSsd(wanted, machine),
          ...checkDisk(wanted, machine),
          ...checkPlacement(wanted, machine),
        ]),
  ];
}

/** The fault of a GPU that Google does not have. */
export function unknownGpu(where: string, type: string): string {
  const known = Object.keys(accelerators);
  const meant = nearestGpus(type, known);
  const hint = meant.length === 0 ? "" : `did you mean ${choices(meant)}?; `;
  return `${where}.gpu.type: got "${type}"; ${hint}allowed: ${choices(known)}`;
}

function unknownMachine(where: string, machineType: string, gpus: Gpus | undefined, anyGpu: boolean): string {
  const fitting =
    gpus === undefined ? machines.filter(({ gpu }) => anyGpu || gpu === undefined) : machinesWith(gpus);
  const meant = nearestMachine(
    machineType,
    fitting.map(({ name }) => name),
  );
  const hint = meant === undefined ? "" : `did you mean ${meant}?; `;
  const allowed =
    gpus === undefined
      ? `a machine of ${choices([...new Set(fitting.map(({ family }) => family))])}`
      : pairsFor(gpus, undefined);
  return `${where}.machineType: got "${machineType}"; ${hint}allowed: ${allowed}`;
}

function refuseGpus(where: string, { name, gpu }: Machine): string[] {
  return gpu === undefined
    ? []
    : [
        `${where}.machineType: got "${name}", which has ${show(gpu)}; allowed: a machine without GPUs, or the pool among gpuPools`,
      ];
}

function checkPair(where: string, machine: Machine, gpus: Gpus): string[] {
  const { name, gpu, attachable = [] } = machine;
  if (gpu?.type === gpus.type && gpu.count === gpus.count) return [];
  const counts = attachable.find(({ type }) => type === gpus.type)?.counts;
  if (counts?.includes(gpus.count) === true) return [];
  const takes =
    gpu !== undefined
      ? `it has ${show(gpu)}`
      : counts !== undefined
        ? `with its ${machine.cpu} CPUs it takes ${choices(counts)} of them`
        : attachable.length > 0
          ? `it takes ${choices(attachable.map(({ type }) => type))}`
          : "it takes no GPUs";
  return [
    `${where}.machineType: got "${name}" with ${show(gpus)}; ${takes}; allowed: ${pairsFor(gpus, machine)}`,
  ];
}

/** `g2-standard-24 for 2 × nvidia-l4`: which machines have what is wanted, or which counts there are at all. */
function pairsFor(gpus: Gpus, machine: Machine | undefined): string {
  const { type, count } = gpus;
  const fitting = machinesWith(gpus);
  const counts = countsOf(type);
  if (fitting.length === 0) return `${choices(counts)} × ${type}`;
  const rule = acceleratorNamed(type)?.attach.find((one) => one.count === count);
  if (rule === undefined) return `${choices(fitting.map(({ name }) => name))} for ${show(gpus)}`;
  const own = machine?.attachable?.find((attached) => attached.type === type)?.counts ?? [];
  const more = own.length === 0 ? "" : `, or ${choices(own)} × ${type} on this one`;
  return `an n1 machine of at most ${rule.maxCpu} CPUs, such as n1-standard-8, for ${show(gpus)}${more}`;
}

function checkPartition({ where, sharing }: WantedMachine, { type }: Gpus): string[] {
  if (sharing?.kind !== "mig") return [];
  const sizes = acceleratorNamed(type)?.partitions ?? [];
  if (sizes.length === 0) {
    const cut = Object.keys(accelerators).filter(
      (name) => (acceleratorNamed(name)?.partitions ?? []).length > 0,
    );
    return [
      `${where}.gpu.sharing.kind: got "mig" with ${type}, which cannot be cut; allowed: time-sharing or mps, or a GPU that can: ${choices(cut)}`,
    ];
  }
  const { partition = "" } = sharing;
  return sizes.includes(partition)
    ? []
    : [`${where}.gpu.sharing.partition: got "${partition}"; allowed: ${choices(sizes)} of ${type}`];
}

function checkZones({ where, zones = [], zonesOf }: WantedMachine, { type }: Gpus): string[] {
  const path = zonesOf?.where ?? `${where}.zones`;
  const whose = zonesOf === undefined ? "" : `, which ${where} (${zonesOf.poolName}) wants`;
  const other = zonesOf === undefined ? "" : `, or ${where}.zones for this pool alone`;
  return zones.flatMap((zone) => {
    // Google's zones for AI alone (us-south1-ai1b) are in no list.
    const [, region] = /^(.+)-[a-z]$/.exec(zone) ?? [];
    const known = region === undefined ? undefined : zonesWith(type, region);
    return known === undefined || known.includes(zone)
      ? []
      : [
          `${path}: got "${zone}", where there is no ${type} as of 2026-11${whose}; allowed: ${choices(known)}${other}`,
        ];
  });
}

function checkLocalSsd({ where, localSsd, gpu }: WantedMachine, machine: Machine): string[] {
  if (localSsd === undefined) return [];
  const most = (gpu && acceleratorNamed(gpu.type)?.maxLocalSsd) ?? Infinity;
  const { counts, allowed } = localSsdOf(machine, most);
  return counts.includes(localSsd) ? [] : [`${where}.localSsd: got ${localSsd}; allowed: ${allowed}`];
}

function localSsdOf(
  { name, localSsd }: Machine,
  most: number,
): { counts: readonly number[]; allowed: string } {
  switch (localSsd.kind) {
    case "none":
      return { counts: [], allowed: `none: leave it out, for ${name} takes no local SSDs` };
    case "fixed":
      return { counts: [localSsd.count], allowed: `${localSsd.count}, which ${name} always has` };
    case "choice": {
      const counts = localSsd.counts.filter((count) => count <= most);
      return { counts, allowed: `${choices(counts)} on ${name}` };
    }
  }
}

function checkDisk({ where, diskType }: WantedMachine, { name, bootDisks }: Machine): string[] {
  return diskType === undefined || bootDisks.includes(diskType)
    ? []
    : [`${where}.disk.type: got "${diskType}"; allowed: ${choices(bootDisks)} on ${name}`];
}

function checkPlacement({ where, placement }: WantedMachine, { name, compactPlacement }: Machine): string[] {
  if (placement !== "compact" || compactPlacement) return [];
  const families = new Set(machines.filter((one) => one.compactPlacement).map(({ family }) => family));
  return [
    `${where}.placement: got "compact" with ${name}; allowed: spread, or a machine of ${choices([...families])}`,
  ];
}

function show({ type, count }: Gpus): string {
  return `${count} × ${type}`;
}
