import { traitsOf, type Generation, type VersionTraits } from "./versions.js";

/** All is optional; without any, a Manager 4.1.2 as the chart installs it, but fast. */
export interface FakeManagerOptions {
  /** Whose wire format and behaviour it has. @default "4.1" */
  readonly generation?: Generation;
  /** What it tells as its version, such as `devel`. @default the newest of the generation */
  readonly version?: string;
  /** The serverless back end; the plain one is "". @default "" */
  readonly backend?: "" | "knative";
  /** Of basic auth. @default "oscar" */
  readonly username?: string;
  /** Of basic auth. @default "password" */
  readonly password?: string;
  /** Who may come with a bearer token; with any, OIDC is on. @default [] */
  readonly users?: readonly FakeUser[];
  /** Whether the routes of volumes and quotas are there. @default true */
  readonly volumes?: boolean;
  /** @default "ingress" */
  readonly routeKind?: "ingress" | "httproute";
  /** How long MinIO's restart holds a request; the first third of it MinIO is away. 6000 in truth. @default 6 */
  readonly minioRestartMs?: number;
  /** How long a Deployment's roll-out takes. @default 0 */
  readonly rolloutMs?: number;
  /** When Knative Services get ready; undefined is never. @default undefined */
  readonly knativeReadyMs?: number;
  /** How long a deleted volume is still listed. @default 50 */
  readonly volumeDeleteMs?: number;
  /** The Manager's own limit towards Kubernetes, after a burst of ten; 5 in truth. @default no limit */
  readonly requestsPerSecond?: number;
  /** What a service answers to `/run`, where a test plants nothing else. @default a gateway's 502 */
  readonly runAnswer?: { readonly status: number; readonly body: string };
  /** Whether users have been here whose quotas are asked for; without that, they have to come first. @default false */
  readonly usersCame?: boolean;
  /** Told after each request that may have changed what is held, before its answer goes out. */
  readonly changed?: () => Promise<void>;
}

export interface FakeUser {
  /** What stands after `Bearer `; any text. */
  readonly token: string;
  readonly uid: string;
  readonly name: string;
  /** Known, but refused: expired, or in none of the groups. @default false */
  readonly refused?: boolean;
}

export interface ManagerOptions {
  readonly traits: VersionTraits;
  readonly backend: "" | "knative";
  readonly username: string;
  readonly password: string;
  readonly users: readonly FakeUser[];
  /** The groups of OIDC: one, when OIDC is on. */
  readonly groups: readonly string[];
  readonly volumes: boolean;
  readonly routeKind: "ingress" | "httproute";
  readonly servicesNamespace: string;
  readonly minioRestartMs: number;
  readonly rolloutMs: number;
  readonly knativeReadyMs: number | undefined;
  readonly volumeDeleteMs: number;
  readonly requestsPerSecond: number | undefined;
  readonly runAnswer: { readonly status: number; readonly body: string };
  readonly usersCame: boolean;
}

export function withDefaults(options: FakeManagerOptions): ManagerOptions {
  const users = options.users ?? [];
  return {
    traits: traitsOf(options.generation ?? "4.1", options.version),
    backend: options.backend ?? "",
    username: options.username ?? "oscar",
    password: options.password ?? "password",
    users,
    groups: users.length > 0 ? ["vo.test"] : [],
    volumes: options.volumes ?? true,
    routeKind: options.routeKind ?? "ingress",
    servicesNamespace: "oscar-svc",
    minioRestartMs: options.minioRestartMs ?? 6,
    rolloutMs: options.rolloutMs ?? 0,
    knativeReadyMs: options.knativeReadyMs,
    volumeDeleteMs: options.volumeDeleteMs ?? 50,
    requestsPerSecond: options.requestsPerSecond,
    runAnswer: options.runAnswer ?? { status: 502, body: "" },
    usersCame: options.usersCame ?? false,
  };
}
