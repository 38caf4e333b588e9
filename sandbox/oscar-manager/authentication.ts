import type { Exchange } from "./exchange.js";
import type { ManagerOptions } from "./options.js";
import { giveQuota } from "./quotas.js";
import type { World } from "./world.js";

/** Finds out who asks, and ends the request of those who may not. */
export function authenticate(exchange: Exchange, world: World): void {
  const { options } = world;
  const header = exchange.request.headers.authorization ?? "";
  if (options.users.length > 0 && header.startsWith("Bearer ")) bearer(exchange, world, header.slice(7));
  else if (header === basic(options)) exchange.caller = { kind: "admin" };
  else {
    exchange.headers["Www-Authenticate"] = 'Basic realm="Authorization Required"';
    exchange.abort(401);
  }
}

function basic({ username, password }: ManagerOptions): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function bearer(exchange: Exchange, world: World, token: string): void {
  const user = world.options.users.find((known) => known.token === token);
  if (user?.refused === true) exchange.abort(401);
  else if (user !== undefined) {
    exchange.caller = { kind: "user", uid: user.uid, name: user.name };
    world.minio.policies.addUser(user.uid);
    world.namespaces.add(namespaceOf(user.uid));
    giveQuota(user.uid, world);
  } else stranger(exchange, token);
}

/** The Manager tells what is wrong with such a token, and then runs the handler all the same. */
function stranger(exchange: Exchange, token: string): void {
  exchange.caller = { kind: "nobody" };
  const parts = token.split(".");
  if (parts.length !== 3) {
    exchange.text(400, "token is malformed: token contains an invalid number of segments");
    return;
  }
  const issuer = issuerOf(parts[1] ?? "");
  if (issuer === undefined) exchange.abort(401);
  else exchange.text(401, `'${issuer}' is not listed as an authorized issuer`);
}

function issuerOf(payload: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    if (typeof claims !== "object" || claims === null || !("iss" in claims)) return undefined;
    return typeof claims.iss === "string" ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}

/** A user's namespace: 18 characters at most. */
export function namespaceOf(uid: string): string {
  return `oscar-svc-${uid.toLowerCase().replace(/[^a-z0-9]/g, "-")}`.slice(0, 18).replace(/-+$/, "");
}

/** The namespace a request works in. */
export function namespaceFor(exchange: Exchange, world: World): string {
  return exchange.caller.kind === "user" ? namespaceOf(exchange.caller.uid) : world.options.servicesNamespace;
}
