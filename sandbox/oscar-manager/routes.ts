import { authenticate } from "./authentication.js";
import { deleteBucket, getBucket, getBuckets, postBucket, putBucket } from "./buckets.js";
import { postService } from "./create-service.js";
import { removeService } from "./delete-service.js";
import { getDeployment, getDeploymentLogs, restart, start, stop } from "./deployment-routes.js";
import { deleteJobs, getJob, getJobs, postJob, postRun, serviceAuth } from "./invocations.js";
import type { ManagerOptions } from "./options.js";
import { presign } from "./presign.js";
import { getOwnQuota, getQuota, putQuota } from "./quotas.js";
import { getService, getServices } from "./read-services.js";
import type { Guard, Handler, Route } from "./routing.js";
import { getFederation, getSecret, postFederation, putSecrets } from "./service-extras.js";
import { getConfig, health, info, putConfig, status, systemLogs } from "./system.js";
import { putService } from "./update-service.js";
import { deleteVolume, getVolume, getVolumes, postVolume } from "./volumes.js";

/** The routes a Manager of this version and with these options has. */
export function routesOf({ traits, backend, volumes }: ManagerOptions): Route[] {
  const when = (condition: boolean, ...routes: Route[]): Route[] => (condition ? routes : []);
  return [
    route("GET /health", health, "open"),
    route("GET /system/info", info),
    route("GET /system/config", getConfig),
    route("GET /system/status", status),
    route("GET /system/services", getServices),
    route("POST /system/services", postService),
    route("PUT /system/services", putService),
    route("GET /system/services/:service", getService),
    route("DELETE /system/services/:service", removeService),
    ...when(
      traits.since40,
      route("PUT /system/config", putConfig),
      route("GET /system/services/:service/deployment", getDeployment),
      route("GET /system/services/:service/deployment/logs", getDeploymentLogs),
    ),
    ...when(
      traits.since41,
      route("POST /system/services/:service/stop", stop),
      route("POST /system/services/:service/start", start),
      route("POST /system/services/:service/restart", restart),
      route("GET /system/services/:service/auth", authHandler, "own"),
      route("GET /system/federation/:service", getFederation),
      route("POST /system/federation/:service", postFederation),
    ),
    ...when(
      traits.since42,
      route("GET /system/services/:service/secrets", getSecret),
      route("PUT /system/services/:service/secrets", putSecrets),
    ),
    ...when(
      traits.since40 && volumes,
      route("GET /system/volumes", getVolumes),
      route("POST /system/volumes", postVolume),
      route("GET /system/volumes/:volume", getVolume),
      route("DELETE /system/volumes/:volume", deleteVolume),
      route("GET /system/quotas/user", getOwnQuota),
      route("GET /system/quotas/user/:user", getQuota),
      route("PUT /system/quotas/user/:user", putQuota),
    ),
    route("GET /system/buckets", getBuckets),
    route("POST /system/buckets", postBucket),
    route("PUT /system/buckets", putBucket),
    route("GET /system/buckets/:bucket", getBucket),
    route("DELETE /system/buckets/:bucket", deleteBucket),
    route("POST /system/buckets/:bucket/presign", presign),
    route("GET /system/logs", systemLogs),
    route("GET /system/logs/:service", getJobs),
    route("DELETE /system/logs/:service", deleteJobs),
    route("GET /system/logs/:service/:job", getJob),
    route("DELETE /system/logs/:service/:job", deleteJobs),
    route("POST /job/:service", postJob, "own"),
    ...when(backend === "knative", route("POST /run/:service", postRun, "own")),
  ];
}

const authHandler: Handler = (exchange, world) =>
  serviceAuth(exchange, world, () => authenticate(exchange, world));

function route(line: string, handler: Handler, guard: Guard = "credential"): Route {
  const [method = "", path = ""] = line.split(" ");
  return { method, path, guard, handler };
}
