import { hostname } from "node:os";
import { join } from "node:path";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  accountFile,
  apiServerStore,
  assumeZones,
  fileAccount,
  fileManagers,
  fileProject,
  findInManagers,
  findInProject,
  managersFile,
  memoryAccount,
  memoryClusters,
  memoryProject,
  memoryStores,
  projectFile,
  sandboxCluster,
  startClouds,
  type Clouds,
  type Fault,
  type ProjectStore,
  type ResourceStore,
} from "./clouds";
import { startControlPlane, toolNames, type ControlPlane } from "./control-plane";
import { EngineProcesses } from "./engine/command";
import { openEngineHome } from "./engine/environment";
import { findKubernetesObject } from "./engine/find-object";
import { isAlive, type RecoveryContext } from "./engine/recovery";
import { EngineStack } from "./engine/stack";
import { assumeInCluster, zonesAssumedBy } from "./assumed";
import { oscarIn } from "./oscar-in-cluster";
import { offlineProgram, type StandIns } from "./offline-program";
import { getGenuineKubernetesPlugin, getTools, type ToolReporter } from "./tools";

/** Charts that stand in for published ones: they say so, and run nothing. */
const chartsFolder = join(__dirname, "charts");

/** Long enough to be seen, as a service is on its way, and no longer: in truth MinIO's restart takes 6 s. */
const oscarTimings = { minioRestartMs: 30, rolloutMs: 300, knativeReadyMs: 300 };

/** Which Kubernetes provider applies the objects: Pulumi's own plugin, or the stand-in of this repository. */
export type KubernetesProvider = "simulated" | "genuine";

export interface SessionOptions {
  /** The sandbox's folder: control plane and stacks. */
  readonly dir: string;
  readonly tools: SandboxTools;
  readonly signal?: AbortSignal;
  /** How long a simulated node may idle before it goes. @default see StartOptions */
  readonly idleSeconds?: number;
  /** What the simulated providers are to get wrong, for tests. */
  readonly faults?: readonly Fault[];
  readonly processes?: EngineProcesses;
}

/** An open sandbox: the control plane runs, the simulated providers listen, stacks can be driven. */
export interface Session {
  readonly controlPlane: ControlPlane;
  readonly kubernetes: KubernetesProvider;
  readonly clouds: Clouds;
  /** The simulated Google Cloud project. */
  readonly project: ProjectStore;
  /** The simulated AWS account. */
  readonly account: ResourceStore;
  /** What OSCAR's Managers hold. */
  readonly managers: ResourceStore;
  readonly processes: EngineProcesses;
  /** For programs of a stack's document (`programFor`). */
  readonly standIns: StandIns;
  /** A stack of stacks/, or with `program` any other. */
  stack(name: string, program?: PulumiFn): Promise<EngineStack>;
  /** Stops what lives in this process; the control plane goes on. */
  close(): Promise<void>;
}

export async function openSession(options: SessionOptions): Promise<Session> {
  const { dir, signal, tools } = options;
  const { genuine } = tools;
  const controlPlane = await startControlPlane({
    dir: join(dir, "control-plane"),
    tools,
    ...(options.idleSeconds !== undefined && { idleSeconds: options.idleSeconds }),
    ...(signal && { signal }),
  });
  const project = fileProject(projectFile(dir));
  const account = fileAccount(accountFile(dir));
  const managers = fileManagers(managersFile(dir));
  const clouds = await startClouds({
    kubernetes:
      genuine === undefined
        ? {
            kind: "simulated",
            store: apiServerStore({ kubeconfig: controlPlane.kubeconfig, context: controlPlane.context }),
          }
        : { kind: "genuine" },
    gcp: {
      store: project,
      clusters: sandboxCluster({ kubeconfig: controlPlane.kubeconfig }),
    },
    aws: { store: account },
    oscar: { store: managers, timings: oscarTimings, installation: () => oscarIn(controlPlane.kubeconfig) },
    ...(options.faults && { faults: [...options.faults] }),
  });
  const home = await openEngineHome(join(dir, "engine"));
  const processes = options.processes ?? new EngineProcesses();
  const { kubeconfig, context } = controlPlane;
  const standIns: StandIns = {
    cluster: { kubeconfig, context, chartsFolder },
    assume: async (environment) => {
      await assumeZones({ project, account }, zonesAssumedBy(environment));
      await assumeInCluster(kubeconfig, environment);
    },
  };
  return {
    controlPlane,
    kubernetes: genuine === undefined ? "simulated" : "genuine",
    clouds,
    project,
    account,
    managers,
    processes,
    standIns,
    stack: (name, program = offlineProgram(name, standIns)) =>
      EngineStack.open({
        home,
        pulumi: tools.pulumi,
        stack: name,
        program,
        providers: clouds.env,
        processes,
        ...(genuine !== undefined && { genuineKubernetes: genuine }),
      }),
    close: () => clouds.close(),
  };
}

export interface ToolOptions {
  /** @default the genuine one where it can be had */
  readonly kubernetes?: KubernetesProvider;
  readonly report?: ToolReporter;
  readonly signal?: AbortSignal;
}

/** Everything a sandbox is made of. `genuine` is the folder of Pulumi's own Kubernetes plugin, where it is to be used. */
export type SandboxTools = Awaited<ReturnType<typeof getSandboxTools>>;

export async function getSandboxTools({ kubernetes, report = () => undefined, signal }: ToolOptions = {}) {
  const tools = await getTools(["pulumi", ...toolNames], { report, ...(signal && { signal }) });
  if (kubernetes === "simulated") return { ...tools, genuine: undefined };
  const genuine = await getGenuineKubernetesPlugin({
    pulumi: tools.pulumi,
    report,
    ...(signal && { signal }),
  });
  if (genuine === undefined && kubernetes === "genuine") {
    throw new Error(
      "the genuine Kubernetes provider was asked for (--kubernetes genuine), but its plugin is not here and could not be " +
        "installed. Install it with `npx pulumi plugin install resource kubernetes`, or leave the option out.",
    );
  }
  return { ...tools, genuine };
}

/** How recovery reaches a stack of the sandbox. */
export function recoveryContext(
  stack: EngineStack,
  { project, account, managers }: Pick<Session, "project" | "account" | "managers">,
): RecoveryContext {
  return {
    pulumi: (args) => stack.pulumi(args),
    find: async (pending) =>
      (await findKubernetesObject(pending)) ??
      (await findInProject(project, pending)) ??
      (await findInProject(account, pending)) ??
      findInManagers(managers, pending),
    canSee: () => true,
    hostname: hostname(),
    isAlive,
    unlock: "`npm run sandbox -- down --delete` starts over",
  };
}

/** An engine and simulated providers in memory: previews any stack, with no cluster, no account and no network. */
export async function openOffline(options: {
  readonly dir: string;
  readonly reportTools?: ToolReporter;
  readonly signal?: AbortSignal;
}) {
  const { pulumi } = await getTools(["pulumi"], {
    report: options.reportTools ?? (() => undefined),
    ...(options.signal && { signal: options.signal }),
  });
  const project = memoryProject();
  const account = memoryAccount();
  const clouds = await startClouds({
    kubernetes: { kind: "simulated", store: memoryStores() },
    gcp: { store: project, clusters: memoryClusters() },
    aws: { store: account },
  });
  const home = await openEngineHome(options.dir);
  const standIns: StandIns = {
    assume: (environment) => assumeZones({ project, account }, zonesAssumedBy(environment)),
  };
  return {
    clouds,
    project,
    account,
    standIns,
    stack: (name: string, program: PulumiFn = offlineProgram(name, standIns)) =>
      EngineStack.open({ home, pulumi, stack: name, program, providers: clouds.env }),
    close: () => clouds.close(),
  };
}
