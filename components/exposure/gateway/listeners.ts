import type { Tls } from "../tls/tls";
import { notServed } from "./existing-gateway";
import { httpsListener, type GatewayListener, type ListenerArgs, type SecretRef } from "./gateway-objects";
import { hostLabel, serves } from "./host-names";
import type { GatewayCertificates, GatewayRef } from "./platform";

/** A name that a gateway answers to. */
export interface GatewayHost {
  /** A name, or `*.example.com` for all of a label below. @default every name, in clear text */
  readonly host?: string | undefined;
  readonly tls: Tls;
}

/**
 * The listener that a host's routes are attached to: its own, a wildcard's, or the one for every host.
 *
 * @throws where there is none
 */
export function listenerOf(
  hosts: readonly GatewayHost[],
  host: string,
): ReturnType<GatewayRef["listenerFor"]> {
  const found =
    hosts.find((each) => each.host === host) ??
    hosts.find((each) => each.host !== undefined && serves(each.host, host)) ??
    hosts.find((each) => each.host === undefined);
  if (found === undefined)
    throw notServed(
      host,
      hosts.flatMap((each) => each.host ?? []),
    );
  if (found.host === undefined || found.tls.kind === "none") return { sectionName: "http", scheme: "http" };
  const sectionName = found.tls.kind === "google-managed" ? "https" : listenerName(found.host);
  return { sectionName, scheme: "https" };
}

/** Some controllers call a gateway programmed only when all its certificates are there. */
export function awaited(hosts: readonly GatewayHost[]): "Accepted" | "Programmed" {
  return hosts.some(({ tls }) => tls.kind === "cert-manager") ? "Accepted" : "Programmed";
}

export function secretListener(host: string, certificate: SecretRef, common: ListenerArgs): GatewayListener {
  const tls = { mode: "Terminate", certificateRefs: [certificate] } as const;
  return httpsListener({ ...common, name: listenerName(host), hostname: host, tls });
}

/** One for all hosts: Google itself finds the certificate that fits. With a map, it must have no `tls` at all. */
export function googleListener(
  { listenerOptions }: GatewayCertificates,
  { namespaces }: Pick<ListenerArgs, "namespaces">,
): GatewayListener {
  return httpsListener({
    name: "https",
    namespaces,
    ...(listenerOptions !== undefined && { tls: { mode: "Terminate", options: listenerOptions } }),
  });
}

function listenerName(host: string): string {
  return `https-${hostLabel(host)}`;
}
