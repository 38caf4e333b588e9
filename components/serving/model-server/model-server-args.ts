import type { Input } from "@pulumi/pulumi";
import type { DnsZone } from "../../dns/dns";
import type { Exposure } from "../../exposure/exposure";
import type { ClusterHandle } from "../../host/cluster-handle";
import type { Workspace } from "../../host/workspace";
import type { GpuRequest, Resources, SecretKey } from "../../kubernetes/container";
import type { Replicas } from "../ui-arguments";
import type { ModelSource } from "./model-source";

/** A new version beside the one that serves, which some of the requests go to. It has the server's other arguments. */
export interface Canary {
  /** How many of a hundred requests it gets: 1 to 99. */
  readonly weight: number;
  /** @default the server's */
  readonly image?: Input<string> | undefined;
  /** @default the server's */
  readonly runId?: string | undefined;
  /** The new run's, where the model is copied. @default not checked for another run */
  readonly sha256?: string | undefined;
  /** @default 1 */
  readonly replicas?: Replicas | undefined;
}

export interface ModelServerArgs {
  readonly cluster: ClusterHandle;
  readonly workspace: Workspace;
  /** The image of the server, with a tag or a digest. It needs gunicorn, uvicorn and a shell. */
  readonly image: Input<string>;
  readonly model: ModelSource;
  /** How it is reached from outside. @default none: from inside the cluster only, by `clusterUrl` */
  readonly exposure?: Exposure;
  /** The name that people reach it under. An ingress has its own. @default none, which a gateway does not bear */
  readonly host?: string;
  /** The zone that the name's record is made in. @default none: someone makes the record by hand */
  readonly zone?: DnsZone;
  /** What gunicorn serves, such as `mnist_fastapi.main:APP`. @default the image's own command, which is to be gunicorn */
  readonly app?: string;
  /**
   * Gunicorn's kind of workers, with `app`: newer images have `uvicorn_worker.UvicornWorker`.
   * @default "uvicorn.workers.UvicornWorker"
   */
  readonly workerClass?: string;
  /** Processes that answer, in each pod; each loads the model. Told as `WEB_CONCURRENCY` and to gunicorn. @default 4 */
  readonly workers?: number;
  /** Whether it shows its documentation, at `/docs`. Told as `DOCS_ENABLED`: `true` or `false`. @default false */
  readonly docs?: boolean;
  /** The port that it listens on; told as `PORT` and to gunicorn. @default 8080 */
  readonly port?: number;
  /** The Service's port. @default 8080 */
  readonly servicePort?: number;
  /** The path that answers with 200 once the model is loaded. @default "/healthz" */
  readonly healthPath?: string;
  /**
   * How long it may take to become ready, in seconds: a node that is made for it, pulling the image, copying the model or
   * reading it from the bucket, loading it. @default 900
   */
  readonly readyTimeoutSeconds?: number;
  /** Where models are mounted; each run's is below, in a folder of its name. @default "/models" */
  readonly mountPath?: string;
  /** Variables beside those of `serverEnvironment`; these too can be given here. */
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** Variables from Secrets that exist in the workspace. */
  readonly secretEnv?: Readonly<Record<string, SecretKey>>;
  /** How many pods, or bounds for the autoscaler. @default 1 */
  readonly replicas?: Replicas;
  /** @default none */
  readonly gpu?: GpuRequest;
  /** @default 1 CPU, 4Gi; of the disk, 2Gi and the size of what a model is copied into */
  readonly resources?: Resources;
  /** The user, and group, that it runs as, for images that need one of their own; not 0. @default 10001 */
  readonly userId?: number;
  /** A new version on trial. Behind a gateway only. @default none */
  readonly canary?: Canary;
}

/** What holds where nothing is said; the seed's, where it has it. */
export const serverDefaults = {
  workers: 4,
  workerClass: "uvicorn.workers.UvicornWorker",
  port: 8080,
  servicePort: 8080,
  healthPath: "/healthz",
  readyTimeoutSeconds: 900,
  mountPath: "/models",
} as const;
