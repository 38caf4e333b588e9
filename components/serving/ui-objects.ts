import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { serviceType, type Exposure } from "../exposure/exposure";
import { ingressServiceAnnotations } from "../exposure/ingress";
import { awaitAddress, skipAwait } from "../kubernetes/annotations";
import { metadataFor, selectorFor } from "../kubernetes/labels";
import type { Replicas } from "./ui-arguments";

/** What the objects around the UI's pods have in common. */
export interface UiObject {
  /** The workload, by which its pods are labelled and selected. */
  readonly workload: string;
  readonly namespace: Input<string>;
}

export interface ServiceArgs extends UiObject {
  readonly name: string;
  readonly exposure: Exposure;
  readonly port: number;
  /** Whether a person's requests must all reach the same pod. */
  readonly sticky: boolean;
  /** The address that a load balancer is asked for. @default any */
  readonly loadBalancerIP?: Input<string> | undefined;
}

/**
 * The way to the pods. Nothing waits for them here: their Deployment is awaited, and Pulumi's own wait for a Service
 * takes at least 10 s. A load balancer's address is awaited.
 */
export function serviceManifest(args: ServiceArgs): types.input.core.v1.Service {
  const { workload, namespace, name, exposure, port, sticky } = args;
  const balanced = exposure.kind === "load-balancer";
  return {
    // The one fixed name: people and pods call the UI by it.
    metadata: {
      ...metadataFor(workload, namespace),
      annotations: {
        ...(balanced ? awaitAddress : skipAwait),
        ...ingressServiceAnnotations(exposure, sticky),
      },
      name,
    },
    spec: {
      type: serviceType[exposure.kind],
      selector: selectorFor(workload),
      ...(args.loadBalancerIP !== undefined && { loadBalancerIP: args.loadBalancerIP }),
      // Gradio keeps a session in one pod's memory; the other pods do not know it (gradio#6920).
      ...(sticky && { sessionAffinity: "ClientIP" }),
      // Else a node between may put its own address in place of the client's, and all are one client.
      ...(sticky && balanced && { externalTrafficPolicy: "Local" }),
      ports: [
        {
          name: "web",
          port,
          targetPort: "web",
          ...(exposure.kind === "node-port" && exposure.port !== undefined && { nodePort: exposure.port }),
        },
      ],
    },
  };
}

/**
 * Nothing reaches the pods but on the UI's port. They may call out wherever they like: a policy knows addresses, not
 * names, and the OSCAR cluster or model server that a UI calls is known by name.
 */
export function networkPolicyManifest({
  workload,
  namespace,
  port,
}: UiObject & { readonly port: number }): types.input.networking.v1.NetworkPolicy {
  return {
    metadata: metadataFor(workload, namespace),
    spec: {
      podSelector: { matchLabels: selectorFor(workload) },
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ protocol: "TCP", port }] }],
    },
  };
}

/** Nodes that are drained take one pod at a time. For a UI of one pod it would mean nothing. */
export function disruptionBudgetManifest({
  workload,
  namespace,
}: UiObject): types.input.policy.v1.PodDisruptionBudget {
  return {
    metadata: metadataFor(workload, namespace),
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorFor(workload) } },
  };
}

/** Needs the cluster's metrics server; without one, the number of pods stays as it is. */
export function autoscalerManifest({
  workload,
  namespace,
  deploymentName,
  replicas,
}: UiObject & {
  readonly deploymentName: Input<string>;
  readonly replicas: Exclude<Replicas, number>;
}): types.input.autoscaling.v2.HorizontalPodAutoscaler {
  return {
    metadata: metadataFor(workload, namespace),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deploymentName },
      minReplicas: replicas.min,
      maxReplicas: replicas.max,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: replicas.cpuPercent } },
        },
      ],
    },
  };
}
