import type { V1Container, V1EnvVar, V1PodSpec, V1Probe, V1Volume } from "@kubernetes/client-node";
import type { Image } from "./dockerfile";

/** How a container of a rendered pod is started: all that the kubelet takes from the pod and from the image. */
export interface PodProcess {
  /** The whole command, arguments and all. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDir: string;
  readonly user: number;
  readonly group: number;
  /** The group of the volumes. */
  readonly fsGroup: number;
  readonly readOnlyRoot: boolean;
  readonly files: Image["files"];
  readonly mounts: readonly Mount[];
  readonly graceSeconds: number;
  /** By the names of the ports that the pod gives. */
  readonly ports: Readonly<Record<string, number>>;
  readonly probes: readonly HttpProbe[];
}

export interface Mount {
  readonly at: string;
  readonly readOnly: boolean;
  readonly volume: PodVolume;
}

export type PodVolume =
  /** A folder of the pod's own; all containers of the pod see it. */
  | { readonly kind: "own"; readonly name: string }
  | { readonly kind: "memory" }
  | { readonly kind: "claim"; readonly claimName: string };

export interface HttpProbe {
  readonly kind: "startup" | "readiness" | "liveness";
  readonly path: string;
  readonly port: number;
}

/** What a key of a Secret holds. */
export type SecretLookup = (secretName: string, key: string) => string;

export function podProcess(spec: V1PodSpec, name: string, image: Image, secrets: SecretLookup): PodProcess {
  const container = [...(spec.initContainers ?? []), ...spec.containers].find((each) => each.name === name);
  if (container === undefined) throw new Error(`the pod has no container ${name}`);
  const pod = spec.securityContext ?? {};
  const own = container.securityContext ?? {};
  const user = own.runAsUser ?? pod.runAsUser ?? Number(image.user.split(":")[0]);
  const group = own.runAsGroup ?? pod.runAsGroup ?? 0;
  if (own.allowPrivilegeEscalation !== false || own.capabilities?.drop?.includes("ALL") !== true)
    throw new Error(`${name}: asks for more than it may have here`);
  const ports = Object.fromEntries((container.ports ?? []).map((port) => [port.name, port.containerPort]));
  return {
    command: commandOf(container, image),
    env: { ...image.env, HOSTNAME: name, ...environmentOf(container.env ?? [], secrets) },
    workingDir: container.workingDir ?? image.workdir,
    user,
    group,
    fsGroup: pod.fsGroup ?? group,
    readOnlyRoot: own.readOnlyRootFilesystem === true,
    files: image.files,
    mounts: (container.volumeMounts ?? []).map(({ name: volume, mountPath, readOnly, subPath }) => {
      if (subPath !== undefined) throw new Error(`${mountPath}: subPath is not known here`);
      return { at: mountPath, readOnly: readOnly === true, volume: volumeOf(spec.volumes ?? [], volume) };
    }),
    graceSeconds: spec.terminationGracePeriodSeconds ?? 30,
    ports,
    probes: [
      ...probeOf("startup", container.startupProbe, ports),
      ...probeOf("readiness", container.readinessProbe, ports),
      ...probeOf("liveness", container.livenessProbe, ports),
    ],
  };
}

/** A command of the pod's puts aside the image's arguments too. */
function commandOf({ command, args }: V1Container, image: Image): string[] {
  if (command !== undefined) return [...command, ...(args ?? [])];
  return [...image.entrypoint, ...(args ?? image.cmd)];
}

function environmentOf(variables: readonly V1EnvVar[], secrets: SecretLookup): Record<string, string> {
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => {
      const ref = valueFrom?.secretKeyRef;
      if (ref !== undefined) return [name, secrets(ref.name ?? "", ref.key)];
      // Kubernetes would put another variable there.
      if (value === undefined || value.includes("$(")) throw new Error(`${name}: not known here`);
      return [name, value];
    }),
  );
}

function volumeOf(volumes: readonly V1Volume[], name: string): PodVolume {
  const found = volumes.find((each) => each.name === name);
  const claimName = found?.persistentVolumeClaim?.claimName;
  if (claimName !== undefined) return { kind: "claim", claimName };
  if (found?.emptyDir === undefined)
    throw new Error(`the volume ${name} is of a kind that is not known here`);
  return found.emptyDir.medium === "Memory" ? { kind: "memory" } : { kind: "own", name };
}

function probeOf(
  kind: HttpProbe["kind"],
  probe: V1Probe | undefined,
  ports: Readonly<Record<string, number>>,
): HttpProbe[] {
  if (probe === undefined) return [];
  const { path, port } = probe.httpGet ?? {};
  const number = typeof port === "number" ? port : ports[String(port)];
  if (path === undefined || number === undefined) throw new Error(`${kind}: no path, or a port of no name`);
  return [{ kind, path, port: number }];
}
