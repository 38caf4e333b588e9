import { ClusterView } from "../cluster-view";
import type { EngineStack } from "../engine/stack";
import type { Session } from "../session";
import { namespacesOf } from "./summary";

/** Says what went wrong: first what the engine said, then what each unready pod waits for, by Kubernetes' own words. */
export async function explainFailure(
  error: unknown,
  { stack, session, problems }: { stack: EngineStack; session: Session; problems: readonly string[] },
): Promise<void> {
  const said = problems.length > 0 ? problems : [error instanceof Error ? error.message : String(error)];
  const lines = [...new Set(said)].map((problem) => `error: ${problem}`);
  try {
    const view = new ClusterView(session.controlPlane.kubeconfig);
    for (const namespace of await namespacesOf(stack)) {
      for (const { component, pod, cause } of await view.waiting(namespace)) {
        lines.push(`${component} waits: pod ${pod}: ${cause}`);
      }
    }
  } catch {
    // The cluster itself is what failed; what the engine said is all there is.
  }
  lines.push("", "What was made is kept; correct the cause and run the command again.");
  process.stderr.write(`\n${lines.join("\n")}\n`);
}
