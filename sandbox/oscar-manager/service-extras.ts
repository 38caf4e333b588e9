import type { WireFederationMember } from "../../components/oscar/service/wire.js";
import type { Exchange } from "./exchange.js";
import { decode, encode } from "./go-json.js";
import { read } from "./read-services.js";
import type { Service } from "./service.js";
import { federationRequestShape, membersShape, secretsShape } from "./shapes.js";
import type { World } from "./world.js";

/** GET /system/federation/:service. Whose the service is counts for nothing. */
export function getFederation(exchange: Exchange, world: World): void {
  const service = read(exchange.params["service"] ?? "", exchange, world);
  if (service !== undefined) tell(exchange, service);
}

/** POST /system/federation/:service adds members. */
export function postFederation(exchange: Exchange, world: World): void {
  const decoded = decode<{ members: WireFederationMember[] }>(federationRequestShape, exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `Invalid payload: ${decoded.error}`);
    return;
  }
  const service = read(exchange.params["service"] ?? "", exchange, world);
  if (service === undefined) return;
  const { members } = decoded.value;
  const old = service.federation ?? {};
  service.federation = {
    ...old,
    topology: old.topology ?? "none",
    members: [...(old.members ?? []), ...members],
  };
  world.edit(service.name, (stored) => (stored.federation = service.federation ?? {}));
  tell(exchange, service);
}

function tell(exchange: Exchange, { federation }: Service): void {
  const members = federation?.members ?? [];
  const topology = federation?.topology ?? "none";
  const list = members.length === 0 ? "null" : encode(membersShape, members);
  exchange.json(200, `{"topology":"${topology}","members":${list}}`);
}

/** GET /system/services/:service/secrets?key=, from 4.2: one value */
export function getSecret(exchange: Exchange, world: World): void {
  const service = read(exchange.params["service"] ?? "", exchange, world);
  if (service === undefined) return;
  const values = world.secrets.get(`${service.namespace}/${service.name}`);
  const value = values?.[exchange.request.query.get("key") ?? ""];
  if (value === undefined) exchange.status(404);
  else exchange.text(200, value);
}

/** PUT /system/services/:service/secrets, from 4.2: those given, beside the others */
export function putSecrets(exchange: Exchange, world: World): void {
  const decoded = decode<Record<string, string>>(secretsShape, exchange.request.body);
  if ("error" in decoded || "refresh_token" in decoded.value) {
    exchange.status(400);
    return;
  }
  const service = read(exchange.params["service"] ?? "", exchange, world);
  if (service === undefined) return;
  const given = decoded.value;
  const key = `${service.namespace}/${service.name}`;
  world.secrets.set(key, { ...world.secrets.get(key), ...given });
  world.edit(service.name, ({ environment }) => {
    for (const name of Object.keys(given)) environment.secrets[name] = "";
  });
  exchange.status(204);
}
