import { LocalWorkspace, type OutputMap, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import type { Tool } from "../tools";
import { EngineError, EngineProcesses, pulumiCommand, type EngineOutput } from "./command";
import type { EngineHome } from "./environment";
import { progressReader, type Progress } from "./progress";

export const projectName = "inference-infra";

export interface EngineStackOptions {
  readonly home: EngineHome;
  readonly pulumi: Tool;
  readonly stack: string;
  readonly program: PulumiFn;
  /** Points the engine at the simulated providers: `PULUMI_DEBUG_PROVIDERS=…`. */
  readonly providers: Record<string, string>;
  /** Folder of the genuine Kubernetes plugin, where that one is to be used. */
  readonly genuineKubernetes?: string;
  readonly processes?: EngineProcesses;
}

export interface OperationOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** How many resources had which done to them, by Pulumi's own words: `{create: 3, same: 9}`. */
export type ChangeSummary = Readonly<Record<string, number>>;

/** Pulumi's preview digest, as far as we read it; `pulumi preview --json` is its source. */
export interface PreviewDigest {
  readonly steps?: readonly PreviewStep[];
  readonly diagnostics?: readonly {
    readonly severity?: string;
    readonly message?: string;
    readonly urn?: string;
  }[];
  readonly changeSummary?: ChangeSummary;
}

export interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly newState?: ResourceState;
  readonly oldState?: ResourceState;
  readonly replaceReasons?: readonly string[] | null;
  readonly diffReasons?: readonly string[] | null;
}

export interface ResourceState {
  readonly type: string;
  readonly parent?: string;
  /** Of its provider: `URN::id`. */
  readonly provider?: string;
  /** URNs. */
  readonly dependencies?: readonly string[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
}

export interface OperationResult {
  readonly changes: ChangeSummary;
  readonly outputs: OutputMap;
}

/** One stack, driven by the real engine with its program in this process. */
export class EngineStack {
  private constructor(
    readonly name: string,
    private readonly stack: Stack,
    private readonly options: EngineStackOptions,
    private readonly processes: EngineProcesses,
    private readonly env: NodeJS.ProcessEnv,
    private readonly json: { on: boolean },
  ) {}

  static async open(options: EngineStackOptions): Promise<EngineStack> {
    const processes = options.processes ?? new EngineProcesses();
    const env = { ...options.home.env, ...options.providers };
    // The Automation API's preview has no way to ask for the digest that `pulumi preview --json` prints.
    const json = { on: false };
    const adjust = (args: readonly string[]) => {
      if (args[0] === "preview" && json.on) return [...args, "--json"];
      // Saves a failing `select` and an `init` the first time.
      return args[0] === "stack" && args[1] === "select" ? [...args, "--create"] : args;
    };
    const stack = await LocalWorkspace.selectStack(
      { stackName: options.stack, projectName, program: options.program },
      {
        workDir: options.home.workDir,
        pulumiCommand: pulumiCommand(options.pulumi, processes, env, adjust),
        projectSettings: {
          name: projectName,
          runtime: "nodejs",
          ...(options.genuineKubernetes !== undefined && {
            plugins: { providers: [{ name: "kubernetes", path: options.genuineKubernetes }] },
          }),
        },
      },
    );
    return new EngineStack(options.stack, stack, options, processes, env, json);
  }

  async up(options: OperationOptions = {}): Promise<OperationResult> {
    const result = await this.stack.up({ ...this.common(options), suppressOutputs: true });
    return { changes: result.summary.resourceChanges ?? {}, outputs: result.outputs };
  }

  async refresh(options: OperationOptions & { expectNoChanges?: boolean } = {}): Promise<ChangeSummary> {
    const result = await this.stack.refresh({
      ...this.common(options),
      ...(options.expectNoChanges !== undefined && { expectNoChanges: options.expectNoChanges }),
    });
    return result.summary.resourceChanges ?? {};
  }

  /** As `pulumi destroy` does it: looks first, so that a protected resource is refused while all the others stand. */
  async destroy(options: OperationOptions = {}): Promise<ChangeSummary> {
    const onProgress = (progress: Progress) => {
      if (progress.kind === "message") options.onProgress?.(progress);
    };
    await this.stack.destroy({ ...this.common({ ...options, onProgress }), previewOnly: true });
    const result = await this.stack.destroy(this.common(options));
    return result.summary.resourceChanges ?? {};
  }

  /** Pulumi's own preview digest (`pulumi preview --json`), also where the preview fails: then with its code. */
  async preview(
    options: OperationOptions & { expectNoChanges?: boolean } = {},
  ): Promise<{ code: number; digest: PreviewDigest }> {
    this.json.on = true;
    try {
      const result = await this.stack.preview({
        ...this.common(options),
        ...(options.expectNoChanges !== undefined && { expectNoChanges: options.expectNoChanges }),
      });
      return { code: 0, digest: JSON.parse(result.stdout) };
    } catch (error) {
      const digest = error instanceof EngineError ? digestIn(error.output.stdout) : undefined;
      if (!(error instanceof EngineError) || digest === undefined) throw error;
      return { code: error.output.code, digest };
    } finally {
      this.json.on = false;
    }
  }

  outputs(): Promise<OutputMap> {
    return this.stack.outputs();
  }

  /** Any other `pulumi` command on this stack: `stack export`, `cancel`, `refresh --clear-pending-creates`. */
  pulumi(args: readonly string[], options: OperationOptions = {}): Promise<EngineOutput> {
    return this.processes.run(
      this.options.pulumi.path,
      [...args, "--stack", this.name, "--non-interactive"],
      {
        cwd: this.options.home.workDir,
        env: this.env,
        ...(options.signal && { signal: options.signal }),
      },
    );
  }

  private common(options: OperationOptions) {
    return {
      color: "never" as const,
      ...(options.onProgress && { onEvent: progressReader(options.onProgress) }),
      ...(options.signal && { signal: options.signal }),
    };
  }
}

function digestIn(text: string): PreviewDigest | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
