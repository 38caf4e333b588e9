/**
 * What Pulumi's Kubernetes provider waits for before it calls an object done
 * (https://www.pulumi.com/registry/packages/kubernetes/#resource-await-logic).
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" } as const;

/** A load balancer's address, and nothing else: not the pods behind it, and not the 10 s that a Service is watched for. */
export const awaitAddress = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" } as const;

/**
 * What the document says holds, whoever changed it: an autoscaler that is taken away still owns the number of pods, and
 * without this an update would end in a conflict with it.
 */
export const patchForce = { "pulumi.com/patchForce": "true" } as const;
