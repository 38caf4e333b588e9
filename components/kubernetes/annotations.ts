/**
 * What Pulumi's Kubernetes provider waits for before it calls an object done
 * (https://www.pulumi.com/registry/packages/kubernetes/#resource-await-logic).
 */
export const skipAwait = { "pulumi.com/skipAwait": "true" } as const;

/** A load balancer's address, and nothing else: not the pods behind it, and not the 10 s that a Service is watched for. */
export const awaitAddress = { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" } as const;
