import type { V1Node, V1NodeList } from "@kubernetes/client-node";
import { Api } from "./api";
import { goneMs, Lasting } from "./lasting";
import type { Mirror } from "./mirror";

/** The node that every sandbox has (cluster.ts). */
export const ownNodeName = "sandbox-gpu-0";

/** Says that we made the node unschedulable: what a person has cordoned stays so. */
const cordonedAnnotation = "inference-infra/cordoned";

/**
 * What is to be done with the sandbox's own node, so that while the project has a cluster its pods are on that
 * cluster's nodes alone: `undefined` where nothing is.
 */
export function cordonToDo(nodes: readonly V1Node[], hasCluster: boolean): boolean | undefined {
  const own = nodes.find(({ metadata }) => metadata?.name === ownNodeName);
  if (own === undefined) return undefined;
  const isOurs = own.metadata?.annotations?.[cordonedAnnotation] !== undefined;
  const isCordoned = own.spec?.unschedulable === true;
  if (hasCluster) return isCordoned ? undefined : true;
  return isOurs ? false : undefined;
}

/** Does it again and again, by what the project says. */
export class Furniture {
  private readonly gone = new Lasting(goneMs);

  constructor(
    private readonly api: Api,
    private readonly nodes: Mirror<V1Node>,
  ) {}

  async keep(hasCluster: boolean): Promise<void> {
    const toDo = cordonToDo(this.nodes.items, hasCluster);
    const cordonedForNothing = this.gone.among(toDo === false ? [ownNodeName] : []).size > 0;
    if (toDo === undefined || (!toDo && !cordonedForNothing)) return;
    this.nodes.put(await cordon(this.api, toDo));
    console.log(`${toDo ? "cordoned" : "uncordoned"} ${ownNodeName}`);
  }
}

/** The same at once, for the simulated cloud to call where a cluster has come or gone. */
export async function cordonOwnNode(kubeconfig: string, hasCluster: boolean): Promise<void> {
  const api = new Api(kubeconfig);
  const { items } = await api.send<V1NodeList>({ path: "/api/v1/nodes" });
  const toDo = cordonToDo(items, hasCluster);
  if (toDo !== undefined) await cordon(api, toDo);
}

function cordon(api: Api, cordoned: boolean): Promise<V1Node> {
  const body = {
    metadata: { annotations: { [cordonedAnnotation]: cordoned ? "true" : null } },
    spec: { unschedulable: cordoned ? true : null },
  };
  return api.send<V1Node>({ method: "PATCH", path: `/api/v1/nodes/${ownNodeName}`, body });
}
