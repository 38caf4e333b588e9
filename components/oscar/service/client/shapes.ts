import { z } from "zod";
import type {
  DeploymentLogs,
  DeploymentStatus,
  ManagedVolume,
  PresignedUrl,
  SystemConfig,
  SystemInfo,
  UserQuota,
  WireBucket,
  WireService,
} from "../wire";

/** Whether an answer is what it should be. */
export type Shape<Value> = (value: unknown) => value is Value;

/**
 * Checks what decisions hang on: names, places of files (buckets are deleted by them), ports, keys of secrets. What is
 * beside that may change with the Manager's version, and is let through.
 */
function shape<Value>(schema: z.ZodType): Shape<Value> {
  return (value): value is Value => schema.safeParse(value).success;
}

const strings = z.record(z.string(), z.string());
const ports = z.union([z.number(), z.array(z.number())]).optional();
const storage = z.looseObject({ storage_provider: z.string(), path: z.string() });

const service = z.looseObject({
  name: z.string().min(1),
  image: z.string().optional(),
  script: z.string().optional(),
  token: z.string().optional(),
  owner: z.string().optional(),
  input: z.array(storage).optional(),
  output: z.array(storage).optional(),
  mount: storage.optional(),
  expose: z.looseObject({ api_port: ports, nodePort: ports }).optional(),
  environment: z.looseObject({ variables: strings.optional(), secrets: strings.optional() }).optional(),
  labels: strings.optional(),
  annotations: strings.optional(),
});

const bucket = z.looseObject({
  bucket_name: z.string().min(1),
  metadata: strings.optional(),
  objects: z.array(z.looseObject({ object_name: z.string(), size_bytes: z.number() })).optional(),
});

const volume = z.looseObject({ name: z.string().min(1), status: z.looseObject({}) });

export const isService = shape<WireService>(service);
export const areServices = shape<WireService[]>(z.array(service));
export const isBucket = shape<WireBucket>(bucket);
export const areBuckets = shape<WireBucket[]>(z.array(bucket));
export const isVolume = shape<ManagedVolume>(volume);
export const areVolumes = shape<ManagedVolume[]>(z.array(volume));
export const isInfo = shape<SystemInfo>(z.looseObject({ version: z.string().min(1) }));
export const isConfig = shape<SystemConfig>(
  z.looseObject({
    config: z.looseObject({}),
    allowed_image_repositories: z.array(z.string()).optional(),
  }),
);
export const isDeployment = shape<DeploymentStatus>(
  z.looseObject({ state: z.string(), active_instances: z.number(), affected_instances: z.number() }),
);
export const isDeploymentLogs = shape<DeploymentLogs>(
  z.looseObject({ available: z.boolean(), entries: z.array(z.looseObject({ message: z.string() })) }),
);
export const isQuota = shape<UserQuota>(z.looseObject({ user_id: z.string() }));
export const isPresigned = shape<PresignedUrl>(z.looseObject({ method: z.string(), url: z.string() }));
export const areStrings = shape<string[]>(z.array(z.string()));
