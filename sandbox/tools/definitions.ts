import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** A CustomResourceDefinition as it stands in JSON, as far as this program looks at it. */
export interface Definition {
  readonly apiVersion: "apiextensions.k8s.io/v1";
  readonly kind: "CustomResourceDefinition";
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly scope: "Cluster" | "Namespaced";
    readonly names: Readonly<Record<"kind" | "plural", string>> & Readonly<Record<string, unknown>>;
    readonly conversion?: object;
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema: { readonly openAPIV3Schema: object };
      readonly subresources?: { readonly status?: object };
    }[];
  };
}

/** Reads a set that `writeDefinitions` has put in place. */
export async function readDefinitions(path: string): Promise<Definition[]> {
  return JSON.parse(await readFile(path, "utf8"));
}

/** Writes the set that the YAML texts hold, as one file; throws where it is not the one that is pinned. */
export async function writeDefinitions(
  texts: readonly string[],
  { from, sha256, path }: { readonly from: string; readonly sha256: string; readonly path: string },
): Promise<void> {
  const json = JSON.stringify(definitionsIn(texts));
  const actual = createHash("sha256").update(json).digest("hex");
  if (actual !== sha256)
    throw new OtherDefinitions(
      `the definitions in ${from} have the SHA-256 checksum ${actual}, not ${sha256}`,
    );
  await writeFile(path, json);
}

/** What was got is not what is pinned. */
export class OtherDefinitions extends Error {}

/** The texts of a folder's YAML files. */
export async function yamlTexts(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
  return Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
}

/** What comes with what is wanted, and nothing here asks for: every kind makes the start longer. */
const unwanted = new Set(["knativeeventings.operator.knative.dev"]);

/**
 * The definitions in YAML texts, by name, with their keys in order: however a publisher lays them out, they are the same
 * then. Without what is there for readers and for Helm, which differs between a module and a release and makes three
 * quarters of them; and without conversion between versions, which a program would do that does not run here.
 */
export function definitionsIn(texts: readonly string[]): Definition[] {
  return texts
    .flatMap((text) => parseAllDocuments(text))
    .map((document): Definition => document.toJS())
    .filter((object) => object?.kind === "CustomResourceDefinition" && !unwanted.has(object.metadata.name))
    .map(({ apiVersion, kind, metadata: { name, annotations = {} }, spec: { conversion: _, ...spec } }) => {
      // The API server wants it of every group in k8s.io.
      const approval = "api-approved.kubernetes.io";
      const approved = annotations[approval];
      const metadata = { name, ...(approved !== undefined && { annotations: { [approval]: approved } }) };
      return { apiVersion, kind, metadata, spec: plain(spec) };
    })
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** Keys in order; no `description` of a schema: that of a field which is called so is no text. */
function plain<T>(value: T): T;
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, inner]) => !(key === "description" && typeof inner === "string"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}
