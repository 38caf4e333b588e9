import type { V1Node, V1Pod, V1PodList } from "@kubernetes/client-node";
import { makeNode, type SimulatedPool } from "../../clouds/gcp/nodes";
import { ApiError, type Api } from "./api";
import type { EventWriter } from "./events";
import { goneMs, Lasting } from "./lasting";
import type { Mirror } from "./mirror";
import { isFinished, pathOf } from "./pods";
import { holders, idleNodes, orphanNodes, superfluous } from "./scale-down";
import { planGrowth } from "./scale-up";

/** Plays a cloud's autoscaler: adds and removes nodes of the project's pools. */
export class Scaler {
  private readonly idle: Lasting;
  private readonly orphans = new Lasting(goneMs);

  constructor(
    private readonly api: Api,
    private readonly events: EventWriter,
    private readonly pods: Mirror<V1Pod>,
    private readonly nodes: Mirror<V1Node>,
    private readonly idleSeconds: number,
  ) {
    this.idle = new Lasting(idleSeconds * 1000);
  }

  async scale(pools: readonly SimulatedPool[]): Promise<void> {
    for (const node of lasting(this.orphans, orphanNodes(this.nodes.items, pools)))
      await this.remove(node, "its pool is gone");
    const [pods, nodes] = [this.pods.items, this.nodes.items];
    const { add, told, awaited } = planGrowth({ pods, nodes, pools, newNode: makeNode });
    for (const node of add) await this.add(node);
    for (const each of told)
      await this.events.write({ ...each, type: "Normal", component: "cluster-autoscaler" });
    const idle = lasting(this.idle, idleNodes(nodes, pods, awaited));
    for (const node of superfluous(idle, nodes, pools)) await this.removeIdle(node);
  }

  private async add(node: V1Node): Promise<void> {
    this.nodes.put(await this.api.send<V1Node>({ method: "POST", path: "/api/v1/nodes", body: node }));
    console.log(`added node ${nameOf(node)}`);
  }

  /** Closes the node first and looks again: the scheduler may just have placed a pod there. */
  private async removeIdle(node: V1Node): Promise<void> {
    await this.cordon(node, true);
    if (holders(node, await this.podsOn(node)).length > 0) await this.cordon(node, false);
    else await this.remove(node, `nothing was on it for ${this.idleSeconds} s`);
  }

  /** With the pods that run on it: their disks are free for other nodes, and their controllers make them anew. */
  private async remove(node: V1Node, why: string): Promise<void> {
    await this.quietly({ method: "DELETE", path: `/api/v1/nodes/${nameOf(node)}` });
    this.nodes.remove(node);
    console.log(`removed node ${nameOf(node)}: ${why}`);
    for (const pod of (await this.podsOn(node)).filter((each) => !isFinished(each)))
      await this.quietly({ method: "DELETE", path: pathOf(pod), body: { gracePeriodSeconds: 0 } });
  }

  private async cordon(node: V1Node, unschedulable: boolean): Promise<void> {
    const path = `/api/v1/nodes/${nameOf(node)}`;
    await this.quietly({ method: "PATCH", path, body: { spec: { unschedulable } } });
  }

  private async podsOn(node: V1Node): Promise<readonly V1Pod[]> {
    const selector = encodeURIComponent(`spec.nodeName=${nameOf(node)}`);
    return (await this.api.send<V1PodList>({ path: `/api/v1/pods?fieldSelector=${selector}` })).items;
  }

  /** What is gone already need not be changed. */
  private async quietly(request: Parameters<Api["send"]>[0]): Promise<void> {
    try {
      await this.api.send(request);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    }
  }
}

function lasting(memory: Lasting, nodes: readonly V1Node[]): V1Node[] {
  const names = memory.among(nodes.map(nameOf));
  return nodes.filter((node) => names.has(nameOf(node)));
}

function nameOf({ metadata }: V1Node): string {
  return metadata?.name ?? "";
}
