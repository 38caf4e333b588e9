import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { join } from "node:path";

/** Where an engine keeps its state, its plugins and its passphrase: one folder, private to its owner. */
export interface EngineHome {
  readonly dir: string;
  /** Holds the stacks: `file://` backend. */
  readonly stateDir: string;
  /** Holds a Pulumi.yaml, and is where `pulumi` is started. */
  readonly workDir: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A `pulumi` of ours must not see the caller's backend, account, stack or passphrase. */
function withoutCallersPulumi(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith("PULUMI_")));
}

/** Makes (or finds again) the engine's folder. The passphrase is random, made once, mode 0600. */
export async function openEngineHome(dir: string): Promise<EngineHome> {
  const stateDir = join(dir, "state");
  const workDir = join(dir, "work");
  const temporaryDir = join(dir, "tmp");
  for (const folder of [dir, stateDir, workDir, temporaryDir])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const env = {
    ...withoutCallersPulumi(process.env),
    // Without `metadata=skip` each checkpoint has a file of attributes beside it, which is not written in one step: an
    // engine killed then leaves it empty, and the next cannot load the stack ("failed to load checkpoint: EOF").
    PULUMI_BACKEND_URL: `file://${stateDir}?metadata=skip`,
    // Pulumi's Kubernetes provider leaves kubeconfigs there, with their credentials, where it is ended early.
    TMPDIR: temporaryDir,
    PULUMI_HOME: join(dir, "home"),
    PULUMI_CONFIG_PASSPHRASE: await passphrase(join(dir, "passphrase")),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Backups of every checkpoint double what is written; a sandbox can be made again.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  };
  return { dir, stateDir, workDir, env };
}

async function passphrase(file: string): Promise<string> {
  const found = await readFile(file, "utf8").catch(() => "");
  if (found !== "") return found;
  const made = randomBytes(24).toString("base64url");
  await writeFile(file, made, { mode: 0o600 });
  return made;
}
