/** A type of GPU that GKE offers. */
export interface Accelerator {
  /** The pieces that it can be cut into (MIG), one size for all GPUs of a node. None: it cannot. */
  readonly partitions: readonly string[];
  /** For GPUs that are attached to N1 machines: how many, and to how many CPUs at most. */
  readonly attach: readonly { readonly count: number; readonly maxCpu: number }[];
  /** The most local SSDs beside it, where that is less than the machine takes. */
  readonly maxLocalSsd?: number;
}

const fixed = { partitions: [], attach: [] };
const hopper80 = {
  partitions: ["1g.10gb", "1g.20gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb"],
  attach: [],
};

/**
 * The GPUs that GKE offers, by the names of its API and of the label `cloud.google.com/gke-accelerator`.
 *
 * Counts and CPUs: https://cloud.google.com/compute/docs/gpus. Partitions: those of NVIDIA, whose whole GPU comes last
 * (https://docs.nvidia.com/datacenter/tesla/mig-user-guide), for the GPUs of
 * https://cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi. As of 2026-11.
 */
export const accelerators: Readonly<Record<string, Accelerator>> = {
  "nvidia-b200": {
    partitions: ["1g.23gb", "1g.45gb", "2g.45gb", "3g.90gb", "4g.90gb", "7g.180gb"],
    attach: [],
  },
  "nvidia-h200-141gb": {
    partitions: ["1g.18gb", "1g.35gb", "2g.35gb", "3g.71gb", "4g.71gb", "7g.141gb"],
    attach: [],
  },
  "nvidia-h100-mega-80gb": hopper80,
  "nvidia-h100-80gb": hopper80,
  "nvidia-a100-80gb": hopper80,
  "nvidia-tesla-a100": {
    partitions: ["1g.5gb", "1g.10gb", "2g.10gb", "3g.20gb", "4g.20gb", "7g.40gb"],
    attach: [],
  },
  "nvidia-rtx-pro-6000": { partitions: ["1g.24gb", "2g.48gb", "4g.96gb"], attach: [] },
  "nvidia-l4": fixed,
  "nvidia-tesla-t4": { partitions: [], attach: attach([1, 48], [2, 48], [4, 96]), maxLocalSsd: 16 },
  "nvidia-tesla-v100": { partitions: [], attach: attach([1, 12], [2, 24], [4, 48], [8, 96]) },
  // Four of them on 64 CPUs at most in three zones (us-east1-c, europe-west1-b, europe-west1-d).
  "nvidia-tesla-p100": { partitions: [], attach: attach([1, 16], [2, 32], [4, 96]) },
  "nvidia-tesla-p4": { partitions: [], attach: attach([1, 24], [2, 48], [4, 96]) },
};

export function acceleratorNamed(type: string): Accelerator | undefined {
  return Object.hasOwn(accelerators, type) ? accelerators[type] : undefined;
}

function attach(...rules: readonly [count: number, maxCpu: number][]): Accelerator["attach"] {
  return rules.map(([count, maxCpu]) => ({ count, maxCpu }));
}
