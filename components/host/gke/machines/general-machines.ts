import { accelerators } from "./accelerators";
import type { LocalSsd, Machine } from "./machine";

const persistent = ["pd-balanced", "pd-ssd", "pd-standard"];
const newer = ["pd-balanced", "pd-ssd", "hyperdisk-balanced"];
const hyperdisk = ["hyperdisk-balanced"];
const none: LocalSsd = { kind: "none" };

/**
 * The machines without GPUs of their own, for the system's pods and other work on CPUs, and N1, which GPUs are attached
 * to. ARM machines are left out, because images have to be built for them; so are those whose names end in `-lssd`.
 *
 * CPUs and memory: https://cloud.google.com/compute/docs/general-purpose-machines and
 * https://cloud.google.com/compute/docs/compute-optimized-machines. Local SSDs:
 * https://cloud.google.com/compute/docs/disks/local-ssd. Disks: the table of Google's own CSI driver
 * (kubernetes-sigs/gcp-compute-persistent-disk-csi-driver, deploy/kubernetes/overlays/node-labeler), less what the
 * machines' own pages rule out. Placement:
 * https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement. As of 2026-11.
 */
export const generalMachines: readonly Machine[] = [
  ...family("n1", { localSsd: () => choice(1, 2, 3, 4, 5, 6, 7, 8, 16, 24) }, [
    ["standard", 3.75, [1, 2, 4, 8, 16, 32, 64, 96]],
    ["highmem", 6.5, [2, 4, 8, 16, 32, 64, 96]],
    ["highcpu", 0.9, [2, 4, 8, 16, 32, 64, 96]],
  ]).map((machine) => ({ ...machine, attachable: attachableTo(machine.cpu) })),
  // Shares its CPUs: two, of each the half.
  machine("e2", "e2-medium", 2, 4, {}),
  ...family("e2", {}, [
    ["standard", 4, [2, 4, 8, 16, 32]],
    ["highmem", 8, [2, 4, 8, 16]],
    ["highcpu", 1, [2, 4, 8, 16, 32]],
  ]),
  ...family(
    "n2",
    { bootDisks: [...persistent, ...hyperdisk], compactPlacement: true, localSsd: n2LocalSsd },
    [
      ["standard", 4, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128]],
      ["highmem", 8, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
      ["highcpu", 1, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
    ],
  ),
  ...family("n2d", { compactPlacement: true, localSsd: n2dLocalSsd }, [
    ["standard", 4, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]],
    ["highmem", 8, [2, 4, 8, 16, 32, 48, 64, 80, 96]],
    ["highcpu", 1, [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224]],
  ]),
  ...family("n4", { bootDisks: hyperdisk }, [
    ["standard", 4, [2, 4, 8, 16, 32, 48, 64, 80]],
    ["highmem", 8, [2, 4, 8, 16, 32, 48, 64, 80]],
    ["highcpu", 2, [2, 4, 8, 16, 32, 48, 64, 80]],
  ]),
  ...family("t2d", {}, [["standard", 4, [1, 2, 4, 8, 16, 32, 48, 60]]]),
  ...family("c2", { compactPlacement: true, localSsd: c2LocalSsd }, [["standard", 4, [4, 8, 16, 30, 60]]]),
  ...family("c3", { bootDisks: newer, compactPlacement: true }, [
    ["standard", 4, [4, 8, 22, 44, 88, 176]],
    ["highmem", 8, [4, 8, 22, 44, 88, 176]],
    ["highcpu", 2, [4, 8, 22, 44, 88, 176]],
  ]),
  ...family("c3d", { bootDisks: newer, compactPlacement: true }, [
    ["standard", 4, [4, 8, 16, 30, 60, 90, 180, 360]],
    ["highmem", 8, [4, 8, 16, 30, 60, 90, 180, 360]],
    ["highcpu", 2, [4, 8, 16, 30, 60, 90, 180, 360]],
  ]),
  ...family("c4", { bootDisks: hyperdisk, compactPlacement: true }, [
    ["standard", 3.75, [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288]],
    ["highmem", 7.75, [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288]],
    ["highcpu", 2, [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288]],
  ]),
];

interface Traits {
  readonly bootDisks?: readonly string[];
  readonly compactPlacement?: boolean;
  readonly localSsd?: (cpu: number) => LocalSsd;
}

type Shape = readonly [name: string, gbPerCpu: number, cpus: readonly number[]];

function family(name: string, traits: Traits, shapes: readonly Shape[]): Machine[] {
  return shapes.flatMap(([shape, gbPerCpu, cpus]) =>
    cpus.map((cpu) => machine(name, `${name}-${shape}-${cpu}`, cpu, memoryOf(name, cpu * gbPerCpu), traits)),
  );
}

function machine(of: string, name: string, cpu: number, memoryGb: number, traits: Traits): Machine {
  const { bootDisks = persistent, compactPlacement = false, localSsd } = traits;
  return { name, family: of, cpu, memoryGb, localSsd: localSsd?.(cpu) ?? none, bootDisks, compactPlacement };
}

/** C4 has whole GB only (`c4-standard-2`: 7); elsewhere fractions are as they are (`n1-standard-1`: 3.75). */
function memoryOf(name: string, gb: number): number {
  return name === "c4" ? Math.floor(gb) : Math.round(gb * 100) / 100;
}

/** The GPUs that so many CPUs allow. */
function attachableTo(cpu: number): { type: string; counts: number[] }[] {
  return Object.entries(accelerators)
    .map(([type, { attach }]) => ({
      type,
      counts: attach.filter(({ maxCpu }) => cpu <= maxCpu).map(({ count }) => count),
    }))
    .filter(({ counts }) => counts.length > 0);
}

function choice(...counts: number[]): LocalSsd {
  return { kind: "choice", counts };
}

function n2LocalSsd(cpu: number): LocalSsd {
  const least = cpu <= 10 ? 1 : cpu <= 20 ? 2 : cpu <= 40 ? 4 : cpu <= 80 ? 8 : 16;
  return choice(...[1, 2, 4, 8, 16, 24].filter((count) => count >= least));
}

function n2dLocalSsd(cpu: number): LocalSsd {
  const least = cpu <= 16 ? 1 : cpu <= 48 ? 2 : cpu <= 80 ? 4 : 8;
  return choice(...[1, 2, 4, 8, 16, 24].filter((count) => count >= least));
}

function c2LocalSsd(cpu: number): LocalSsd {
  const least = cpu <= 8 ? 1 : cpu <= 16 ? 2 : cpu <= 30 ? 4 : 8;
  return choice(...[1, 2, 4, 8].filter((count) => count >= least));
}
