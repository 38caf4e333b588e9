export { acceleratorNamed, accelerators, type Accelerator } from "./accelerators";
export { countsOf, gpuCount, machineNamed, machines, machinesWith, type WantedGpus } from "./catalogue";
export { checkMachine, type WantedMachine } from "./check-machine";
export { roomOn, type Room } from "./room";
export type { Gpus, LocalSsd, Machine } from "./machine";
