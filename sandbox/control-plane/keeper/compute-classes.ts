import { machinesWith } from "../../../components/host/gke/machines/catalogue";
import type { Gpus } from "../../../components/host/gke/machines/machine";
import { computeClassKey } from "../../../components/host/gke/pools/pool-properties";
import { nvidiaGpu } from "../../../components/host/nvidia";
import type { Properties, Value } from "../../../provider";
import { nodeTemplate, type SimulatedPool } from "../../clouds/gcp/nodes";
import { numberAt } from "../../clouds/gcp/places";
import { at, listAt, textAt } from "../../clouds/kubernetes/objects";
import type { KubernetesObject } from "./mirror";
import type { SimulatedCluster } from "./project";

/** Where the API server has them, once a cluster has brought the kind. */
export const computeClassesPath = "/apis/cloud.google.com/v1/computeclasses";

/** One as people write it: the API server lets anything stand in its `spec`. */
export interface ComputeClass extends KubernetesObject {
  readonly metadata?: KubernetesObject["metadata"] & { readonly name?: string };
  readonly spec?: Value;
}

/** How far GKE lets a pool grow that it has made by itself. */
const max = 1000;

/**
 * The pools that GKE would make for the classes: for each way to have a node, in their order, one of each machine that
 * it allows. A class' pool is there from the beginning and has no node before a pod wants one. Here the first way always
 * has GPUs: a pod gets a node by the first way that it fits, of the cheapest machine (`planGrowth`).
 */
export function classPools(
  classes: readonly ComputeClass[],
  { name: cluster, zones }: SimulatedCluster,
): SimulatedPool[] {
  return classes.flatMap(({ metadata: { name: className = "" } = {}, spec }) => {
    if (at(spec, "nodePoolAutoCreation", "enabled") !== true) return [];
    return listAt(spec, "priorities").flatMap((rule, index) =>
      machineTypes(rule).map((machineType): SimulatedPool => {
        // A label's value, so 63 characters at most.
        const name = ["nap", className.slice(0, 35), index + 1, machineType].join("-");
        const said = listAt(rule, "location", "zones").map(String);
        return {
          cluster,
          name,
          initial: 0,
          min: 0,
          max,
          rank: index + 1,
          zones: said.length > 0 ? said : zones,
          node: nodeTemplate(name, { nodeConfig: nodeConfig(className, machineType, rule) }),
        };
      }),
    );
  });
}

/** None of a rule that names a pool, or a family of machines, which we do not play. */
function machineTypes(rule: Value): string[] {
  const said = textAt(rule, "machineType");
  if (said !== undefined) return [said];
  const gpus = gpusOf(rule);
  return gpus === undefined ? [] : machinesWith(gpus).map(({ name }) => name);
}

function gpusOf(rule: Value): Gpus | undefined {
  const type = textAt(rule, "gpu", "type");
  return type === undefined ? undefined : { type, count: numberAt(rule, "gpu", "count") ?? 1 };
}

function nodeConfig(className: string, machineType: string, rule: Value): Properties {
  const gpus = gpusOf(rule);
  const taint = (key: string, value: string) => ({ key, value, effect: "NO_SCHEDULE" });
  return {
    machineType,
    ...(gpus !== undefined && { guestAccelerators: [{ ...gpus }] }),
    spot: at(rule, "spot") === true,
    flexStart: at(rule, "flexStart", "enabled") === true,
    labels: { [computeClassKey]: className },
    taints: [taint(computeClassKey, className), ...(gpus === undefined ? [] : [taint(nvidiaGpu, "present")])],
  };
}
