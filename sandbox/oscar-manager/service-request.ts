import type { Exchange } from "./exchange.js";
import { decode } from "./go-json.js";
import { providerOf, trim, type Service, type Storage } from "./service.js";
import { volumeFault } from "./service-volume.js";
import { serviceShape } from "./shapes.js";
import { hex, complete, type World } from "./world.js";

/**
 * What POST and PUT do first alike: read the body, check it, fill defaults in. Undefined: it is answered. `expose`
 * gets no default.
 */
export function readBody(exchange: Exchange, world: World): Service | undefined {
  const invalid = "The service specification is not valid:";
  const decoded = decode<Service>(serviceShape(world.traits), exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `${invalid} ${decoded.error}`);
    return undefined;
  }
  const service = complete(decoded.value);
  const missing = bindingFaults(service);
  if (missing.length > 0) {
    exchange.text(400, `${invalid} ${missing.join("\n")}`);
    return undefined;
  }
  if (exchange.caller.kind === "admin" && exchange.request.method === "POST") service.owner = "cluster_admin";
  for (const [list, word] of [[service.input, "input"] as const, [service.output, "output"] as const])
    if (!list.every((storage) => normalisePath(service.name, storage))) {
      exchange.text(400, `${word} path cannot be empty`);
      return undefined;
    }
  service.allowed_users = service.allowed_users.map((user) => user.trim()).filter((user) => user !== "");
  service.script = service.script.replace(/\r\n?/g, "\n");
  fillIn(service);
  const fault = volumeFault(service);
  if (fault !== undefined) {
    exchange.text(400, `${invalid} ${fault}`);
    return undefined;
  }
  return service;
}

function bindingFaults({ name, image, script }: Service): string[] {
  const fault = (field: string, tag: string): string =>
    `Key: 'Service.${field}' Error:Field validation for '${field}' failed on the '${tag}' tag`;
  const faults: string[] = [];
  if (name === "") faults.push(fault("Name", "required"));
  else if ([...name].length > 39) faults.push(fault("Name", "max"));
  if (image === "") faults.push(fault("Image", "required"));
  if (script === "") faults.push(fault("Script", "required"));
  return faults;
}

/** False when nothing is left of the path. */
function normalisePath(service: string, storage: Storage): boolean {
  const path = trim(storage.path, " /");
  const { kind } = providerOf(storage);
  storage.path = (kind === "minio" || kind === "s3") && !path.includes("/") ? `${service}/${path}` : path;
  return path !== "";
}

const logLevels = ["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

function fillIn(service: Service): void {
  if (service.memory === "") service.memory = "256Mi";
  if (service.cpu === "") service.cpu = "0.2";
  if (service.visibility === "") service.visibility = "private";
  const level = service.log_level.toUpperCase();
  service.log_level = logLevels.includes(level) ? level : "INFO";
  Object.assign(service.labels, {
    "oscar.grycap/user-service": "true",
    oscar_service: service.name,
    applicationId: service.name,
    queue: `root.oscar-queue.${service.name}`,
  });
  const hidden = { endpoint: "http://minio.minio:9000", verify: false, region: "us-east-1" };
  service.storage_providers = {
    ...service.storage_providers,
    minio: {
      ...service.storage_providers?.minio,
      default: { ...hidden, access_key: "hidden", secret_key: "hidden" },
    },
  };
  if (service.federation !== undefined && service.federation.topology === "")
    service.federation.topology = "none";
  service.token = hex(32);
}

/** Blanks the values of secrets, as the stored FDL has them. */
export function blankSecrets(service: Service): void {
  for (const key of Object.keys(service.environment.secrets)) service.environment.secrets[key] = "";
}
