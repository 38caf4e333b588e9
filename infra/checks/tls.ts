import type { Tls } from "../../components/exposure/tls/tls";
import { tlsFaults } from "../../components/exposure/tls/validate-tls";
import { got, type Fault } from "../faults";
import { tls as tlsSchema } from "../schema/tls";
import { clusterHost, faulty, hasHoles, type Draft } from "./draft";
import { exposedAs } from "./exposure";
import { partsOf } from "./told";

/** Where the certificate of the UI's host comes from, and whether it can be had there. */
export function tls(draft: Draft): Fault[] {
  return [...unsaid(draft), ...unsecured(draft), ...certificateFaults(draft), ...secretFaults(draft)];
}

/** Only what reads the requests can end TLS. */
function unsecured(draft: Draft): Fault[] {
  const kind = draft.ui?.tls?.kind;
  const exposed = exposedAs(draft);
  if (kind === undefined || exposed === undefined) return [];
  const path = ["ui", "tls"];
  if (draft.ui?.exposure?.kind === "ingress" && draft.ui.exposure.tls !== undefined) {
    return [{ path, message: "given twice; allowed: here or as ui.exposure.tls, not both" }];
  }
  if (kind === "none" || exposed.kind === "gateway" || exposed.kind === "ingress") return [];
  const message = `${got(kind, path)}; allowed: none, because a ${exposed.kind} passes on what comes as it is; or take exposure: gateway`;
  return [{ path, message: exposed.kind === "none" ? message.replace("a none", "exposure: none") : message }];
}

function certificateFaults(draft: Draft): Fault[] {
  const { dns, ui } = draft;
  const host = clusterHost(draft);
  const exposed = exposedAs(draft);
  const section = soundTls(draft);
  if (host === undefined || section === undefined || exposed === undefined) return [];
  if (exposed.kind !== "gateway" && exposed.kind !== "ingress") return [];
  const path = ["ui", "tls"];
  if (host.kind === "existing" && host.gateway?.kind === "existing" && exposed.kind === "gateway") {
    if (section.kind === "none") return [];
    const message = `${got(section.kind, path)}; allowed: none, because the gateway is there already, with its certificates (host.gateway.scheme)`;
    return [{ path, message }];
  }
  // Said already where the name is missing, or the zone is faulty.
  if (faulty(ui, "host") || faulty(draft, "dns") || faulty(dns, "kind") || faulty(host, "certManager"))
    return [];
  const ofHost = host.kind === "existing" ? host.ingressClass : "gce";
  const ingress = ui?.exposure?.kind === "ingress" ? ui.exposure : undefined;
  const ingressClass = ingress && !faulty(ingress, "className") ? (ingress.className ?? ofHost) : undefined;
  const found = tlsFaults("tls", section, {
    host: exposed.host,
    certManager: host.certManager !== undefined,
    cloud: host.kind === "gke" ? "google" : undefined,
    zone: dns?.kind,
    certificates: host.kind === "gke" && exposed.kind === "gateway" ? "google" : "secrets",
    ingressClass,
  });
  return found.map((text) => {
    const { where, message } = partsOf(text);
    return { path: ["ui", ...where.split(".")], message };
  });
}

function soundTls({ ui }: Draft): Tls | undefined {
  if (ui?.tls === undefined || hasHoles(ui.tls)) return undefined;
  const parsed = tlsSchema.safeParse(ui.tls);
  return parsed.success ? parsed.data : undefined;
}

/** A namespace that the stack makes has no Secret in it yet. */
function secretFaults(draft: Draft): Fault[] {
  const { namespace, ui } = draft;
  if (ui?.tls?.kind !== "secret" || namespace?.kind === "existing" || faulty(draft, "namespace")) return [];
  const message =
    "needs a namespace that exists, with the Secret in it: namespace: {kind: existing, name: …}";
  return [{ path: ["ui", "tls"], message }];
}

/** Clear text is for those who say so. */
function unsaid(draft: Draft): Fault[] {
  const { ui, host } = draft;
  const exposed = exposedAs(draft);
  if (exposed?.host === undefined || ui === undefined || "tls" in ui) return [];
  if (exposed.kind !== "gateway") return [];
  if (host?.kind === "existing" && host.gateway?.kind === "existing") return [];
  const message =
    "missing; needed: where the host's certificate comes from; or none, for clear text, logins included";
  return [{ path: ["ui", "tls"], message }];
}

/** Whom no one can write to. */
export function tlsPlaceholders({ ui, modelServer, oscar }: Draft): Fault[] {
  return [
    { part: "ui", tls: ui?.tls },
    { part: "modelServer", tls: modelServer?.tls },
    { part: "oscar", tls: oscar?.tls },
  ].flatMap(({ part, tls }) => {
    const issuer = tls?.kind === "cert-manager" ? tls.issuer : undefined;
    const email = issuer?.kind === "acme" ? issuer.email : undefined;
    if (email === undefined || !/@(.*\.)?example\.(com|net|org)$/.test(email)) return [];
    const path = [part, "tls", "issuer", "email"];
    return [{ path, message: `${got(email, path)}, a placeholder; needed: your own` }];
  });
}
