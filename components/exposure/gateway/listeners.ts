import type { Input } from "@pulumi/pulumi";
import type { Tls } from "../tls/tls";
import { notServed } from "./existing-gateway";
import {
  httpListener,
  httpsListener,
  type GatewayListener,
  type ListenerArgs,
  type SecretRef,
} from "./gateway-objects";
import { hostLabel, serves } from "./host-names";
import type { GatewayCertificates, GatewayPlatform, GatewayRef } from "./platform";

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

/**
 * What shows that a gateway leads people on, or, where its certificates may come later, that its controller has taken it:
 * some call one programmed only when all its certificates are there. Traefik does not even accept it before
 * (https://github.com/traefik/traefik/blob/v3.7.9/pkg/provider/kubernetes/gateway/kubernetes.go, makeGatewayStatus), but
 * tells of its listeners.
 */
export function awaited(hosts: readonly GatewayHost[], controller: GatewayPlatform["controller"]): string {
  if (!hosts.some(({ tls }) => tls.kind === "cert-manager")) return "condition=Programmed";
  return controller === "traefik" ? "jsonpath={.status.listeners}" : "condition=Accepted";
}

/**
 * Where clear text comes in. Its own namespace's routes are the redirection and the answers to an ACME server. Others' have
 * no business here where every host has a certificate: a route that names no listener is taken by each that takes its
 * namespace's, and passwords would go in clear text.
 */
export function clearListener(
  hosts: readonly GatewayHost[],
  own: Input<string>,
  { namespaces, ports }: ListenerArgs,
): GatewayListener {
  if (hosts.every(({ tls }) => tls.kind !== "none")) return httpListener({ namespaces: "own", ports });
  return httpListener({
    namespaces: typeof namespaces === "string" ? namespaces : [...namespaces, own],
    ports,
  });
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
