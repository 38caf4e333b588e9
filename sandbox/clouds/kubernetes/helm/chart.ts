import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { messageOf } from "../../../../components/messages";
import type { Properties } from "../../../../provider";
import { textAt } from "../objects";
import { fill, mergeValues, type Filling } from "./template";

/** What Helm knows of a chart by its `Chart.yaml`. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
}

export interface Chart {
  readonly metadata: ChartMetadata;
  /** The objects that it makes; the values are those that differ from its own. */
  render(filling: Filling): Properties[];
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
  const described = readYaml(join(chart, "Chart.yaml"));
  return {
    metadata: {
      name: textAt(described, "name") ?? basename(chart),
      version: textAt(described, "version") ?? version,
      appVersion: textAt(described, "appVersion") ?? "",
    },
    render: ({ release, values }) => {
      const own = join(chart, "values.yaml");
      const filling = { release, values: existsSync(own) ? mergeValues(readYaml(own), values) : values };
      return templatesIn(chart).flatMap((file) => parseManifest(fillFile(file, filling)));
    },
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

function readYaml(file: string): Properties {
  const read: Properties | null = parse(readFileSync(file, "utf8"));
  return read ?? {};
}

/** `.tpl` are those that are no YAML until they are filled in; what begins with `_` is for templates to take in. */
function templatesIn(chart: string): string[] {
  const folder = join(chart, "templates");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^[^_].*\.(yaml|tpl)$/.test(file))
    .sort()
    .map((file) => join(folder, file));
}

function fillFile(file: string, filling: Filling): string {
  try {
    return fill(readFileSync(file, "utf8"), filling);
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`);
  }
}
