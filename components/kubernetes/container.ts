import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GpuScheduling } from "../host/cluster-handle";
import { messageOf } from "../messages";
import { checkCpu, checkSecretKey, checkSize, checkWhole, ifKnown } from "./checks";

/** A key of a Secret that exists in the workspace. */
export interface SecretKey {
  readonly secretName: Input<string>;
  readonly key: string;
}

export interface Resources {
  /** CPUs that are reserved, such as `2` or `500m`; more is used where the node has it. */
  readonly cpu?: string | undefined;
  /** Memory that is reserved, and the most that may be used, such as `8Gi`. */
  readonly memory?: string | undefined;
  /**
   * Of the node's disk, for `/tmp` (and so for the caches of libraries, which are below it) and the log: reserved, and
   * the most that may be used. @default 1Gi is reserved, 10Gi may be used
   */
  readonly disk?: string | undefined;
}

export interface GpuRequest {
  readonly count: number;
  /** One of the types that the cluster offers. @default any */
  readonly type?: string | undefined;
}

/** So much of the node's disk a container is sure to have for what it writes to `/tmp` and its log… */
const diskRequest = "1Gi";
/** …and with more it is evicted, before it fills the disk of all the others. */
const diskLimit = "10Gi";

/** What a container reserves and may use at most. */
export function resourceRequirements(
  {
    cpu,
    memory,
    disk,
  }: { readonly cpu: string; readonly memory: string; readonly disk?: string | undefined },
  gpu?: { readonly count: number; readonly resource: string },
): types.input.core.v1.ResourceRequirements {
  return {
    requests: { cpu, memory, "ephemeral-storage": disk ?? diskRequest },
    limits: {
      // No CPU limit: it would slow the container down while the node's CPUs idle.
      memory,
      "ephemeral-storage": disk ?? diskLimit,
      // A GPU is asked for by its limit alone; Kubernetes makes the request equal to it.
      ...(gpu !== undefined && { [gpu.resource]: String(gpu.count) }),
    },
  };
}

/**
 * What Python's libraries need where the root is read-only and the user has no entry in `/etc/passwd`: a home, a place
 * for caches, and a name (`getpass.getuser()` fails without, and with it PyTorch's compiler).
 */
export const homeEnvironment = {
  HOME: "/tmp",
  MPLCONFIGDIR: "/tmp/matplotlib",
  USER: "app",
} as const;

/** The volume and the mount of the one folder that a container with a read-only root may write to. */
export const temporary = {
  volume: { name: "tmp", emptyDir: {} },
  mount: { name: "tmp", mountPath: "/tmp" },
};

/**
 * Environment variables as a container has them, plain ones first, both in the order of their names. None is there
 * twice, which the API refuses: one from a Secret takes the place of a plain one.
 */
export function environment(
  plain: Readonly<Record<string, Input<string>>>,
  secret: Readonly<Record<string, SecretKey>>,
): types.input.core.v1.EnvVar[] {
  const byName = ([a]: [string, unknown], [b]: [string, unknown]) => (a < b ? -1 : 1);
  return [
    ...Object.entries(plain)
      .filter(([name]) => !Object.hasOwn(secret, name))
      .sort(byName)
      .map(([name, value]) => ({ name, value })),
    ...Object.entries(secret)
      .sort(byName)
      .map(([name, { secretName, key }]) => ({
        name,
        valueFrom: { secretKeyRef: { name: secretName, key } },
      })),
  ];
}

/** A size with a unit, as a number that can be compared. */
export function bytes(size: string): number {
  const [, number = "0", unit = ""] = /^([\d.]+)(\w+)$/.exec(size) ?? [];
  return (
    Number(number) * (unit.endsWith("i") ? 1024 : 1000) ** ("KMGTP".indexOf(unit.charAt(0).toUpperCase()) + 1)
  );
}

/** CPUs as Kubernetes writes them, as a number that can be compared: `500m` is 0.5. */
function cpus(text: string): number {
  return text.endsWith("m") ? Number(text.slice(0, -1)) / 1000 : Number(text);
}

/** Which of the resources are more than any node with the GPU has for pods, and what is allowed. */
export function beyondNode(
  { cpu, memory }: Pick<Resources, "cpu" | "memory">,
  { mostPerNode }: GpuScheduling,
): { readonly key: "cpu" | "memory"; readonly value: string; readonly allowed: string }[] {
  if (mostPerNode === undefined) return [];
  const size = `${mostPerNode.memoryGb}Gi`;
  const why = `the most that a node with such GPUs has for pods (${mostPerNode.nodes.join(", ")})`;
  return [
    ...(cpu !== undefined && cpus(cpu) > mostPerNode.cpu
      ? [{ key: "cpu" as const, value: cpu, allowed: `at most ${mostPerNode.cpu}, ${why}` }]
      : []),
    ...(memory !== undefined && bytes(memory) > bytes(size)
      ? [{ key: "memory" as const, value: memory, allowed: `at most ${size}, ${why}` }]
      : []),
  ];
}

export interface ContainerArgs {
  readonly resources?: Resources | undefined;
  readonly gpu?: GpuRequest | undefined;
  readonly env?: Readonly<Record<string, Input<string>>> | undefined;
  readonly secretEnv?: Readonly<Record<string, SecretKey>> | undefined;
}

/** The faults of what all workloads say of their container. */
export function validateContainer(
  { resources, gpu, env = {}, secretEnv = {} }: ContainerArgs,
  offered: (type?: string) => GpuScheduling,
): string[] {
  return [
    ...ifKnown(checkCpu, "resources.cpu", resources?.cpu),
    ...ifKnown(checkSize, "resources.memory", resources?.memory),
    ...ifKnown(checkSize, "resources.disk", resources?.disk),
    ...(gpu === undefined
      ? []
      : [...checkWhole("gpu.count", gpu.count, 1), ...notOffered(gpu, resources, offered)]),
    ...variableNames("env", env),
    ...variableNames("secretEnv", secretEnv),
    ...Object.entries(secretEnv).flatMap(([name, { key }]) => checkSecretKey(`secretEnv.${name}.key`, key)),
    ...Object.keys(secretEnv)
      .filter((name) => Object.hasOwn(env, name))
      .map((name) => `env.${name}: given in secretEnv too; allowed: one of them`),
  ];
}

function variableNames(where: string, variables: object): string[] {
  return Object.keys(variables)
    .filter((name) => !/^[A-Za-z_]\w*$/.test(name))
    .map(
      (name) =>
        `${where}: got the name ${JSON.stringify(name)}; allowed: letters, digits and underscores, no digit first`,
    );
}

function notOffered(
  { type, count }: GpuRequest,
  resources: Resources = {},
  offered: (type?: string) => GpuScheduling,
): string[] {
  try {
    const scheduling = offered(type);
    const { most = Infinity } = scheduling;
    return [
      ...(count > most
        ? [
            `gpu.count: got ${count}; allowed: at most ${most}, because no node of the cluster has more of them`,
          ]
        : []),
      ...beyondNode(resources, scheduling).map(
        ({ key, value, allowed }) => `resources.${key}: got ${JSON.stringify(value)}; allowed: ${allowed}`,
      ),
    ];
  } catch (error) {
    return [`gpu: ${messageOf(error)}`];
  }
}
