import { messageOf } from "../../components/messages.js";
import { listServices, readService } from "./backend.js";
import { deploymentOf } from "./deployment.js";
import type { Caller, Exchange } from "./exchange.js";
import { encode } from "./go-json.js";
import { isNotFound } from "./kubernetes-error.js";
import { isLabelValue } from "./kubernetes-rules.js";
import type { Service } from "./service.js";
import { volumeStatus } from "./service-volume.js";
import { serviceShape } from "./shapes.js";
import type { World } from "./world.js";

/** GET /system/services: one text that cannot be read in one service, and nobody gets the list. */
export function getServices(exchange: Exchange, world: World): void {
  let services: Service[];
  try {
    services = listServices(world);
  } catch (error) {
    exchange.text(500, messageOf(error));
    return;
  }
  if (exchange.caller.kind === "nobody") {
    exchange.uid();
    return;
  }
  const seen = services.filter((service) => isSeenBy(service, exchange.caller));
  exchange.json(200, `[${seen.map((service) => written(service, exchange, world)).join(",")}]`);
}

/** GET /system/services/:service */
export function getService(exchange: Exchange, world: World): void {
  const name = serviceName(exchange);
  if (name === undefined) return;
  const service = read(name, exchange, world);
  if (service === undefined) return;
  const { caller } = exchange;
  if (isSeenBy(service, caller)) exchange.json(200, written(service, exchange, world));
  else
    exchange.text(
      403,
      `User ${caller.kind === "user" ? caller.uid : ""} doesn't have permision to get this service`,
    );
}

/** The service, or an answer: 404 without a text, or the error. */
export function read(name: string, exchange: Exchange, world: World): Service | undefined {
  try {
    return readService("", name, world);
  } catch (error) {
    if (isNotFound(error)) exchange.status(404);
    else exchange.text(500, messageOf(error));
    return undefined;
  }
}

/** The name in the path; one that cannot be a name is answered. */
export function serviceName(exchange: Exchange): string | undefined {
  const name = (exchange.params["service"] ?? "").trim();
  if (name !== "" && isLabelValue(name)) return name;
  exchange.text(400, name === "" ? "serviceName is required" : "invalid serviceName");
  return undefined;
}

export function isSeenBy({ visibility, owner, allowed_users: users }: Service, caller: Caller): boolean {
  if (caller.kind === "admin") return true;
  const uid = caller.kind === "user" ? caller.uid : "";
  if (visibility === "public") return true;
  if (visibility === "private") return owner === uid;
  return visibility === "restricted" && (owner === uid || users.includes(uid));
}

/** The JSON of a service, in the version's form. */
function written(service: Service, exchange: Exchange, world: World): string {
  const included = (exchange.request.query.get("include") ?? "").toLowerCase().split(",");
  const { expose } = service;
  const ports = world.traits.portsAsLists
    ? {}
    : { expose: { ...expose, api_port: expose.api_port[0] ?? 0, nodePort: expose.nodePort[0] ?? 0 } };
  const deployment = included.some((word) => word.trim() === "deployment")
    ? { deployment: deploymentOf(service, world) }
    : {};
  return encode(serviceShape(world.traits), {
    ...service,
    ...ports,
    ...deployment,
    volume_status: volumeStatus(service, world),
  });
}
