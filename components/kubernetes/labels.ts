import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

/** Kubernetes' recommended labels (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/). */
export function labelsFor(name: string): Record<string, string> {
  return {
    ...selectorFor(name),
    "app.kubernetes.io/part-of": "inference-infra",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** What selects a workload's pods. A Deployment's selector never changes, so it holds no more than the name. */
export function selectorFor(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

/** The metadata of an object that Pulumi names. */
export function metadataFor(
  name: string,
  namespace: Input<string>,
  annotations: Readonly<Record<string, string>> = {},
): types.input.meta.v1.ObjectMeta {
  return {
    namespace,
    labels: labelsFor(name),
    ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }),
  };
}
