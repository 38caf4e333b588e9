import { isProperties, reveal, Secret, unknown, type Properties } from "../../../../provider";
import { idOf, refOf, textAt } from "../objects";
import { openChart, type Chart } from "./chart";
import type { ReleaseRecord } from "./record";

export function chartOf(inputs: Properties): Chart {
  return openChart(textAt(inputs, "chart") ?? "", textAt(inputs, "version") ?? "");
}

export function namesIn(properties: Properties): { name: string; namespace: string } {
  return { name: textAt(properties, "name") ?? "", namespace: textAt(properties, "namespace") ?? "" };
}

/** In the clear, as Helm has them. */
export function valuesIn(inputs: Properties): Properties {
  const values = reveal(inputs["values"] ?? {});
  return isProperties(values) ? values : {};
}

/** Pulumi's id of a release. */
export function releaseId({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace: string;
}): string {
  return `${namespace}/${name}`;
}

/** What a preview cannot know, it does not say. */
export function foreseen(inputs: Properties): Properties {
  return { ...inputs, status: unknown, resourceNames: unknown, __inputs: new Secret(inputs) };
}

/** What the state keeps: what was asked for, where its secrets are marked, and what became of it. */
export function checkpoint(asked: Properties, record: ReleaseRecord, inputs: Properties = asked): Properties {
  const { chart, name, namespace, revision, status, objects } = record;
  const resourceNames: Record<string, string[]> = {};
  for (const object of objects) {
    const { apiVersion, kind, ...ref } = refOf(object);
    const [group, version] = apiVersion.split("/");
    const key = `${version === undefined ? kind : `${kind}.${group}`}/${apiVersion}`;
    resourceNames[key] = [...(resourceNames[key] ?? []), idOf({ apiVersion, kind, ...ref })];
  }
  return {
    ...asked,
    status: {
      name,
      namespace,
      revision,
      status,
      chart: chart.name,
      version: chart.version,
      appVersion: chart.appVersion,
    },
    resourceNames,
    __inputs: new Secret(inputs),
  };
}
