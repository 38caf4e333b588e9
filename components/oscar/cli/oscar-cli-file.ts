import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

/** A cluster as oscar-cli knows it, as far as it is of use here. */
export interface KnownCluster {
  readonly id: string;
  readonly endpoint: string;
  readonly login: { kind: "basic"; username: string; password: string } | { kind: "oidc"; account?: string };
  /** Whether oscar-cli would take any certificate. */
  readonly skipsVerification: boolean;
}

/** Where oscar-cli keeps its clusters. */
export const oscarCliFile = (): string => join(homedir(), ".oscar-cli", "config.yaml");

/**
 * The cluster of that id, or the file's default one; nothing where oscar-cli has no file. Its clusters stand below
 * `oscar`, and `default` names one of them (`pkg/config/config.go` and `pkg/cluster/cluster.go` of grycap/oscar-cli).
 */
export function knownCluster(id?: string, path = oscarCliFile()): KnownCluster | undefined {
  if (!existsSync(path)) {
    if (id === undefined) return undefined;
    throw new Error(`--cluster: got ${JSON.stringify(id)}; allowed: nothing, as there is no ${path}`);
  }
  const file = mapOf(read(path));
  const clusters = mapOf(file["oscar"]);
  const ids = Object.keys(clusters);
  const wanted = id ?? textOf(file["default"]) ?? (ids.length === 1 ? ids[0] : undefined);
  const allowed = `allowed: those in ${path}: ${ids.join(", ") || "it has none"}`;
  if (wanted === undefined) throw new Error(`--cluster: got nothing, and there is no default; ${allowed}`);
  if (!ids.includes(wanted)) {
    const where = id === undefined ? `${path}: default` : "--cluster";
    throw new Error(`${where}: got ${JSON.stringify(wanted)}; ${allowed}`);
  }
  return clusterOf(wanted, mapOf(clusters[wanted]), path);
}

function clusterOf(id: string, cluster: Readonly<Record<string, unknown>>, path: string): KnownCluster {
  const endpoint = textOf(cluster["endpoint"]);
  if (endpoint === undefined)
    throw new Error(`${path}: oscar.${id}.endpoint: got nothing; allowed: OSCAR's address`);
  const account = textOf(cluster["oidc_account_name"]);
  // oscar-cli, too, prefers a token where there are both.
  const isOidc = account !== undefined || textOf(cluster["oidc_refresh_token"]) !== undefined;
  const username = textOf(cluster["auth_user"]) ?? "";
  const password = textOf(cluster["auth_password"]) ?? "";
  return {
    id,
    endpoint,
    login: isOidc
      ? { kind: "oidc", ...(account !== undefined && { account }) }
      : { kind: "basic", username, password },
    skipsVerification: cluster["ssl_verify"] === "false" && endpoint.startsWith("https:"),
  };
}

function read(path: string): unknown {
  try {
    // Without types, or a password of digits would be a number.
    return parse(readFileSync(path, "utf8"), { schema: "failsafe" });
  } catch {
    // The parser's own message repeats lines of the file, and one may be a password.
    throw new Error(`${path}: cannot be read; allowed: the YAML that oscar-cli writes`);
  }
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
