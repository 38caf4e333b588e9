import chalk from "chalk";
import type { ControlPlaneStatus } from "../control-plane";
import { poolLabel } from "../clouds/gcp/nodes";
import type { ResourceStore } from "../clouds/resource-store";
import { ClusterView, type ComponentState } from "../cluster-view";
import type { EngineStack } from "../engine/stack";
import type { Session } from "../session";
import { sandboxCommand } from "./command-line";
import { googleRows } from "./google-rows";
import { nameRows } from "./name-rows";
import { oscarRows, type StackResource } from "./oscar-rows";
import { stacksLine, type StackHere } from "./stacks-here";

const kubernetesProviders = {
  genuine: "Pulumi's own Kubernetes provider",
  simulated: "this repository's stand-in for Pulumi's Kubernetes provider",
};

/** What a person wants to see after `up`: what there is, how to reach it, how to look at it, how to take it down. */
export async function printSummary(session: Session, stack: EngineStack, dir: string): Promise<void> {
  const { kubeconfig } = session.controlPlane;
  const view = new ClusterView(kubeconfig);
  const outputs = await stack.outputs();
  const resources = await resourcesOf(stack);
  const namespaces = namespacesIn(resources);
  const sections = [
    ...(await cloudSections(session, view, resources)),
    { title: "OSCAR", rows: oscarRows(resources) },
    ...(await Promise.all(
      namespaces.map(async (namespace) => ({
        title: `Namespace ${namespace}`,
        rows: await view.components(namespace),
      })),
    )),
  ];
  const lines = ["", ...sectionLines(sections)];
  const addresses = [
    { what: "The UI's address:", at: outputs["uiAddress"]?.value },
    { what: "The model server:", at: outputs["modelServerAddress"]?.value },
    { what: "OSCAR's address:", at: outputs["oscarEndpoint"]?.value },
    { what: "MinIO's console:", at: outputs["minioConsole"]?.value },
  ].filter(({ at }) => typeof at === "string");
  if (addresses.length > 0) lines.push("");
  for (const { what, at } of addresses) lines.push(`${what.padEnd(18)} ${chalk.bold(String(at))}`);
  for (const [what, key] of byHand) {
    const value = outputs[key]?.value;
    if (typeof value === "string") lines.push(`To do by hand:     ${what} ${value}`);
  }
  const own = outputs["namespace"]?.value;
  const lookAt = [
    ...(typeof own === "string" ? [own] : []),
    // Its Manager, and its services.
    ...(outputs["oscarEndpoint"] === undefined
      ? []
      : namespaces.filter((each) => /^oscar(-svc)?$/.test(each))),
  ];
  for (const namespace of lookAt.length > 0 ? lookAt : namespaces)
    lines.push(`Look at it:        KUBECONFIG=${kubeconfig} kubectl get all,${ways} -n ${namespace}`);
  const destroy = sandboxCommand(dir, "destroy", stack.name);
  lines.push(
    `Take it down:      ${destroy}   (the stack)`,
    `                   ${sandboxCommand(dir, "down").padEnd(destroy.length)}   (the control plane)`,
    "",
    chalk.yellow(
      "Nodes and pods are simulated: the API server is real, but no program runs behind the pods yet, and nothing",
    ),
    chalk.yellow("answers at that address."),
    ...simulatedParts(resources.map(({ type }) => type)).map((line) => chalk.yellow(line)),
    `Applied by the real Pulumi engine with ${kubernetesProviders[session.kubernetes]}.`,
    "A real cluster: npx pulumi up -s STACK (README.md).",
  );
  console.log(lines.join("\n"));
}

/** What a stack's outputs have someone do, who has the zone or the one above it. */
const byHand = [
  ["a record of the host to", "uiPointsAt"],
  ["a record of the server's host to", "modelServerPointsAt"],
  ["records of OSCAR's hosts to", "oscarPointsAt"],
  ["a record", "uiCertificateRecord"],
  ["a record", "modelServerCertificateRecord"],
  ["delegate the zone to", "nameServers"],
  ["and vouch for it with the DS record", "dsRecord"],
] as const;

/** What `kubectl get all` leaves out. */
const ways = "ingress,gateway,httproute,certificate";

interface Section {
  readonly title: string;
  readonly rows: readonly ComponentState[];
}

/** Titles with the rows below them; all columns are aligned, and what has no rows is left out. */
export function sectionLines(sections: readonly Section[]): string[] {
  const all = sections.flatMap(({ rows }) => rows);
  const width = (key: "component" | "object") => Math.max(0, ...all.map((row) => row[key].length));
  return sections
    .filter(({ rows }) => rows.length > 0)
    .flatMap(({ title, rows }) => [
      chalk.bold(title),
      ...rows.map(
        (row) =>
          `  ${row.component.padEnd(width("component"))}  ${row.object.padEnd(width("object"))}  ${row.state}`,
      ),
    ]);
}

/** Project and account are the whole sandbox's; of them, what the stack made. */
async function cloudSections(
  session: Session,
  view: ClusterView,
  stackResources: readonly StackResource[],
): Promise<Section[]> {
  const ids = new Set(stackResources.flatMap(({ type, id }) => (/^(gcp|aws):/.test(type) && id ? [id] : [])));
  if (ids.size === 0) return [];
  const own = async (store: ResourceStore) =>
    Object.fromEntries(Object.entries((await store.read()).resources).filter(([id]) => ids.has(id)));
  const [project, account] = [await own(session.project), await own(session.account)];
  return [
    { title: "Google Cloud", rows: googleRows(project, await view.nodesBy(poolLabel)) },
    { title: "Names", rows: nameRows([...Object.values(project), ...Object.values(account)]) },
  ];
}

/** A person who sees a cluster come up could think that it is one. */
export function simulatedParts(types: readonly string[]): string[] {
  const clouds = [
    ...(types.some((type) => type.startsWith("gcp:")) ? ["Google Cloud"] : []),
    ...(types.some((type) => type.startsWith("aws:")) ? ["AWS"] : []),
  ];
  const releases = types.includes("kubernetes:helm.sh/v3:Release");
  return [
    ...(clouds.length === 0
      ? []
      : [
          `${clouds.join(" and ")} ${clouds.length === 1 ? "is" : "are"} simulated too: nothing was made there, and nothing is paid for.`,
        ]),
    ...(releases
      ? ["Helm's charts are stand-ins: none was downloaded, and nothing that they install runs."]
      : []),
    ...(types.some((type) => type.startsWith("oscar:"))
      ? ["OSCAR's Manager is simulated: it takes services as a real one would, and none of them runs."]
      : []),
  ];
}

/** The namespaces that a stack's objects are in, as its state has them; also after a failed `up`, which has no outputs. */
export async function namespacesOf(stack: EngineStack, signal?: AbortSignal): Promise<string[]> {
  return namespacesIn(await resourcesOf(stack, signal));
}

function namespacesIn(resources: readonly StackResource[]): string[] {
  const namespaces = resources.flatMap(({ type, id = "" }) => {
    if (type === "kubernetes:core/v1:Namespace") return [id];
    // `namespace/name`, or a name alone for objects of the cluster.
    return type.startsWith("kubernetes:") && id.includes("/") ? [id.slice(0, id.indexOf("/"))] : [];
  });
  return [...new Set(namespaces)];
}

async function resourcesOf(stack: EngineStack, signal?: AbortSignal): Promise<readonly StackResource[]> {
  const exported: { deployment?: { resources?: readonly StackResource[] } } = JSON.parse(
    (await stack.pulumi(["stack", "export"], { ...(signal && { signal }) })).stdout,
  );
  return exported.deployment?.resources ?? [];
}

export function printStatus(status: ControlPlaneStatus, stacks: readonly StackHere[], dir: string): void {
  if (!status.running) {
    console.log(`The sandbox is not running. \`${sandboxCommand(dir)}\` starts it.`);
    console.log(stacksLine(stacks));
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
  console.log(stacksLine(stacks));
  console.log(`KUBECONFIG=${status.kubeconfig}`);
}
