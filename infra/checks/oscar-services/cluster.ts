import { existsSync } from "node:fs";
import { isIP } from "node:net";
import { checkPublicAddress } from "../../../components/dns/public-address";
import type { Fault } from "../../faults";
import { homePath } from "../../paths";
import { encryptServicesPassword } from "../../schema/oscar-services";
import { faulty, type Draft } from "../draft";
import type { Section } from "./files";

const path = ["oscarServices", "cluster"];

type Existing = Extract<NonNullable<Section["cluster"]>, { readonly kind?: "existing" | undefined }>;

/** The OSCAR that is not the stack's, where that is what the document says. */
function existing({ cluster }: Section): Existing | undefined {
  return cluster?.kind === "existing" ? cluster : undefined;
}

/** Whether there is an OSCAR for the services, and a safe way to it. */
export function cluster(draft: Draft, section: Section): Fault[] {
  const found = existing(section);
  if (found !== undefined) return [...loginFaults(found), ...clearTextFaults(found)];
  if ("oscar" in draft || faulty(section, "cluster") || faulty(section.cluster, "kind")) return [];
  const message =
    section.cluster === undefined
      ? "missing; needed: the OSCAR that they are for, as {kind: existing, endpoint: …}; or oscar in this document"
      : 'got "stack"; needed for it: oscar in this document; or else kind: existing';
  return [{ path, message }];
}

function loginFaults(found: Existing): Fault[] {
  if (!("tokenFile" in found)) return [];
  const allowed = { password: "one of the two", username: "none, because a token says whose it is" };
  return (["password", "username"] as const)
    .filter((key) => key in found)
    .map((key) => ({ path: [...path, key], message: `given with tokenFile; allowed: ${allowed[key]}` }));
}

/** What opens the cluster goes to it with every request. */
function clearTextFaults({ endpoint }: Existing): Fault[] {
  if (endpoint === undefined || !endpoint.startsWith("http:") || isNear(new URL(endpoint).hostname))
    return [];
  const message =
    `got ${JSON.stringify(endpoint)}, to which the password or the token goes in clear; allowed: https, or a host of ` +
    "this machine or its own network (localhost, 10.0.0.7, oscar.oscar.svc, oscar.local)";
  return [{ path: [...path, "endpoint"], message }];
}

/** Whether it is this machine, or one that the internet does not lead to. */
function isNear(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "");
  if (isIP(name) !== 0) return checkPublicAddress("", [name]).length > 0;
  return !name.includes(".") || /\.(localhost|local|internal|lan|svc)$/.test(name);
}

/** What the user has to say of an OSCAR that is there: where the stack is only looked at, no one asks for it. */
export function clusterPlaceholders(section: Section): Fault[] {
  const found = existing(section);
  if (found === undefined) return [];
  const { endpoint } = found;
  const faults: Fault[] = [];
  if (endpoint !== undefined && /(^|\.)example\.(com|net|org)$/.test(new URL(endpoint).hostname)) {
    const message = `got ${JSON.stringify(endpoint)}, a placeholder; needed: your own`;
    faults.push({ path: [...path, "endpoint"], message });
  }
  if (!("password" in found) && !("tokenFile" in found)) {
    const message = `missing; needed: ${encryptServicesPassword}; or tokenFile in its place`;
    faults.push({ path: [...path, "password"], message });
  }
  return faults;
}

/** Whether the token is on this machine. */
export function tokenFile({ oscarServices }: Draft): Fault[] {
  const file = oscarServices && existing(oscarServices)?.tokenFile;
  if (file === undefined || existsSync(homePath(file))) return [];
  return [{ path: [...path, "tokenFile"], message: `got ${JSON.stringify(file)}; there is no such file` }];
}
