import { serve, type Provider } from "../../provider";
import { withFaults, type Call, type Fault } from "./faults";
import { generalProvider } from "./general";
import { KubernetesProvider } from "./kubernetes/provider";
import type { ObjectStore } from "./kubernetes/store";
import { randomProvider } from "./random";
import { sdkVersion } from "./versions";

export { apiServerStore } from "./kubernetes/api-server";
export { memoryStore } from "./kubernetes/memory";
export type { ObjectStore } from "./kubernetes/store";
export type { Call, Fault } from "./faults";

export interface CloudsOptions {
  /** `genuine`: Pulumi's own plugin, which the engine starts itself. */
  readonly kubernetes:
    { readonly kind: "simulated"; readonly store: ObjectStore } | { readonly kind: "genuine" };
  /** What the simulated providers are to get wrong. */
  readonly faults?: readonly Fault[];
}

/** The simulated providers, serving in this process. */
export interface Clouds {
  /** For the engine's environment: where to find them. */
  readonly env: Record<string, string>;
  /** What they were asked, in order. */
  readonly calls: readonly Call[];
  close(): Promise<void>;
}

export async function startClouds({ kubernetes, faults = [] }: CloudsOptions): Promise<Clouds> {
  const calls: Call[] = [];
  const providers: Provider[] = [
    ...(kubernetes.kind === "simulated"
      ? [new KubernetesProvider(kubernetes.store, sdkVersion("kubernetes"))]
      : []),
    randomProvider(sdkVersion("random")),
    generalProvider("gcp", sdkVersion("gcp")),
    generalProvider("aws", sdkVersion("aws")),
  ];
  const servers = await Promise.all(
    providers.map(async (provider) => ({
      name: provider.name,
      server: await serve(withFaults(provider, faults, calls)),
    })),
  );
  return {
    env: { PULUMI_DEBUG_PROVIDERS: servers.map(({ name, server }) => `${name}:${server.port}`).join() },
    calls,
    close: async () => {
      await Promise.all(servers.map(({ server }) => server.close()));
    },
  };
}
