import { parseArgs } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Node, V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { Api } from "./api";
import { attachDisks } from "./attach";
import { EventWriter } from "./events";
import { Furniture } from "./furniture";
import { Mirror } from "./mirror";
import { ProjectFile } from "./project";
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
const events = new EventWriter(api);
const project = new ProjectFile(values.project);
const furniture = new Furniture(api, nodes);
const scaler = new Scaler(api, events, pods, nodes, Number(values["idle-seconds"]));

async function pass(): Promise<void> {
  await attachDisks(api, events, pods, claims);
  const known = project.project();
  await furniture.keep(known?.hasCluster === true);
  if (known !== undefined) await scaler.scale(known.pools);
}

async function keep(): Promise<never> {
  for (;;) {
    const next = new Promise<void>((resolve) => (wake = resolve));
    try {
      if ([pods, nodes, claims].every(({ filled }) => filled)) await pass();
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
void keep();
