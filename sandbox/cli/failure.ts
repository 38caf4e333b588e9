import { ClusterView, type Waiting } from "../cluster-view";
import type { EngineStack } from "../engine/stack";
import type { Session } from "../session";
import { sandboxCommand } from "./command-line";
import { plainMessage } from "./run";
import { namespacesOf } from "./summary";

/** Says what went wrong: first what the engine said, then what each unready pod waits for, by Kubernetes' own words. */
export async function explainFailure(
  error: unknown,
  {
    stack,
    session,
    problems,
    dir,
  }: { stack: EngineStack; session: Session; problems: readonly string[]; dir: string },
): Promise<void> {
  const told = problems.map(plainMessage).filter((problem) => !/^(up|p|d)\w+ failed$/.test(problem));
  const said = told.length > 0 ? told : [plainMessage(error)];
  const lines = [...new Set(said)].map((problem) => `error: ${problem}`);
  try {
    for (const { component, pod, cause } of await podsWaiting(stack, session)) {
      lines.push(`${component} waits: pod ${pod}: ${cause}`);
    }
  } catch {
    // The cluster itself is what failed; what the engine said is all there is.
  }
  lines.push("", isProtected(said) ? protectedHint(stack.name, dir) : keptHint);
  process.stderr.write(`\n${lines.join("\n")}\n`);
}

/** The pods in the stack's namespaces that hold things up. */
export async function podsWaiting(
  stack: EngineStack,
  session: Session,
  signal?: AbortSignal,
): Promise<readonly Waiting[]> {
  const view = new ClusterView(session.controlPlane.kubeconfig);
  const namespaces = await namespacesOf(stack, signal);
  return (await Promise.all(namespaces.map((namespace) => view.waiting(namespace)))).flat();
}

const keptHint = "What was made is kept; correct the cause and run the command again.";

const isProtected = (said: readonly string[]) =>
  said.some((line) => /(marked for protection|because it is protected)/.test(line));

/** Pulumi's own advice is for a state that a person can reach; the sandbox's is its own. */
function protectedHint(stack: string, dir: string): string {
  return (
    "Production guards its volume. If you mean it: `tier: development` in " +
    `stacks/Pulumi.${stack}.yaml, \`${sandboxCommand(dir, "up", stack)}\`, and the same command again; ` +
    `or throw the whole sandbox away: \`${sandboxCommand(dir, "down", "--delete")}\`.`
  );
}
