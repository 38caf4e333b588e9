import { randomBytes } from "node:crypto";

import type { WireService } from "../../components/oscar/service/wire.js";
import { decode, plain } from "./go-json.js";
import { Minio, type MinioSnapshot } from "./minio.js";
import type { ManagerOptions } from "./options.js";
import type { Service } from "./service.js";
import { serviceShape } from "./shapes.js";
import { asItIs, recordOf, refillMap, refillSet } from "./snapshot.js";
import type { VersionTraits } from "./versions.js";
import { documentThroughYaml } from "./yaml-round-trip.js";

/** What the Manager keeps of a service: its FDL, undefined when it cannot be read, and the script beside it. */
export interface Stored {
  fdl: Service | undefined;
  script: string;
}

/** A Deployment, and how far its roll-out is. */
export interface Deployment {
  replicas: number;
  /** Counted up by every roll-out. */
  revision: number;
  /** What the pods are made of. */
  template: string;
  phase: "created" | "updated" | "started" | "stopped";
  /** Milliseconds since the epoch. */
  changedAt: number;
  /** Plant: its pods wait for ever. */
  stuck?: boolean;
  /** Plant: it has failed, with this reason. */
  failure?: string;
  /** Plant: what its pods have written. */
  logs: string[];
}

export interface Volume {
  size: string;
  owner: string;
  mode: "api" | "service";
  service?: string;
  policy?: string;
  /** Milliseconds since the epoch, once it is being deleted. */
  deletedAt?: number;
}

export interface Job {
  readonly name: string;
  readonly createdAt: Date;
  /** Plant: what its pod has written; without, the Manager knows of no log. */
  log?: string;
}

export interface Quota {
  disk: string;
  volumes: string;
  max: string;
  min: string;
}

/** All that the cluster holds, as plain JSON; times as texts. What a test makes go wrong with MinIO is not in it. */
export interface WorldSnapshot {
  readonly namespaces: readonly string[];
  readonly configMaps: Readonly<Record<string, { readonly fdl?: Service; readonly script: string }>>;
  readonly podTemplates: readonly string[];
  readonly knativeServices: Readonly<Record<string, number>>;
  readonly deployments: Readonly<Record<string, Deployment>>;
  readonly autoscalers: readonly string[];
  readonly services: Readonly<Record<string, number[]>>;
  readonly routes: readonly string[];
  readonly secrets: Readonly<Record<string, Record<string, string>>>;
  readonly volumes: Readonly<Record<string, Volume>>;
  readonly jobs: Readonly<
    Record<string, readonly { readonly name: string; readonly createdAt: string; readonly log?: string }[]>
  >;
  readonly quotas: Readonly<Record<string, Quota>>;
  readonly answers: Readonly<Record<string, { readonly status: number; readonly body: string }>>;
  readonly minio: MinioSnapshot;
  /** Missing: JSON's null. */
  readonly allowedImages?: readonly string[];
}

/** The cluster behind the Manager, to look at and to plant in. Objects are kept under `namespace/name`. */
export class World {
  readonly namespaces: Set<string>;
  readonly configMaps = new Map<string, Stored>();
  /** Plain back end only. */
  readonly podTemplates = new Set<string>();
  /** Knative back end only: when each was made, in milliseconds since the epoch. */
  readonly knativeServices = new Map<string, number>();
  readonly deployments = new Map<string, Deployment>();
  readonly autoscalers = new Set<string>();
  /** The node ports of each Service; none for a ClusterIP. */
  readonly services = new Map<string, number[]>();
  readonly routes = new Set<string>();
  readonly secrets = new Map<string, Record<string, string>>();
  readonly volumes = new Map<string, Volume>();
  readonly jobs = new Map<string, Job[]>();
  readonly quotas = new Map<string, Quota>();
  /** Plant: what `/run` of a service answers, by its name. */
  readonly answers = new Map<string, { status: number; body: string }>();
  readonly minio: Minio;
  /** As `PUT /system/config` left it: undefined is JSON's null. */
  allowedImages: string[] | undefined = [];

  constructor(private settings: ManagerOptions) {
    this.namespaces = new Set([settings.servicesNamespace, "oscar", "default"]);
    this.minio = new Minio(settings.minioRestartMs, settings.users.length > 0);
  }

  get options(): ManagerOptions {
    return this.settings;
  }

  /** Goes on with other settings, as after an upgrade of OSCAR's release; MinIO is not touched by it. */
  upgrade(settings: ManagerOptions): void {
    this.settings = settings;
    if (settings.users.length > 0) this.minio.policies.addEveryone();
  }

  /** A copy of all that it holds. */
  snapshot(): WorldSnapshot {
    const { allowedImages } = this;
    const live = {
      namespaces: [...this.namespaces],
      configMaps: recordOf(this.configMaps, ({ fdl, script }) => ({ ...(fdl && { fdl }), script })),
      podTemplates: [...this.podTemplates],
      knativeServices: recordOf(this.knativeServices, asItIs),
      deployments: recordOf(this.deployments, asItIs),
      autoscalers: [...this.autoscalers],
      services: recordOf(this.services, asItIs),
      routes: [...this.routes],
      secrets: recordOf(this.secrets, asItIs),
      volumes: recordOf(this.volumes, asItIs),
      jobs: recordOf(this.jobs, (jobs) =>
        jobs.map((job) => ({ ...job, createdAt: job.createdAt.toISOString() })),
      ),
      quotas: recordOf(this.quotas, asItIs),
      answers: recordOf(this.answers, asItIs),
      minio: this.minio.snapshot(),
      ...(allowedImages !== undefined && { allowedImages }),
    } satisfies WorldSnapshot;
    const copy: WorldSnapshot = JSON.parse(JSON.stringify(live));
    return copy;
  }

  /** Holds what a snapshot has, and nothing else. */
  restore(snapshot: WorldSnapshot): void {
    const held = structuredClone(snapshot);
    refillSet(this.namespaces, held.namespaces);
    refillMap(this.configMaps, held.configMaps, ({ fdl, script }) => ({ fdl, script }));
    refillSet(this.podTemplates, held.podTemplates);
    refillMap(this.knativeServices, held.knativeServices, asItIs);
    refillMap(this.deployments, held.deployments, asItIs);
    refillSet(this.autoscalers, held.autoscalers);
    refillMap(this.services, held.services, asItIs);
    refillSet(this.routes, held.routes);
    refillMap(this.secrets, held.secrets, asItIs);
    refillMap(this.volumes, held.volumes, asItIs);
    refillMap(this.jobs, held.jobs, (jobs) =>
      jobs.map((job) => ({ ...job, createdAt: new Date(job.createdAt) })),
    );
    refillMap(this.quotas, held.quotas, asItIs);
    refillMap(this.answers, held.answers, asItIs);
    this.minio.restore(held.minio);
    this.allowedImages = held.allowedImages === undefined ? undefined : [...held.allowedImages];
  }

  get traits(): VersionTraits {
    return this.options.traits;
  }

  /** A service by its name, wherever it is; undefined also when it cannot be read. */
  service(name: string): Service | undefined {
    return [...this.configMaps].find(([key]) => key.endsWith(`/${name}`))?.[1].fdl;
  }

  deployment(name: string): Deployment | undefined {
    return this.deployments.get(this.key(name));
  }

  /** Takes the Deployment away, as someone with kubectl would. */
  removeDeployment(name: string): void {
    this.deployments.delete(this.key(name));
    this.autoscalers.delete(this.key(name));
  }

  /** Changes a stored service behind the Manager's back; false when there is none that can be read. */
  edit(name: string, change: (service: Service) => void): boolean {
    const service = this.service(name);
    if (service !== undefined) change(service);
    return service !== undefined;
  }

  /** Puts a record there as it is given, with no other object: as a hand-made ConfigMap. */
  plantRecord(service: WireService, namespace = this.options.servicesNamespace): void {
    const decoded = decode<Service>(serviceShape(this.options.traits), plain(service));
    if ("error" in decoded) throw new Error(decoded.error);
    const fdl = complete(decoded.value);
    this.configMaps.set(`${namespace}/${service.name}`, {
      fdl: documentThroughYaml({ ...fdl, script: "" }),
      script: fdl.script,
    });
    if (this.options.backend === "") this.podTemplates.add(`${namespace}/${service.name}`);
  }

  plantBucket(name: string, objects: Record<string, number> = {}, tags?: Record<string, string>): void {
    this.minio.plant(name, objects, tags);
  }

  key(name: string): string {
    return `${this.options.servicesNamespace}/${name}`;
  }
}

/** A service with all its fields and with ports as lists (0 is none), whatever the version has. */
export function complete(service: Service): Service {
  const list = (port: number | number[]): number[] => (Array.isArray(port) ? port : port === 0 ? [] : [port]);
  const { api_port: ports, nodePort: nodePorts } = service.expose;
  return {
    ...{ ephemeral_storage_request: "" },
    ...service,
    expose: {
      ...{ auth_type: "", probe_mode: "" },
      ...service.expose,
      api_port: list(ports),
      nodePort: list(nodePorts),
    },
  };
}

export const hex = (bytes: number): string => randomBytes(bytes).toString("hex");
