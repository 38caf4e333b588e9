import { isIP } from "node:net";
import { normalName } from "../../components/dns/names";
import { classGateways } from "../../components/exposure/gateway/controllers";
import { gkeClasses, lostAtGkeIngress } from "../../components/exposure/ingress";
import { checkPublicAddress } from "../../components/dns/public-address";
import { got, type Fault, type Path } from "../faults";
import { faulty, hasHoles, type Draft, type HostDraft } from "./draft";
import { at } from "./told";

/** The name that the UI is reached under, and where the document says it. */
export interface ExposedAs {
  readonly kind: NonNullable<NonNullable<NonNullable<Draft["ui"]>["exposure"]>["kind"]>;
  readonly host: string | undefined;
  readonly hostPath: Path;
}

/** How the UI is reached, where that is sound. */
export function exposedAs({ ui }: Draft): ExposedAs | undefined {
  const exposure = ui?.exposure;
  if (ui === undefined || exposure?.kind === undefined) return undefined;
  const own = exposure.kind === "ingress" ? exposure.host : undefined;
  return own === undefined
    ? { kind: exposure.kind, host: ui.host, hostPath: ["ui", "host"] }
    : { kind: exposure.kind, host: own, hostPath: ["ui", "exposure", "host"] };
}

/** Whether what is outside can get to the UI by what the document says. */
export function exposure(draft: Draft): Fault[] {
  return [
    ...hostFaults(draft),
    ...classFaults(draft),
    ...frontNodeFaults(draft),
    ...addressFaults(draft),
    ...sessionFaults(draft),
  ];
}

function hostFaults(draft: Draft): Fault[] {
  const { ui } = draft;
  const exposed = exposedAs(draft);
  if (ui === undefined || exposed === undefined) return [];
  const { kind, host } = exposed;
  const inExposure = ui.exposure?.kind === "ingress" ? ui.exposure.host : undefined;
  if (inExposure !== undefined && ui.host !== undefined && inExposure !== ui.host) {
    const path = ["ui", "host"];
    const message = `${got(ui.host, path)}; allowed: ${inExposure}, as ui.exposure.host has it, or none`;
    return [{ path, message }];
  }
  if (kind === "gateway" && host === undefined && !faulty(ui, "host")) {
    const message = "missing; needed: the name that people reach it under, such as mnist.example.com";
    return [{ path: ["ui", "host"], message }];
  }
  if (kind === "none" && host !== undefined) {
    const path = ["ui", "host"];
    const message = `${got(host, path)}; allowed: none, because with exposure: none nothing leads there from outside`;
    return [{ path, message }];
  }
  return [];
}

/** What is to lead there has to be on the cluster. */
function classFaults(draft: Draft): Fault[] {
  const { host, ui } = draft;
  const exposure = ui?.exposure;
  if (host === undefined || exposure?.kind === undefined) return [];
  if (host.kind === "existing" && exposure.kind === "ingress") {
    if ("className" in exposure || "ingressClass" in host) return [];
    const message =
      "missing; needed: the IngressClass, here or as host.ingressClass (`kubectl get ingressclass` shows them)";
    return [{ path: ["ui", "exposure", "className"], message }];
  }
  if (host.kind === "existing" && exposure.kind === "gateway" && !("gateway" in host)) {
    const message =
      "missing; needed for exposure: gateway: {kind: class, className: …} where the cluster has a GatewayClass " +
      "(`kubectl get gatewayclass` shows them), {kind: install, controller: …} where it has none, or {kind: existing, …}";
    return [{ path: ["host", "gateway"], message }];
  }
  if (host.kind === "gke" && exposure.kind === "gateway" && lacksGateways(host, "oscar" in draft)) {
    const message =
      'got "gateway", which the cluster has none of: Google\'s are off (host.gateway: none, the default with oscar, whose ' +
      "gateways are Traefik's); allowed: ingress, load-balancer, node-port or none; or a stack of its own for the UI";
    return [{ path: ["ui", "exposure", "kind"], message }];
  }
  if (host.kind === "gke" && host.gateway?.kind === "regional" && exposure.kind === "gateway") {
    const { network } = host;
    if (faulty(host, "network") || (network !== undefined && network.kind !== "new")) return [];
    if (network !== undefined && "proxyCidr" in network) return [];
    const message = "missing; needed for a regional gateway: a range for its proxies, such as 10.9.0.0/23";
    return [{ path: ["host", "network", "proxyCidr"], message }];
  }
  return [];
}

/** Whether GKE is to keep its hands off the Gateway API. */
function lacksGateways({ gateway }: HostDraft<"gke">, besideOscar: boolean): boolean {
  return gateway?.kind === "none" || (gateway === undefined && besideOscar);
}

function frontNodeFaults({ ui }: Draft): Fault[] {
  const exposure = ui?.exposure;
  if (exposure?.kind !== "node-port" || exposure.frontNode === undefined) return [];
  const { frontNode } = exposure;
  const path = ["ui", "exposure", "frontNode"];
  if (hasHoles(frontNode)) return [];
  if ("name" in frontNode === "addresses" in frontNode)
    return [{ path, message: "needed: name or addresses, one of the two" }];
  const { addresses } = frontNode;
  const known = addresses?.flatMap((each) => each ?? []);
  if (known === undefined) return [];
  return at([...path, "addresses"], (where) => checkPublicAddress(where, known));
}

/** A record has to say something. GKE has addresses to reserve; of another cluster someone knows its own. */
function addressFaults(draft: Draft): Fault[] {
  const { host, dns, ui } = draft;
  const exposed = exposedAs(draft);
  if (dns === undefined || host?.kind === undefined || exposed?.host === undefined) return [];
  const { kind } = exposed;
  if (kind === "none") return [];
  const nodePort = ui?.exposure?.kind === "node-port" ? ui.exposure : undefined;
  if (nodePort !== undefined && "frontNode" in nodePort) return [];
  if (host.kind === "gke" && kind !== "node-port") return unreserved(draft, exposed.host);
  if (host.kind === "existing" && "publicAddress" in host)
    return topFaults(exposed.host, dns.domain, host.publicAddress);
  const needed = {
    gateway: "the address or host name of the gateway's load balancer (kubectl get service -A)",
    ingress: "the address or host name of the ingress controller (kubectl get service -A)",
    "load-balancer": "the address that the load balancer is to have",
    "node-port": "the node that people come by: {name: …} or {addresses: […]}",
  }[kind];
  const path = kind === "node-port" ? ["ui", "exposure", "frontNode"] : ["host", "publicAddress"];
  return [{ path, message: `missing; needed, for the record of ${exposed.host} to point at: ${needed}` }];
}

/** GKE reserves addresses for its own controller: another one has a load balancer's, once that is there. */
function unreserved({ ui }: Draft, name: string): Fault[] {
  const className = ui?.exposure?.kind === "ingress" ? ui.exposure.className : undefined;
  if (className === undefined || className === "gce") return [];
  const path = ["ui", "exposure", "className"];
  const message =
    `${got(className, path)}, whose address no one knows before it is there; allowed: gce, for the record of ${name} ` +
    "to point at, or exposure: gateway";
  return [{ path, message }];
}

/** The top of a zone has records of its own, beside which there can be no CNAME. */
function topFaults(name: string, domain: string | undefined, address: string | undefined): Fault[] {
  if (domain === undefined || address === undefined || isIP(address) !== 0) return [];
  if (normalName(name) !== normalName(domain)) return [];
  const path = ["host", "publicAddress"];
  const message = `${got(address, path)}; allowed: an IP address, because ${name} is the zone itself, which cannot point at a name`;
  return [{ path, message }];
}

/** Gradio keeps a session in one pod's memory, and not every way in leads a person to the same pod again. */
function sessionFaults({ host, ui }: Draft): Fault[] {
  const exposure = ui?.exposure;
  if (host === undefined || ui === undefined || faulty(ui, "replicas")) return [];
  const replicas = typeof ui.replicas === "object" ? (ui.replicas.max ?? 1) : (ui.replicas ?? 1);
  const reason = lostSessions(host, exposure);
  if (replicas < 2 || reason === undefined) return [];
  const message = `up to ${replicas} pods, and each person has to stay with one of them; allowed: 1, because ${reason}`;
  return [{ path: ["ui", "replicas"], message }];
}

function lostSessions(
  host: NonNullable<Draft["host"]>,
  exposure: NonNullable<Draft["ui"]>["exposure"],
): string | undefined {
  if (exposure?.kind === "gateway" && host.kind === "existing") {
    const { gateway } = host;
    if (gateway?.kind === undefined || faulty(gateway, "controller")) return undefined;
    const className = gateway.kind === "class" ? (gateway.className ?? "") : "";
    const { controller } = gateway;
    const { sessions } = classGateways({ className, ready: [], ...(controller && { controller }) });
    return sessions.kind === "kept" ? undefined : sessions.reason;
  }
  if (exposure?.kind !== "ingress" || faulty(exposure, "className")) return undefined;
  const className = exposure.className ?? "gce";
  return host.kind === "gke" && gkeClasses.includes(className) ? lostAtGkeIngress : undefined;
}
