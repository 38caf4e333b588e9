import chalk from "chalk";
import type { ControlPlaneStatus } from "../control-plane";
import { ClusterView } from "../cluster-view";
import type { EngineStack } from "../engine/stack";
import type { Session } from "../session";

const kubernetesProviders = {
  genuine: "Pulumi's own Kubernetes provider",
  simulated: "this repository's stand-in for Pulumi's Kubernetes provider",
};

/** What a person wants to see after `up`: what there is, how to reach it, how to look at it, how to take it down. */
export async function printSummary(session: Session, stack: EngineStack): Promise<void> {
  const { kubeconfig } = session.controlPlane;
  const view = new ClusterView(kubeconfig);
  const outputs = await stack.outputs();
  const lines: string[] = [""];
  for (const namespace of await namespacesOf(stack)) {
    lines.push(chalk.bold(`Namespace ${namespace}`));
    const rows = await view.components(namespace);
    const width = (key: "component" | "object") => Math.max(0, ...rows.map((row) => row[key].length));
    for (const row of rows) {
      lines.push(
        `  ${row.component.padEnd(width("component"))}  ${row.object.padEnd(width("object"))}  ${row.state}`,
      );
    }
    const address = outputs["uiAddress"]?.value;
    if (typeof address === "string") lines.push("", `The UI's address:  ${chalk.bold(address)}`);
    lines.push(`Look at it:        KUBECONFIG=${kubeconfig} kubectl get all -n ${namespace}`);
  }
  lines.push(
    `Take it down:      npm run sandbox -- destroy ${stack.name}   (the stack)`,
    `                   npm run sandbox -- ${"down".padEnd(`destroy ${stack.name}`.length)}   (the control plane)`,
    "",
    chalk.yellow(
      "Nodes and pods are simulated: the API server is real, but no program runs behind the pods yet, and nothing",
    ),
    chalk.yellow("answers at that address."),
    ...(await simulatedClouds(stack)),
    `Applied by the real Pulumi engine with ${kubernetesProviders[session.kubernetes]}.`,
    "A real cluster: npx pulumi up -s STACK (README.md).",
  );
  console.log(lines.join("\n"));
}

/** A person who sees a cluster come up could think that it is one. */
async function simulatedClouds(stack: EngineStack): Promise<string[]> {
  const types = (await resourcesOf(stack)).map(({ type }) => type);
  return types.some((type) => type.startsWith("gcp:"))
    ? [chalk.yellow("Google Cloud is simulated too: nothing was made there, and nothing is paid for.")]
    : [];
}

/** The namespaces that a stack's objects are in, as its state has them; also after a failed `up`, which has no outputs. */
export async function namespacesOf(stack: EngineStack): Promise<string[]> {
  const namespaces = (await resourcesOf(stack)).flatMap(({ type, id = "" }) => {
    if (type === "kubernetes:core/v1:Namespace") return [id];
    // `namespace/name`, or a name alone for objects of the cluster.
    return type.startsWith("kubernetes:") && id.includes("/") ? [id.slice(0, id.indexOf("/"))] : [];
  });
  return [...new Set(namespaces)];
}

async function resourcesOf(stack: EngineStack): Promise<{ type: string; id?: string }[]> {
  const exported: { deployment?: { resources?: { type: string; id?: string }[] } } = JSON.parse(
    (await stack.pulumi(["stack", "export"])).stdout,
  );
  return exported.deployment?.resources ?? [];
}

export function printStatus(status: ControlPlaneStatus): void {
  if (!status.running) {
    console.log("The sandbox is not running. `npm run sandbox` starts it.");
    return;
  }
  const name = Math.max(...status.processes.map((each) => each.name.length));
  for (const each of status.processes) {
    const memory = `${(each.rssBytes / 2 ** 20).toFixed(0)} MiB`;
    console.log(
      `${each.name.padEnd(name)}  pid ${String(each.pid).padEnd(8)} ${memory.padStart(8)}  ${each.address ?? ""}`,
    );
  }
  const total = status.processes.reduce((sum, each) => sum + each.rssBytes, 0);
  console.log(`${(total / 2 ** 20).toFixed(0)} MiB in all`);
  console.log(`KUBECONFIG=${status.kubeconfig}`);
}
