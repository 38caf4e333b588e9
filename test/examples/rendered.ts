import { createServer } from "node:net";
import { join } from "node:path";
import type { V1PodSpec } from "@kubernetes/client-node";
import { parseEnvironment } from "../../infra/environment";
import { program } from "../../infra/program";
import { readStackFile } from "../../infra/stack-file";
import { run, type Registered } from "../support/mocks";
import type { SecretLookup } from "./pod-process";

export interface Rendered {
  pod(kind: "Job" | "Deployment", workload: string): V1PodSpec;
  readonly secrets: SecretLookup;
}

type Document = Readonly<Record<string, unknown>>;

/** The sandbox's stack with other sections, as it would be given to the cluster. */
export async function render(sections: Document): Promise<Rendered> {
  const { document } = readStackFile(join(__dirname, "..", "..", "stacks", "Pulumi.sandbox.yaml"));
  const changed = merged(document as Document, sections);
  const environment = parseEnvironment(changed, { where: "test", allowPlaceholders: true });
  const { registered } = await run(false, () => program(environment));
  const all = registered.filter(({ type }) => type.startsWith("kubernetes:"));
  return {
    pod: (kind, workload) => {
      const found = all.find((each) => kindOf(each) === kind && each.name === workload);
      const names = all.filter((each) => kindOf(each) === kind).map(({ name }) => name);
      if (found === undefined) throw new Error(`no ${kind} ${workload}, but: ${names.join(", ")}`);
      return (revealed(found.inputs) as { spec: { template: { spec: V1PodSpec } } }).spec.template.spec;
    },
    secrets: (secretName, key) => {
      const found = all.find((each) => kindOf(each) === "Secret" && nameOf(each) === secretName);
      const data = found && (revealed(found.inputs) as { stringData?: Record<string, string> }).stringData;
      const value = data?.[key];
      if (value === undefined) throw new Error(`no Secret ${secretName} with ${key}`);
      return value;
    },
  };
}

const kindOf = ({ type }: Registered) => type.split(":").at(-1);

/** Pulumi's own name, as the mocks make it, where none is given. */
function nameOf({ name, inputs }: Registered): string {
  return (inputs as { metadata?: { name?: string } }).metadata?.name ?? `${name}-1a2b3c4d`;
}

/** What the cluster gets of secrets: their values. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secret") return revealed(entries[0][1]);
  return Object.fromEntries(entries.map(([key, item]) => [key, revealed(item)]));
}

/** Sections are merged, and what is in them is put in their place. */
function merged(document: Document, sections: Document): Document {
  const both = Object.entries(sections).map(([name, section]) => [
    name,
    { ...(document[name] as object | undefined), ...(section as object) },
  ]);
  return { ...document, ...(Object.fromEntries(both) as Document) };
}

/** Ports that nobody has: the tests run beside whatever else there is on the machine. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.on("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            resolve(typeof address === "object" && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
