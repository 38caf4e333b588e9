import { distance } from "fastest-levenshtein";

/**
 * Which GPUs were meant, the smaller first: those whose name shares most with what was written, the model above all
 * (`a100` in `nvidia-a100`), else those whose name is a slip away (`nvidia-h101`).
 */
export function nearestGpus(written: string, known: readonly string[]): string[] {
  const parts = telling(written);
  // The catalogue has the newest first.
  const candidates = known.toReversed().map((name) => ({ name, own: telling(name) }));
  const shared = candidates
    .filter(({ own }) => own.some((part) => isModel(part) && parts.includes(part)))
    .map(({ name, own }) => ({ name, apart: -own.filter((part) => parts.includes(part)).length }));
  return closest(shared.length > 0 ? shared : candidates.flatMap((one) => aSlipFrom(parts, one)));
}

interface Candidate {
  readonly name: string;
  readonly apart: number;
}

/** The parts of a name that tell one GPU from another. */
function telling(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => !["", "nvidia", "tesla"].includes(part));
}

/** `h100`, `l4`, `rtx`; not `80gb`, which several have. */
function isModel(part: string): boolean {
  return /^([a-z]+\d+|rtx)$/.test(part);
}

function aSlipFrom(parts: readonly string[], { name, own }: { name: string; own: string[] }): Candidate[] {
  const models = own.filter(isModel);
  const apart = Math.min(...parts.flatMap((part) => models.map((model) => distance(part, model))));
  return apart <= 1 ? [{ name, apart }] : [];
}

function closest(candidates: readonly Candidate[]): string[] {
  const least = Math.min(...candidates.map(({ apart }) => apart));
  return candidates.filter(({ apart }) => apart === least).map(({ name }) => name);
}

/**
 * Which machine was meant: by a part of its name, as the next in size of its kind (`g2-standard-9`), or by a slip of a
 * few letters.
 */
export function nearestMachine(written: string, known: readonly string[]): string | undefined {
  const plain = written.toLowerCase();
  const containing = known.filter((name) => name.split("-").includes(plain));
  if (containing.length === 1) return containing[0];
  return nextInSize(plain, known) ?? slip(plain, known);
}

function nextInSize(written: string, known: readonly string[]): string | undefined {
  const wanted = kindAndSize(written);
  if (wanted === undefined) return undefined;
  return closest(
    known.flatMap((name) => {
      const own = kindAndSize(name);
      return own?.kind === wanted.kind ? [{ name, apart: Math.abs(own.size - wanted.size) }] : [];
    }),
  )[0];
}

/** `a2-highgpu-4g`: the fourth of `a2-highgpu-`. */
function kindAndSize(name: string): { readonly kind: string; readonly size: number } | undefined {
  const [, kind, size] = /^(.+-)(\d+)g?$/.exec(name) ?? [];
  return kind === undefined ? undefined : { kind, size: Number(size) };
}

function slip(written: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, apart: distance(written, name) }))
    .filter(({ name, apart }) => apart <= Math.max(1, Math.floor(name.length / 4)));
  return closest(near)[0];
}
