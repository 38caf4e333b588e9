import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { OscarProvider, OscarService, type OscarServiceArgs } from "../../components";
import { oscarProvider } from "../../components/oscar/provider/oscar-provider";
import {
  ManagerClient,
  type ManagerClientOptions,
} from "../../components/oscar/service/client/manager-client";
import { serve, type ProviderServer } from "../../provider";
import { EngineError } from "../../sandbox/engine/command";
import { openEngineHome, type EngineHome } from "../../sandbox/engine/environment";
import { EngineStack, type OperationOptions } from "../../sandbox/engine/stack";
import { FakeManager, type FakeManagerOptions } from "../../sandbox/oscar-manager/fake-manager.js";
import { getTools, type Tool } from "../../sandbox/tools";

/** What an operation of the engine came to, and all that it said on the way. */
export interface Told<Result> {
  readonly result: Result | undefined;
  /** What the engine wrote where it failed; empty where it did not. */
  readonly error: string;
  /** Of resources and of the engine, without the running commentary. */
  readonly messages: readonly string[];
  /** All of it, as a person or a log would have it. */
  readonly heard: string;
}

/** As long as tests can wait; the rules are those of users. */
const patience = {
  timeoutMs: 1000,
  retryDelaysMs: [50, 100, 200],
  settleDelaysMs: [50, 100, 200, 400],
  restartDelaysMs: [100, 200, 400],
};

/**
 * The real engine, the provider that users have, and a Manager that is played on a port: between them goes genuine HTTP,
 * and the Manager can be stopped. No cluster, and no sandbox.
 */
export class OscarLab {
  private constructor(
    readonly dir: string,
    readonly home: EngineHome,
    readonly manager: FakeManager,
    readonly endpoint: string,
    readonly password: string,
    private readonly pulumi: Tool,
    private readonly server: ProviderServer,
  ) {}

  static async start(options: Omit<FakeManagerOptions, "password"> = {}): Promise<OscarLab> {
    const dir = await mkdtemp(join(tmpdir(), "oscar-lab-"));
    const password = "canary-of-the-password";
    // On Knative an exposed service can be changed in place.
    const manager = new FakeManager({ backend: "knative", knativeReadyMs: 0, ...options, password });
    const { url } = await manager.start();
    const connect = (given: ManagerClientOptions) => new ManagerClient({ ...given, ...patience });
    const pauses = { pollMs: 20, settleMs: 20 };
    const server = await serve(() => oscarProvider({ connect, pauses }));
    const { pulumi } = await getTools(["pulumi"], { report: () => undefined });
    return new OscarLab(
      dir,
      await openEngineHome(join(dir, "engine")),
      manager,
      url,
      password,
      pulumi,
      server,
    );
  }

  /** As someone beside Pulumi has it. */
  get client(): ManagerClient {
    const { endpoint, password } = this;
    return new ManagerClient({ endpoint, credentials: { kind: "basic", username: "oscar", password } });
  }

  /** For an engine's environment: where it finds the provider. */
  get providers() {
    return { PULUMI_DEBUG_PROVIDERS: `oscar:${this.server.port}` };
  }

  stack(name: string, program: PulumiFn): Promise<EngineStack> {
    const { home, pulumi, providers } = this;
    return EngineStack.open({ home, pulumi, stack: name, program, providers });
  }

  /** A stack of services, by their names, on the Manager or on what else is said. */
  services(
    stack: string,
    services: Readonly<Record<string, OscarServiceArgs>>,
    { endpoint = this.endpoint, password = this.password } = {},
  ): Promise<EngineStack> {
    return this.stack(stack, async () => {
      const credentials = { kind: "basic", password: secret(password) } as const;
      const provider = new OscarProvider("lab", { endpoint, credentials });
      for (const [name, args] of Object.entries(services)) new OscarService(name, args, { provider });
    });
  }

  /** What the Manager was asked since, as `GET /system/services`. */
  async asked(work: () => Promise<unknown>): Promise<string[]> {
    const { calls } = this.manager;
    const before = calls.length;
    await work();
    return calls.slice(before).map(({ method, path }) => `${method} ${path}`);
  }

  /** The names of the services that are there. */
  get there(): string[] {
    return [...this.manager.state.configMaps.keys()].map((key) => key.slice(key.indexOf("/") + 1)).sort();
  }

  async stop(): Promise<void> {
    await Promise.all([this.manager.stop(), this.server.close()]);
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** `told((options) => stack.up(options))`: what came of it, whether or not it failed. */
export async function told<Result>(
  operation: (options: OperationOptions) => Promise<Result>,
  onProgress?: OperationOptions["onProgress"],
): Promise<Told<Result>> {
  const messages: string[] = [];
  const heard: string[] = [];
  const options: OperationOptions = {
    onProgress: (progress) => {
      heard.push(JSON.stringify(progress));
      if (progress.kind === "message") messages.push(progress.text);
      onProgress?.(progress);
    },
  };
  const ended = (result: Result | undefined, error: string) => {
    return { result, error, messages, heard: [...heard, JSON.stringify(result) ?? "", error].join("\n") };
  };
  try {
    return ended(await operation(options), "");
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return ended(undefined, `${error.output.stdout}\n${error.output.stderr}`);
  }
}

/** A service with a bucket, a variable and a secret. */
export const plants: OscarServiceArgs = {
  image: "ghcr.io/acme/plants:1.2.0",
  script: "#!/bin/sh\necho hi\n",
  input: [{ storageProvider: "minio.default", path: "plants/input" }],
  environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: "canary-of-the-key" } },
};

/** The same with a bucket of its own. */
export const plantsIn = (bucket: string): OscarServiceArgs => ({
  ...plants,
  input: [{ storageProvider: "minio.default", path: `${bucket}/input` }],
});
