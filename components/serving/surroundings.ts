import { autoscaling, networking, policy } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { mostReplicas, type Replicas } from "./ui-arguments";
import { autoscalerManifest, disruptionBudgetManifest, networkPolicyManifest } from "./ui-objects";

export interface Surrounded {
  /** By which its pods are labelled. */
  readonly workload: string;
  readonly namespace: Input<string>;
  readonly deploymentName: Input<string>;
  /** The one that its pods listen on. */
  readonly port: number;
  readonly replicas: Replicas;
  /** For what goes with the namespace. */
  readonly inert: CustomResourceOptions;
}

/** What stands around a Deployment: who reaches its pods, how many go at a time, and how many there are. */
export function surround(name: string, args: Surrounded): void {
  const { workload, namespace, deploymentName, port, replicas, inert } = args;
  new networking.v1.NetworkPolicy(
    `${name}-policy`,
    networkPolicyManifest({ workload, namespace, port }),
    inert,
  );
  if (mostReplicas(replicas) > 1) {
    new policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      disruptionBudgetManifest({ workload, namespace }),
      inert,
    );
  }
  if (typeof replicas !== "number") {
    new autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      autoscalerManifest({ workload, namespace, deploymentName, replicas }),
      inert,
    );
  }
}
