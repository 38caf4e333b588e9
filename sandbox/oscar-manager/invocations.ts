import { randomUUID } from "node:crypto";

import { messageOf } from "../../components/messages.js";
import { listServices } from "./backend.js";
import { seconds } from "./deployment.js";
import type { Exchange } from "./exchange.js";
import { isSeenBy, read } from "./read-services.js";
import type { Service } from "./service.js";
import type { World } from "./world.js";

/** POST /job/:service: the job's name is not told */
export function postJob(exchange: Exchange, world: World): void {
  const service = invoked(exchange, world);
  if (service === undefined) return;
  const { name } = service;
  const key = `${service.namespace}/${name}`;
  const job = {
    name: `${name.length >= 25 ? name.slice(0, 16) : name}-${randomUUID()}`,
    createdAt: new Date(),
  };
  world.jobs.set(key, [...(world.jobs.get(key) ?? []), job]);
  exchange.status(201);
}

/** POST /run/:service, on the Knative back end alone: what the service answers, or a gateway's error */
export function postRun(exchange: Exchange, world: World): void {
  const service = invoked(exchange, world);
  if (service === undefined) return;
  const { status, body } = world.answers.get(service.name) ?? world.options.runAnswer;
  if (body === "") exchange.status(status);
  else exchange.text(status, body);
}

/** The service that is called, by its token or by a user's. Basic auth may not. */
function invoked(exchange: Exchange, world: World): Service | undefined {
  let services: Service[];
  try {
    services = listServices(world, exchange.params["service"]);
  } catch (error) {
    exchange.text(500, messageOf(error));
    return undefined;
  }
  const [, token] = (exchange.request.headers.authorization ?? "").split("Bearer ");
  if (token === undefined) exchange.status(401);
  else if (token.trim().length === tokenLength) {
    const service = services.find((candidate) => candidate.token === token.trim());
    if (service === undefined) exchange.status(401);
    return service;
  } else {
    const user = world.options.users.find((known) => known.token === token.trim());
    if (user === undefined) {
      exchange.text(400, "Error getting oidc manager for issuer ''");
      return undefined;
    }
    const caller = { kind: "user", uid: user.uid, name: user.name } as const;
    const service = services.find((candidate) => isSeenBy(candidate, caller));
    if (service === undefined) exchange.status(404);
    return service;
  }
  return undefined;
}

const tokenLength = 64;

/** GET /system/logs/:service: its jobs. A user who may not see it gets 200 and nothing. */
export function getJobs(exchange: Exchange, world: World): void {
  const service = seen(exchange, world);
  if (service === undefined) return;
  const jobs = (world.jobs.get(`${service.namespace}/${service.name}`) ?? []).map(({ name, createdAt }) => {
    const time = seconds(createdAt);
    return [name, { status: "Succeeded", creation_time: time, start_time: time, finish_time: time }] as const;
  });
  exchange.object(200, { jobs: Object.fromEntries(jobs) });
}

/** GET /system/logs/:service/:job: a job that is not there is a 500 without a text */
export function getJob(exchange: Exchange, world: World): void {
  const service = seen(exchange, world);
  if (service === undefined) return;
  const jobs = world.jobs.get(`${service.namespace}/${service.name}`) ?? [];
  const job = jobs.find(({ name }) => name === exchange.params["job"]);
  if (job === undefined) exchange.status(500);
  else if (job.log === undefined) exchange.status(404);
  else exchange.text(200, job.log);
}

/** DELETE /system/logs/:service and /system/logs/:service/:job */
export function deleteJobs(exchange: Exchange, world: World): void {
  const service = seen(exchange, world);
  if (service === undefined) return;
  const key = `${service.namespace}/${service.name}`;
  const { job } = exchange.params;
  world.jobs.set(
    key,
    job === undefined ? [] : (world.jobs.get(key) ?? []).filter(({ name }) => name !== job),
  );
  exchange.status(204);
}

function seen(exchange: Exchange, world: World): Service | undefined {
  const service = read(exchange.params["service"] ?? "", exchange, world);
  return service !== undefined && isSeenBy(service, exchange.caller) ? service : undefined;
}

/** GET /system/services/:service/auth: who may open the service's page */
export function serviceAuth(exchange: Exchange, world: World, authenticate: () => void): void {
  const name = exchange.params["service"] ?? "";
  const tokens = serviceTokens(exchange, name);
  if (tokens.length > 0) {
    const service = world.service(name);
    // The Manager looks into an empty list here, and falls over.
    if (service === undefined) exchange.status(500);
    else if (!tokens.includes(service.token)) exchange.status(401);
    else
      exchange.headers["Set-Cookie"] =
        `${cookieName(name)}=${service.token}; Path=/system/services/${name}/exposed; HttpOnly; SameSite=Lax`;
    return;
  }
  authenticate();
  if (exchange.aborted) return;
  const service = read(name, exchange, world);
  if (service !== undefined && !isSeenBy(service, exchange.caller)) exchange.status(403);
}

const cookieName = (service: string): string => `oscar_service_${service.replaceAll("-", "_")}_auth`;

function serviceTokens({ request }: Exchange, service: string): string[] {
  const { headers, query } = request;
  const header = headers.authorization ?? "";
  const bearer = header.split("Bearer ")[1];
  const isToken = (token: string | null | undefined): token is string => token?.length === tokenLength;
  if (bearer !== undefined) return [bearer.trim()].filter(isToken);
  if (header.startsWith("Basic ")) return [];
  const forwarded = headers["x-forwarded-uri"];
  const uri =
    typeof forwarded === "string" ? new URL(forwarded, "http://forwarded").searchParams.get("token") : null;
  const cookie = (headers.cookie ?? "")
    .split(";")
    .map((pair) => pair.trim().split("="))
    .find(([key]) => key === cookieName(service));
  return [query.get("token"), uri, cookie?.[1]].filter(isToken);
}
