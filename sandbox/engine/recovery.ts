import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../components/messages";

/**
 * What an engine that was killed leaves behind, and how to go on from there without editing state by hand.
 *
 * A killed engine leaves its lock, and in the state a *pending create* for every object that it had asked for and
 * not heard of again. Pulumi's own `up` would then create those a second time. So each is looked for first: an
 * object that exists is adopted, any other is forgotten.
 */
export interface PendingCreate {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The provider's inputs, which say where the object would be. */
  readonly provider: Readonly<Record<string, unknown>>;
}

export interface Recovery {
  readonly adopt: readonly { readonly urn: string; readonly id: string }[];
  readonly forget: readonly {
    readonly urn: string;
    /** Its name, where it may be there all the same: it is in no cluster that could be asked. */
    readonly unseen?: string;
  }[];
  /** Interrupted updates and deletes, which a plain refresh settles. */
  readonly reread: readonly { readonly urn: string; readonly operation: string }[];
}

export interface Lock {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly text: string;
}

/** How recovery reaches an engine and what it manages; the sandbox and a real stack each have their own. */
export interface RecoveryContext {
  /** Runs `pulumi ARGS` on the stack; throws with Pulumi's words where it fails. */
  pulumi(args: readonly string[]): Promise<{ stdout: string }>;
  /** The id of the object that a pending create would have made, `undefined` if there is none. */
  find(pending: PendingCreate): Promise<string | undefined>;
  /** Whether `find` would see the object, if there were one. */
  canSee(pending: PendingCreate): boolean;
  readonly hostname: string;
  isAlive(pid: number): boolean;
  /** How a person removes the lock of another's: `npx pulumi cancel`. */
  readonly unlock: string;
}

export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface ExportedState {
  readonly deployment?: {
    readonly resources?: readonly ExportedResource[] | null;
    readonly pending_operations?:
      readonly { readonly type: string; readonly resource: ExportedResource }[] | null;
  };
}

/** The operations that an exported state (`pulumi stack export`) holds as unfinished. */
export function pendingOperations(exported: ExportedState): {
  creates: PendingCreate[];
  others: { urn: string; operation: string }[];
} {
  const resources = exported.deployment?.resources ?? [];
  const creates: PendingCreate[] = [];
  const others: { urn: string; operation: string }[] = [];
  for (const { type: operation, resource } of exported.deployment?.pending_operations ?? []) {
    if (operation !== "creating") {
      others.push({ urn: resource.urn, operation });
      continue;
    }
    const provider = resources.find(
      (candidate) => `${candidate.urn}::${candidate.id ?? ""}` === resource.provider,
    );
    creates.push({
      urn: resource.urn,
      type: resource.type,
      inputs: resource.inputs ?? {},
      provider: provider?.inputs ?? {},
    });
  }
  return { creates, others };
}

/** Who holds the stack's lock, as Pulumi's own refusal tells it. */
export function locksIn(refusal: string): Lock[] {
  return [...refusal.matchAll(/^\s*(.*created by (.+)@(.+) \(pid (\d+)\).*)$/gm)].map(
    ([, text = "", user = "", host = "", pid = ""]) => ({ user, host, pid: Number(pid), text }),
  );
}

/** Looks for what every pending create may have made, and so decides. Reads only. */
export async function planRecovery(context: RecoveryContext): Promise<Recovery> {
  // Values are needed in the clear to find the cluster; they stay in this process.
  const text = (await context.pulumi(["stack", "export", "--show-secrets"])).stdout;
  const exported: ExportedState = JSON.parse(text, openSecret);
  const { creates, others } = pendingOperations(exported);
  const adopt: { urn: string; id: string }[] = [];
  const forget: { urn: string; unseen?: string }[] = [];
  for (const pending of creates) {
    const id = await context.find(pending);
    if (id !== undefined) adopt.push({ urn: pending.urn, id });
    else forget.push({ urn: pending.urn, ...(!context.canSee(pending) && { unseen: nameOf(pending) }) });
  }
  return { adopt, forget, reread: others };
}

function nameOf({ urn, inputs }: PendingCreate): string {
  const name = inputs["name"] ?? inputs["accountId"] ?? urn.split("::").at(-1);
  return String(name);
}

/** A `JSON.parse` reviver: a secret of an exported state (`{<signature>, plaintext}`) becomes its value. */
function openSecret(_key: string, value: unknown): unknown {
  const isSecret =
    typeof value === "object" && value !== null && "plaintext" in value && secretSignature in value;
  return isSecret && typeof value.plaintext === "string" ? JSON.parse(value.plaintext) : value;
}

/** Pulumi's mark of a special value; with a `plaintext` beside it, it is a secret. */
const secretSignature = "4dabf18193072939515e22adb298388d";

export function isNothing(recovery: Recovery): boolean {
  return recovery.adopt.length + recovery.forget.length + recovery.reread.length === 0;
}

/**
 * Settles the plan: what exists is put into the state, with the id it was found under, by Pulumi's own export and
 * import; what does not is dropped; then all is read from the provider. A lock that a dead process of this machine
 * left is removed on the way.
 *
 * `pulumi refresh --import-pending-creates` is meant for this, but (3.250) it only marks the pending create as an
 * import, which the refresh then forgets: the object would be an orphan, and the next `up` would make a second one.
 */
export async function applyRecovery(context: RecoveryContext, recovery: Recovery): Promise<void> {
  const exported: ExportedState = JSON.parse((await context.pulumi(["stack", "export"])).stdout);
  const folder = await mkdtemp(join(tmpdir(), "inference-infra-recover-"));
  try {
    const file = join(folder, "state.json");
    await writeFile(file, JSON.stringify(settled(exported, recovery)), { mode: 0o600 });
    await withoutStaleLocks(context, () => context.pulumi(["stack", "import", "--file", file]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await context.pulumi(["refresh", "--yes", "--skip-preview"]);
}

/** The state with what was adopted among its resources, and without pending operations. */
export function settled(exported: ExportedState, { adopt }: Recovery): ExportedState {
  const { deployment = {} } = exported;
  const { pending_operations: pending, ...rest } = deployment;
  const adopted = (pending ?? []).flatMap(({ type, resource }) => {
    const found = adopt.find(({ urn }) => urn === resource.urn);
    return type === "creating" && found !== undefined ? [{ ...resource, id: found.id }] : [];
  });
  return { ...exported, deployment: { ...rest, resources: [...(deployment.resources ?? []), ...adopted] } };
}

/**
 * Does something that takes the stack's lock; a lock whose process is dead is removed once.
 * A lock of another machine, or of a process that lives, is left: its holder may be at work.
 */
export async function withoutStaleLocks<T>(
  context: RecoveryContext,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const locks = locksIn(messageOf(error));
    if (locks.length === 0) throw error;
    const live = locks.filter((lock) => lock.host !== context.hostname || context.isAlive(lock.pid));
    if (live.length > 0) {
      throw new Error(
        `the stack is locked by ${live.map((lock) => `${lock.user}@${lock.host} (pid ${lock.pid})`).join(", ")}, which ` +
          `may be at work on it. Wait for it to end; if you know that it is gone, remove the lock: ${context.unlock}`,
      );
    }
    await context.pulumi(["cancel", "--yes"]);
    return operation();
  }
}

/**
 * Removes the lock that a dead process left on a stack which is otherwise in order; says whether there was one.
 * Pulumi has no command that only looks for a lock, so a refresh of nothing but the stack itself is tried.
 */
export async function removeStaleLock(context: RecoveryContext): Promise<boolean> {
  const exported: ExportedState = JSON.parse((await context.pulumi(["stack", "export"])).stdout);
  const stack = exported.deployment?.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  let attempts = 0;
  await withoutStaleLocks(context, () => {
    attempts += 1;
    return context.pulumi([
      "refresh",
      "--yes",
      "--skip-preview",
      ...(stack === undefined ? [] : ["--target", stack.urn]),
    ]);
  });
  return attempts > 1;
}

/** Is there a process of this id? One that belongs to another user counts (EPERM). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
