import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import type { Properties } from "../../../../provider";
import { textAt } from "../objects";

/** What Helm knows of a chart by its `Chart.yaml`. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
}

export interface Chart {
  readonly metadata: ChartMetadata;
  /** The objects that it makes, as they stand in its templates. */
  render(release: { readonly name: string; readonly namespace: string }): Properties[];
}

/**
 * A chart in a folder, like the sandbox's own in `sandbox/charts`. A published one is out of reach: it makes no objects,
 * and its release is a record alone.
 */
export function openChart(chart: string, version: string): Chart {
  if (!isAbsolute(chart) && !chart.startsWith(".")) {
    return { metadata: { name: basename(chart), version, appVersion: version }, render: () => [] };
  }
  if (!existsSync(join(chart, "Chart.yaml"))) throw new Error(`path "${chart}" not found`);
  const described: Properties = parse(readFileSync(join(chart, "Chart.yaml"), "utf8"));
  return {
    metadata: {
      name: textAt(described, "name") ?? basename(chart),
      version: textAt(described, "version") ?? version,
      appVersion: textAt(described, "appVersion") ?? "",
    },
    render: (release) => templatesIn(chart).flatMap((file) => parseManifest(fill(file, release))),
  };
}

/** The objects of a YAML text, of which there may be several. */
export function parseManifest(text: string): Properties[] {
  return parseAllDocuments(text).flatMap((document): Properties[] => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object: Properties | null = document.toJS();
    return object === null ? [] : [object];
  });
}

function templatesIn(chart: string): string[] {
  const folder = join(chart, "templates");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => join(folder, file));
}

/** Puts the release's name and namespace in. Everything else that Helm's templates can do is left to Helm. */
function fill(file: string, { name, namespace }: { readonly name: string; readonly namespace: string }) {
  const text = readFileSync(file, "utf8")
    .replaceAll("{{ .Release.Name }}", name)
    .replaceAll("{{ .Release.Namespace }}", namespace);
  const [expression] = /\{\{.*?\}\}/.exec(text) ?? [];
  if (expression === undefined) return text;
  throw new Error(
    `${file}: ${expression}: the simulated Kubernetes provider fills in {{ .Release.Name }} and {{ .Release.Namespace }} alone; use the genuine one (--kubernetes genuine)`,
  );
}
