import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdmissionregistrationV1Api,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  RbacAuthorizationV1Api,
  StorageV1Api,
} from "@kubernetes/client-node";
import { execa } from "execa";
import { parseEnvironment } from "../../infra/environment";
import { readStackFile } from "../../infra/stack-file";
import { stopControlPlane } from "../../sandbox/control-plane";
import type { EngineStack } from "../../sandbox/engine/stack";
import { programFor } from "../../sandbox/offline-program";
import type { FakeManager } from "../../sandbox/oscar-manager/fake-manager.js";
import { root, stackFile } from "../../sandbox/project";
import {
  getSandboxTools,
  openSession,
  type KubernetesProvider,
  type SandboxTools,
  type Session,
  type SessionOptions,
} from "../../sandbox/session";
import { findGenuineKubernetesPlugin } from "../../sandbox/tools";

/** The Kubernetes providers that this machine can run the tests with: always ours, Pulumi's own where it is installed. */
export function providersHere(): KubernetesProvider[] {
  return findGenuineKubernetesPlugin() === undefined ? ["simulated"] : ["simulated", "genuine"];
}

/** A sandbox of its own in a folder of its own, for one test file. */
export class TestSandbox {
  private constructor(
    readonly dir: string,
    readonly tools: SandboxTools,
    readonly session: Session,
  ) {}

  static async start(
    options: { kubernetes?: KubernetesProvider } & Pick<SessionOptions, "faults" | "idleSeconds"> = {},
  ): Promise<TestSandbox> {
    const dir = await mkdtemp(join(tmpdir(), "inference-infra-test-"));
    const tools = await getSandboxTools({ kubernetes: options.kubernetes ?? "simulated" });
    return new TestSandbox(
      dir,
      tools,
      await openSession({
        dir,
        tools,
        ...(options.faults && { faults: options.faults }),
        ...(options.idleSeconds !== undefined && { idleSeconds: options.idleSeconds }),
      }),
    );
  }

  /** Another session on the same sandbox, as the next run of the CLI would have. */
  again(options: Pick<SessionOptions, "faults"> = {}): Promise<Session> {
    return openSession({ dir: this.dir, tools: this.tools, ...options });
  }

  /** The `sandbox` stack, or another one, its document changed by `edits`: path → value. */
  stack(
    edits: Readonly<Record<string, unknown>> = {},
    session: Session = this.session,
    name = "sandbox",
  ): Promise<EngineStack> {
    return session.stack(
      name,
      programFor(() => editedEnvironment(name, edits), session.standIns),
    );
  }

  /**
   * The Manager that is played at an endpoint, to plant faults in and to look at; without one, the only one there is.
   * Each session has its own, which takes over at a provider's first request what another one's has left.
   */
  oscar(endpoint?: string, session: Session = this.session): Promise<FakeManager> {
    return session.clouds.oscar.at(endpoint);
  }

  get kubernetes() {
    const config = new KubeConfig();
    config.loadFromFile(this.session.controlPlane.kubeconfig);
    return {
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      batch: config.makeApiClient(BatchV1Api),
      networking: config.makeApiClient(NetworkingV1Api),
      rbac: config.makeApiClient(RbacAuthorizationV1Api),
      storage: config.makeApiClient(StorageV1Api),
      admission: config.makeApiClient(AdmissionregistrationV1Api),
    };
  }

  /** The one namespace that the stack made. */
  async namespace(): Promise<string> {
    const { items } = await this.kubernetes.core.listNamespace();
    const ours = items.filter(
      ({ metadata }) => metadata?.labels?.["pod-security.kubernetes.io/enforce"] !== undefined,
    );
    const [only] = ours;
    if (ours.length !== 1 || only?.metadata?.name === undefined)
      throw new Error(`expected one namespace, found ${ours.length}`);
    return only.metadata.name;
  }

  async stop(): Promise<void> {
    await this.session.close();
    await stopControlPlane(join(this.dir, "control-plane"));
    if (existsSync(this.dir)) await rm(this.dir, { recursive: true, force: true });
  }
}

/** An `up` whose engine is killed, in a process of its own, as a person's would be (see killed-up.ts). */
export async function killedUp(
  { dir }: TestSandbox,
  kubernetes: KubernetesProvider,
  when: "starting" | "made",
  kind: string,
): Promise<void> {
  const script = join(__dirname, "killed-up.ts");
  const { stdout } = await execa("node", ["--import", "tsx", script, dir, kubernetes, when, kind], {
    cwd: root,
  });
  if (stdout !== "killed") throw new Error(`the engine was to be killed; it ${stdout}`);
}

/** A stack's document with some of its values changed, checked like any other. */
export function editedEnvironment(stack: string, edits: Readonly<Record<string, unknown>>) {
  const { document } = readStackFile(stackFile(stack));
  const edited = Object.entries(edits).reduce(
    (value, [path, item]) => withValue(value, path.split("."), item),
    document,
  );
  return parseEnvironment(edited, { where: `stack ${stack}, edited`, allowPlaceholders: true });
}

function withValue(value: unknown, [key, ...rest]: string[], item: unknown): unknown {
  if (key === undefined) return item;
  const mapping = Object.fromEntries(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  return { ...mapping, [key]: withValue(mapping[key], rest, item) };
}

/** The operations that changed something: `{same: 9, read: 1, update: 1}` → `{update: 1}`. */
export function changed(changes: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(changes).filter(([op, count]) => op !== "same" && op !== "read" && count > 0),
  );
}
