import { generalMachines } from "./general-machines";
import { gpuMachines } from "./gpu-machines";
import type { Gpus, Machine } from "./machine";

/**
 * The machine types of Google Compute Engine that a pool of nodes can have, as of 2026-11. What is not here is not
 * refused by Google; a pool takes it by its `overrides` (`nodeConfig: {machineType}`).
 */
export const machines: readonly Machine[] = [...gpuMachines, ...generalMachines];

const byName = new Map(machines.map((machine) => [machine.name, machine]));

/** A machine type by its name: `g2-standard-8`. */
export function machineNamed(machineType: string): Machine | undefined {
  return byName.get(machineType);
}

/** A pool's GPUs, as far as they are said. */
export interface WantedGpus {
  readonly type: string;
  readonly count?: number | undefined;
}

/** How many GPUs a node has: as said, as the machine has built in, or one. */
export function gpuCount(machineType: string, gpu: WantedGpus): number {
  return gpu.count ?? machineNamed(machineType)?.gpu?.count ?? 1;
}

/** The machines that have just these GPUs, built in or attached. */
export function machinesWith({ type, count }: Gpus): Machine[] {
  return machines.filter(
    ({ gpu, attachable = [] }) =>
      (gpu?.type === type && gpu.count === count) ||
      attachable.some((attached) => attached.type === type && attached.counts.includes(count)),
  );
}

/** How many GPUs of a type a machine of some kind can have. */
export function countsOf(type: string): number[] {
  const counts = machines.flatMap(({ gpu, attachable = [] }) => [
    ...(gpu?.type === type ? [gpu.count] : []),
    ...attachable.filter((attached) => attached.type === type).flatMap((attached) => attached.counts),
  ]);
  return [...new Set(counts)].sort((a, b) => a - b);
}
