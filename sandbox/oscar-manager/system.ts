import type { Exchange } from "./exchange.js";
import { decode } from "./go-json.js";
import { configShape } from "./shapes.js";
import type { World } from "./world.js";

/** What the Manager tells of itself. */

export function health(exchange: Exchange): void {
  exchange.text(200, "Ok");
}

/** GET /system/info */
export function info(exchange: Exchange, { options }: World): void {
  const kubernetes = "v1.36.3";
  exchange.object(200, {
    version: options.traits.version,
    git_commit: "abf6582b7554573a9d17af3f56d8a3220d262d11",
    architecture: "amd64",
    kubernetes_version: kubernetes,
    ...(options.backend === "knative"
      ? { serverless_backend: { name: "Knative", version: kubernetes } }
      : {}),
  });
}

/** GET /system/config. Basic auth gets MinIO's root keys, a user gets their own. */
export function getConfig(exchange: Exchange, world: World): void {
  const { options, traits } = world;
  const { caller } = exchange;
  const config = {
    name: "oscar",
    namespace: "oscar",
    services_namespace: options.servicesNamespace,
    ...(traits.since40 ? { controller_service_account: "oscar-sa" } : {}),
    gpu_available: true,
    interLink_available: false,
    ...(options.backend === "" ? {} : { serverless_backend: options.backend }),
    yunikorn_enable: false,
    ...(traits.since40 ? { kueue_enable: false, volume_enable: options.volumes } : {}),
    oidc_groups: options.groups.length === 0 ? [""] : options.groups,
    ...(traits.since40 ? { minio_quota_enabled: false } : {}),
  };
  const keys =
    caller.kind === "user"
      ? { access_key: caller.uid, secret_key: "4bCRbiGTE6TFxg" }
      : { access_key: "minio", secret_key: "minio123" };
  const provider = {
    minio_provider: { endpoint: "http://minio.minio:9000", verify: false, ...keys, region: "us-east-1" },
  };
  if (traits.since40)
    exchange.object(200, { config, ...provider, allowed_image_repositories: world.allowedImages ?? null });
  else exchange.object(200, { ...config, ...provider });
}

/** PUT /system/config: the list of images that may run; without one, null */
export function putConfig(exchange: Exchange, world: World): void {
  if (exchange.caller.kind !== "admin") {
    exchange.object(401, "");
    return;
  }
  const decoded = decode<{ allowed_image_repositories?: string[] }>(configShape, exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `The configuration specification is not valid: ${decoded.error}`);
    return;
  }
  const { allowed_image_repositories: images } = decoded.value;
  world.allowedImages = images;
  exchange.object(200, images ?? null);
}

/** GET /system/status, on a cluster without a metrics server */
export function status(exchange: Exchange): void {
  const error = "the server could not find the requested resource (get nodes.metrics.k8s.io)";
  exchange.object(500, { error: `Error getting metrics info: ${error}` });
}

/** GET /system/logs: the Manager's own, of which there are none */
export function systemLogs(exchange: Exchange): void {
  if (exchange.caller.kind === "admin") exchange.status(404);
  else exchange.text(403, "OIDC tokens are not allowed for system logs");
}
