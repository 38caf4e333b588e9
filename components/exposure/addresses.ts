/** How a person reads where a workload is reached. What has no address (yet) is told by how to find it. */

/** A URL of what everyone can reach. */
export function webAddress(scheme: "http" | "https", host: string, { port = 80, path = "/" } = {}): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${scheme}://${name}${port === 80 ? "" : `:${port}`}${path === "/" ? "" : path}`;
}

/** The address of a load balancer, from its Service's status. */
export function loadBalancerAddress(
  serviceName: string,
  port: number,
  ingress: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined,
): string {
  const host = ingress?.[0]?.ip ?? ingress?.[0]?.hostname;
  // An address that is not there must not look like one, nor keep `up` from mending what is wrong.
  if (host === undefined) return `(no address yet; kubectl get service ${serviceName} shows it)`;
  return webAddress("http", host, { port });
}

/** A port on every node. Without a host: which node's address a person can reach, they know better. */
export function nodePortAddress(serviceName: string, port: number | undefined, host = "<any node>"): string {
  if (port === undefined) return `(no port yet; kubectl get service ${serviceName} shows it)`;
  return webAddress("http", host, { port });
}

/** Where nobody outside has an address for it: how to reach it all the same. */
export function portForward(namespace: string, serviceName: string, port: number): string {
  return `kubectl port-forward -n ${namespace} service/${serviceName} 8080:${port}`;
}
