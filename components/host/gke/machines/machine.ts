/** A machine type of Google Compute Engine, as far as a pool of nodes needs it. */
export interface Machine {
  /** `g2-standard-8` */
  readonly name: string;
  /** Its family, for rules that hold for all of it: `g2`. */
  readonly family: string;
  /** vCPUs. */
  readonly cpu: number;
  /** GB, as Google's tables give it. */
  readonly memoryGb: number;
  /** The GPUs that it always has. */
  readonly gpu?: Gpus;
  /** The GPUs that it can be given, where it has none of its own. */
  readonly attachable?: readonly { readonly type: string; readonly counts: readonly number[] }[];
  readonly localSsd: LocalSsd;
  /** Which disks it boots from, the one to take where nothing is said first. */
  readonly bootDisks: readonly string[];
  /** Whether nodes of it can be put close together. */
  readonly compactPlacement: boolean;
}

export interface Gpus {
  /** As Google names it: `nvidia-l4`. */
  readonly type: string;
  readonly count: number;
}

/** Local SSDs, of 375 GiB each: none, always so many, or one of several counts if any. */
export type LocalSsd =
  | { readonly kind: "none" }
  | { readonly kind: "fixed"; readonly count: number }
  | { readonly kind: "choice"; readonly counts: readonly number[] };

/** `1, 2 or 4` */
export function choices(values: readonly (string | number)[]): string {
  const last = values.at(-1);
  return values.length < 2 ? String(last ?? "none") : `${values.slice(0, -1).join(", ")} or ${String(last)}`;
}
