import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1StorageClass,
} from "@kubernetes/client-node";
import { Api } from "./api";
import { attachDisks } from "./attach";
import { classPools, computeClassesPath, type ComputeClass } from "./compute-classes";
import { EventWriter } from "./events";
import { Furniture } from "./furniture";
import { Mirror } from "./mirror";
import { ProjectFile } from "./project";
import { provision } from "./provision";
import { Scaler } from "./scale";

/** How often it looks at the clock and at the project when nothing happens in the cluster. */
const tickMs = 500;

const { values } = parseArgs({
  options: {
    kubeconfig: { type: "string", default: "" },
    project: { type: "string", default: "" },
    "idle-seconds": { type: "string", default: "" },
  },
});
const api = new Api(values.kubeconfig);
console.log(`cluster-keeper: plays a cloud's disks and its node autoscaler for ${api.server}`);

let wake: () => void = () => undefined;
const happened = () => wake();
/** One line for a trouble, however often it is met. */
let trouble = "";
const report = (error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (message !== trouble) console.log(`will try again: ${message}`);
  trouble = message;
};

const pods = new Mirror<V1Pod>(happened, report);
const nodes = new Mirror<V1Node>(happened, report);
const claims = new Mirror<V1PersistentVolumeClaim>(happened, report);
const volumes = new Mirror<V1PersistentVolume>(happened, report);
const storageClasses = new Mirror<V1StorageClass>(happened, report);
const computeClasses = new Mirror<ComputeClass>(happened, report);
const mirrors = [pods, nodes, claims, volumes, storageClasses, computeClasses];
const events = new EventWriter(api);
const project = new ProjectFile(values.project);
const furniture = new Furniture(api, nodes);
const scaler = new Scaler(api, events, pods, nodes, Number(values["idle-seconds"]));

async function pass(): Promise<void> {
  await provision(api, claims, storageClasses, volumes);
  await attachDisks(api, events, pods, claims);
  const known = project.project();
  await furniture.keep(known?.cluster !== undefined);
  if (known === undefined) return;
  const ofClasses = known.cluster === undefined ? [] : classPools(computeClasses.items, known.cluster);
  await scaler.scale([...known.pools, ...ofClasses]);
}

async function keep(): Promise<never> {
  for (;;) {
    const next = new Promise<void>((resolve) => (wake = resolve));
    try {
      if (mirrors.every(({ filled }) => filled)) await pass();
    } catch (error) {
      report(error);
    }
    const tick = new AbortController();
    await Promise.race([next, sleep(tickMs, undefined, { signal: tick.signal }).catch(() => undefined)]);
    tick.abort();
  }
}

void pods.follow(api, "/api/v1/pods");
void nodes.follow(api, "/api/v1/nodes");
void claims.follow(api, "/api/v1/persistentvolumeclaims");
void volumes.follow(api, "/api/v1/persistentvolumes");
void storageClasses.follow(api, "/apis/storage.k8s.io/v1/storageclasses");
void computeClasses.follow(api, computeClassesPath);
void keep();
