import type { Exchange } from "./exchange.js";
import { decode } from "./go-json.js";
import { quotaShape } from "./shapes.js";
import type { World } from "./world.js";

/** Quotas of volumes: those of Kueue and of MinIO are switched off here. */

/** What a user has from the first visit on. */
export function giveQuota(user: string, { quotas }: World): void {
  if (!quotas.has(user)) quotas.set(user, { disk: "5Gi", volumes: "4", max: "5Gi", min: "200Mi" });
}

/** GET /system/quotas/user: basic auth has none */
export function getOwnQuota(exchange: Exchange, world: World): void {
  if (exchange.caller.kind === "user") tell(exchange, exchange.caller.uid, world);
  else exchange.text(401, "missing user identificator: missing user identificator");
}

/** GET /system/quotas/user/:user, for basic auth alone */
export function getQuota(exchange: Exchange, world: World): void {
  if (exchange.caller.kind === "admin") tell(exchange, exchange.params["user"] ?? "", world);
  else exchange.text(403, "forbidden");
}

interface QuotaBody {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeral_storage: string;
  readonly volumes?: {
    disk: string;
    volumes: string;
    max_disk_per_volume: string;
    min_disk_per_volume: string;
  };
  readonly minio?: { buckets: string; storage_per_bucket: string };
}

/** PUT /system/quotas/user/:user, for basic auth alone */
export function putQuota(exchange: Exchange, world: World): void {
  if (exchange.caller.kind !== "admin") {
    exchange.text(403, "forbidden");
    return;
  }
  const decoded = decode<QuotaBody>(quotaShape, exchange.request.body);
  if ("error" in decoded) {
    exchange.text(400, `invalid payload: ${decoded.error}`);
    return;
  }
  const body = decoded.value;
  const given = [
    body.cpu,
    body.memory,
    body.ephemeral_storage,
    ...Object.values({ ...body.volumes, ...body.minio }),
  ];
  if (given.every((value) => value === "")) {
    exchange.text(400, "cpu, memory, ephemeral_storage, volumes or minio must be provided");
    return;
  }
  const user = exchange.params["user"] ?? "";
  if (world.options.usersCame) giveQuota(user, world);
  const old = world.quotas.get(user);
  const { volumes } = body;
  const or = (value: string, before: string): string => (value === "" ? before : value);
  if (old !== undefined && volumes !== undefined)
    world.quotas.set(user, {
      disk: or(volumes.disk, old.disk),
      volumes: or(volumes.volumes, old.volumes),
      max: or(volumes.max_disk_per_volume, old.max),
      min: or(volumes.min_disk_per_volume, old.min),
    });
  tell(exchange, user, world);
}

function tell(exchange: Exchange, user: string, world: World): void {
  if (world.options.usersCame) giveQuota(user, world);
  const quota = world.quotas.get(user);
  if (quota === undefined) {
    exchange.text(500, `getting volume quotas for user ${user}: resourcequotas "${user}" not found`);
    return;
  }
  exchange.object(200, {
    user_id: user,
    volumes: {
      disk: { max: quota.disk, used: "0" },
      volumes: { max: quota.volumes, used: "0" },
      max_disk_per_volume: quota.max,
      min_disk_per_volume: quota.min,
    },
    minio: { buckets: { max: 0, used: 0 }, storage_per_bucket: { max: "0" }, storage_total: { used: "0" } },
  });
}
