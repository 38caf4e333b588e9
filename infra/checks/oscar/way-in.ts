import { checkHostInZone } from "../../../components/dns/names";
import { checkPublicAddress } from "../../../components/dns/public-address";
import { tlsFaults } from "../../../components/exposure/tls/validate-tls";
import type { Tls } from "../../../components/exposure/tls/tls";
import { got, type Fault, type Path } from "../../faults";
import { oscarTls } from "../../schema/oscar";
import { clusterHost, faulty, hasHoles, type Draft } from "../draft";
import { exposedAs } from "../exposure";
import { at, partsOf } from "../told";

/** What leads to OSCAR, said or by default: the host's Traefik where it has one, else one of its own. */
export function oscarGatewayKind({ oscar, host }: Draft): "install" | "host" | "existing" | undefined {
  if (oscar === undefined || faulty(oscar, "gateway")) return undefined;
  return oscar.gateway === undefined ? (hostsTraefik(host) ? "host" : "install") : oscar.gateway.kind;
}

function hostsTraefik(host: Draft["host"]): boolean {
  const gateway = host?.kind === "existing" ? host.gateway : undefined;
  return gateway !== undefined && gateway.kind !== "existing" && gateway.controller === "traefik";
}

/** The names that lead to it, and where the document says them. */
export function oscarNames({ oscar }: Draft): { readonly path: Path; readonly name: string }[] {
  const storage = oscar?.objectStorage?.kind === "managed" ? oscar.objectStorage : undefined;
  return [
    { path: ["oscar", "host"], name: oscar?.host },
    { path: ["oscar", "objectStorage", "host"], name: storage?.host },
    { path: ["oscar", "objectStorage", "consoleHost"], name: storage?.consoleHost },
  ].flatMap(({ path, name }) => (name === undefined ? [] : [{ path, name }]));
}

/** What leads to OSCAR: its gateway, its names, what their records point at, their certificates. */
export function wayIn(draft: Draft): Fault[] {
  return [
    ...gatewayFaults(draft),
    ...nameFaults(draft),
    ...addressFaults(draft),
    ...certificateFaults(draft),
  ];
}

function gatewayFaults(draft: Draft): Fault[] {
  const { oscar, host } = draft;
  const kind = oscarGatewayKind(draft);
  const path = ["oscar", "gateway"];
  if (kind === undefined || host?.kind === undefined) return [];
  const gateway = oscar?.gateway;
  if (kind === "host" && !hostsTraefik(host)) {
    const message =
      "got kind: host; needed for it: host.gateway of kind class or install, with controller: traefik, because the " +
      "routes of OSCAR's services are Traefik's; or take kind: install";
    return [{ path, message }];
  }
  if (kind === "install" && hostsTraefik(host)) {
    const message =
      "got kind: install; allowed: kind: host, because the host has Traefik (host.gateway), and two of them fight over " +
      "the same GatewayClass";
    return [{ path, message }];
  }
  if (kind === "existing" && host.kind === "gke") {
    const message =
      "got kind: existing; allowed: install, because the stack makes the cluster, and nothing is there yet";
    return [{ path, message }];
  }
  const faults: Fault[] = [];
  if (host.kind === "gke" && host.gateway?.kind !== undefined && host.gateway.kind !== "none") {
    const message = `got kind: ${host.gateway.kind}; allowed with oscar: none, the default then, because Traefik takes a newer Gateway API than GKE brings`;
    faults.push({ path: ["host", "gateway"], message });
  }
  if (gateway?.kind !== "install") return faults;
  if (host.kind === "gke" && gateway.gatewayApi === "existing") {
    const message = 'got "existing"; allowed: install, because GKE leaves the Gateway API to the stack';
    faults.push({ path: [...path, "gatewayApi"], message });
  }
  const { frontNode } = gateway;
  if (frontNode === undefined) return faults;
  const where = [...path, "frontNode"];
  if (host.kind === "gke")
    return [...faults, { path: where, message: "given; allowed: none on GKE, which has load balancers" }];
  if (!hasHoles(frontNode) && "name" in frontNode === "addresses" in frontNode)
    faults.push({ path: where, message: "needed: name or addresses, one of the two" });
  const known = frontNode.addresses?.flatMap((each) => each ?? []);
  if (known !== undefined && !("name" in frontNode))
    faults.push(...at([...where, "addresses"], (place) => checkPublicAddress(place, known)));
  return faults;
}

/** Each in the zone, and leading to one thing. */
function nameFaults(draft: Draft): Fault[] {
  const domain = draft.dns?.domain;
  const names = oscarNames(draft);
  // That both of the storage's are one, is told with the storage.
  const ui = exposedAs(draft)?.host;
  const others = (path: Path) => (path.includes("objectStorage") ? [ui, draft.oscar?.host] : [ui]);
  return names.flatMap(({ path, name }) => [
    ...(domain === undefined
      ? []
      : at(path, (where) => checkHostInZone(where, name, domain, { wildcard: false }))),
    ...(others(path).includes(name)
      ? [{ path, message: `${got(name, path)}, which leads elsewhere already; allowed: a name of its own` }]
      : []),
  ]);
}

/** Records have to point at something. */
function addressFaults(draft: Draft): Fault[] {
  const { oscar, host, dns } = draft;
  if (dns === undefined || host?.kind !== "existing" || "publicAddress" in host) return [];
  if (oscar?.gateway?.kind === "install" && "frontNode" in oscar.gateway) return [];
  const message =
    "missing; needed, for the records of OSCAR's names to point at: the address or host name of the gateway's load " +
    "balancer (kubectl get service -A), or oscar.gateway.frontNode";
  return [{ path: ["host", "publicAddress"], message }];
}

function certificateFaults(draft: Draft): Fault[] {
  const { oscar, dns } = draft;
  const host = clusterHost(draft);
  if (oscar === undefined || host === undefined || faulty(host, "certManager")) return [];
  if (faulty(oscar, "host") || faulty(draft, "dns") || faulty(dns, "kind")) return [];
  const tls = soundTls(oscar);
  if (tls === undefined || tls.kind === "none") return [];
  if (oscarGatewayKind(draft) === "existing") {
    const path = ["oscar", "tls"];
    const message = `${got(tls.kind, path)}; allowed: none, because the gateway is there already, with its certificates (oscar.gateway.scheme)`;
    return [{ path, message }];
  }
  const found = tlsFaults("tls", tls, {
    host: oscar.host,
    certManager: host.certManager !== undefined,
    cloud: host.kind === "gke" ? "google" : undefined,
    zone: dns?.kind,
    certificates: "secrets",
  });
  return found.map((text) => {
    const { where, message } = partsOf(text);
    return { path: ["oscar", ...where.split(".")], message };
  });
}

function soundTls({ tls }: NonNullable<Draft["oscar"]>): Tls | undefined {
  if (tls === undefined || hasHoles(tls)) return undefined;
  const parsed = oscarTls.safeParse(tls);
  return parsed.success ? parsed.data : undefined;
}
