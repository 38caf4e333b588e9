import { serve, type Provider } from "../../provider";
import { memoryAccount } from "./aws/account";
import { awsProvider } from "./aws/provider";
import { FaultInjector, type Call, type Fault } from "./faults";
import { memoryClusters, type ClusterBackend } from "./gcp/backends";
import { memoryProject, type ProjectStore } from "./gcp/project";
import { gcpProvider } from "./gcp/provider";
import { OscarManagers } from "./oscar/managers";
import type { PlayedOptions } from "./oscar/played-manager";
import { playedOscarProvider } from "./oscar/provider";
import { memoryManagers } from "./oscar/stored";
import { KubernetesProvider, type StoreOf } from "./kubernetes/provider";
import type { ObjectStore } from "./kubernetes/store";
import { randomProvider } from "./random";
import type { ResourceStore } from "./resource-store";
import { sdkVersion } from "./versions";

export { assumeZones, type AssumedZone } from "./assumed-zones";
export { accountFile, fileAccount, memoryAccount } from "./aws/account";
export type { ResourceStore } from "./resource-store";
export { apiServerStore } from "./kubernetes/api-server";
export { memoryStore, memoryStores } from "./kubernetes/memory";
export { memoryClusters, sandboxCluster, type ClusterBackend } from "./gcp/backends";
export { findInProject } from "./find";
export { fileProject, memoryProject, projectFile, type ProjectState, type ProjectStore } from "./gcp/project";
export type { OscarManagers } from "./oscar/managers";
export { fileManagers, findInManagers, managersFile, memoryManagers } from "./oscar/stored";
export type { ClusterChoice } from "./kubernetes/kubeconfig";
export type { ObjectStore } from "./kubernetes/store";
export type { StoreOf } from "./kubernetes/provider";
export type { Call, Fault } from "./faults";

export interface CloudsOptions {
  /**
   * `simulated`: ours, on one store for every cluster, or on one for each that a program's providers name.
   * `genuine`: Pulumi's own plugin, which the engine starts itself.
   */
  readonly kubernetes:
    { readonly kind: "simulated"; readonly store: ObjectStore | StoreOf } | { readonly kind: "genuine" };
  /**
   * The simulated Google Cloud: where its project is kept, and what stands behind its clusters.
   * @default both in memory
   */
  readonly gcp?: { readonly store: ProjectStore; readonly clusters: ClusterBackend };
  /** Where the simulated AWS account is kept. @default in memory */
  readonly aws?: { readonly store: ResourceStore };
  /** Where it is kept what OSCAR's Managers hold, and how they are played. @default in memory */
  readonly oscar?: PlayedOptions;
  /** What the simulated providers are to get wrong. */
  readonly faults?: readonly Fault[];
}

/** The simulated providers, serving in this process. */
export interface Clouds {
  /** For the engine's environment: where to find them. */
  readonly env: Record<string, string>;
  /** What they were asked, in order. */
  readonly calls: readonly Call[];
  /** The Managers that the program's OSCAR providers ask. */
  readonly oscar: OscarManagers;
  close(): Promise<void>;
}

export async function startClouds({
  kubernetes,
  gcp,
  aws,
  oscar,
  faults = [],
}: CloudsOptions): Promise<Clouds> {
  // One project and one account for all of a program's providers.
  const project = gcp ?? { store: memoryProject(), clusters: memoryClusters() };
  const account = aws ?? { store: memoryAccount() };
  const managers = await OscarManagers.start(oscar ?? { store: memoryManagers() });
  const injector = new FaultInjector(faults);
  const makers: Record<string, () => Provider> = {
    ...(kubernetes.kind === "simulated" && {
      kubernetes: () => new KubernetesProvider(kubernetes.store, sdkVersion("kubernetes")),
    }),
    random: () => randomProvider(sdkVersion("random")),
    gcp: () => gcpProvider({ ...project, version: sdkVersion("gcp") }),
    aws: () => awsProvider({ ...account, version: sdkVersion("aws") }),
    oscar: () => playedOscarProvider(managers),
  };
  const servers = await Promise.all(
    Object.entries(makers).map(async ([name, make]) => ({
      name,
      server: await serve(() => injector.wrap(make())),
    })),
  );
  return {
    env: { PULUMI_DEBUG_PROVIDERS: servers.map(({ name, server }) => `${name}:${server.port}`).join() },
    calls: injector.calls,
    oscar: managers,
    close: async () => {
      await Promise.all([managers.close(), ...servers.map(({ server }) => server.close())]);
    },
  };
}
