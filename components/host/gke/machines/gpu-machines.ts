import type { LocalSsd, Machine } from "./machine";

/**
 * The machines that have their GPUs built in.
 *
 * CPUs, memory and GPUs: https://cloud.google.com/compute/docs/gpus and
 * https://cloud.google.com/compute/docs/accelerator-optimized-machines. Local SSDs:
 * https://cloud.google.com/compute/docs/disks/local-ssd. Disks: the table of Google's own CSI driver
 * (kubernetes-sigs/gcp-compute-persistent-disk-csi-driver, deploy/kubernetes/overlays/node-labeler). Placement:
 * https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement. As of 2026-11.
 */
export const gpuMachines: readonly Machine[] = [
  ...family("g2", "nvidia-l4", persistent, [
    ["g2-standard-4", 4, 16, 1, choice(1)],
    ["g2-standard-8", 8, 32, 1, choice(1)],
    ["g2-standard-12", 12, 48, 1, choice(1)],
    ["g2-standard-16", 16, 64, 1, choice(1)],
    ["g2-standard-24", 24, 96, 2, choice(2)],
    ["g2-standard-32", 32, 128, 1, choice(1)],
    ["g2-standard-48", 48, 192, 4, choice(4)],
    ["g2-standard-96", 96, 384, 8, choice(8)],
  ]),
  // The machines with a part of a GPU (g4-standard-6, 12 and 24) are left out: counts are whole here.
  ...family("g4", "nvidia-rtx-pro-6000", hyperdisk, [
    ["g4-standard-48", 48, 180, 1, choice(4)],
    ["g4-standard-96", 96, 360, 2, choice(8)],
    ["g4-standard-192", 192, 720, 4, choice(16)],
    ["g4-standard-384", 384, 1440, 8, choice(32)],
  ]),
  ...family("a2", "nvidia-tesla-a100", either, [
    ["a2-highgpu-1g", 12, 85, 1, choice(1, 2, 4, 8)],
    ["a2-highgpu-2g", 24, 170, 2, choice(2, 4, 8)],
    ["a2-highgpu-4g", 48, 340, 4, choice(4, 8)],
    ["a2-highgpu-8g", 96, 680, 8, choice(8)],
    ["a2-megagpu-16g", 96, 1360, 16, choice(8)],
  ]),
  ...family("a2", "nvidia-a100-80gb", either, [
    ["a2-ultragpu-1g", 12, 170, 1, always(1)],
    ["a2-ultragpu-2g", 24, 340, 2, always(2)],
    ["a2-ultragpu-4g", 48, 680, 4, always(4)],
    ["a2-ultragpu-8g", 96, 1360, 8, always(8)],
  ]),
  ...family("a3", "nvidia-h100-80gb", newer, [
    ["a3-highgpu-1g", 26, 234, 1, always(2)],
    ["a3-highgpu-2g", 52, 468, 2, always(4)],
    ["a3-highgpu-4g", 104, 936, 4, always(8)],
    ["a3-highgpu-8g", 208, 1872, 8, always(16)],
    ["a3-edgegpu-8g", 208, 1872, 8, always(16)],
  ]),
  ...family("a3", "nvidia-h100-mega-80gb", newer, [["a3-megagpu-8g", 208, 1872, 8, always(16)]]),
  ...family("a3", "nvidia-h200-141gb", hyperdisk, [["a3-ultragpu-8g", 224, 2952, 8, always(32)]]),
  ...family("a4", "nvidia-b200", hyperdisk, [["a4-highgpu-8g", 224, 3968, 8, always(32)]]),
];

type Row = readonly [name: string, cpu: number, memoryGb: number, gpus: number, localSsd: LocalSsd];

function family(
  name: string,
  gpu: string,
  bootDisks: () => readonly string[],
  rows: readonly Row[],
): Machine[] {
  return rows.map(([machine, cpu, memoryGb, count, localSsd]) => ({
    name: machine,
    family: name,
    cpu,
    memoryGb,
    gpu: { type: gpu, count },
    localSsd,
    bootDisks: bootDisks(),
    compactPlacement: true,
  }));
}

function choice(...counts: number[]): LocalSsd {
  return { kind: "choice", counts };
}

function always(count: number): LocalSsd {
  return { kind: "fixed", count };
}

function persistent() {
  return ["pd-balanced", "pd-ssd", "pd-standard"];
}

function either() {
  return ["pd-balanced", "pd-ssd", "pd-standard", "hyperdisk-balanced"];
}

/** From here on there are no magnetic disks. */
function newer() {
  return ["pd-balanced", "pd-ssd", "hyperdisk-balanced"];
}

function hyperdisk() {
  return ["hyperdisk-balanced"];
}
