import type { Expose } from "./service.js";

/** Why the Kubernetes API refuses things, in its words. */

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

const nameRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const keyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export const isLabelValue = (value: string): boolean => value.length <= 63 && labelValue.test(value);
export const isDnsLabel = (name: string): boolean =>
  name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);

/** One refusal of an object, such as `ConfigMap "A_b" is invalid: …`. */
export function refusal(object: string, name: string, faults: readonly string[]): string | undefined {
  const [first] = faults;
  if (first === undefined) return undefined;
  return `${object} "${name}" is invalid: ${faults.length === 1 ? first : `[${faults.join(", ")}]`}`;
}

export function nameFaults(name: string): string[] {
  return subdomain.test(name) ? [] : [`metadata.name: Invalid value: "${name}": ${nameRule}`];
}

export function metadataFaults(
  labels: Record<string, string>,
  annotations: Record<string, string>,
): string[] {
  const keys = (where: string, map: Record<string, string>): string[] =>
    Object.keys(map)
      .filter((key) => !labelName.test(key.replace(/^[a-z0-9.-]+\//, "")))
      .map((key) => `metadata.${where}: Invalid value: "${key}": ${keyRule}`);
  return [
    ...keys("labels", labels),
    ...Object.values(labels)
      .filter((value) => !isLabelValue(value))
      .map((value) => `metadata.labels: Invalid value: "${value}": ${valueRule}`),
    ...keys("annotations", annotations),
  ];
}

export function hpaFaults({ min_scale: min, max_scale: max, cpu_threshold: threshold }: Expose): string[] {
  const faults: string[] = [];
  if (min < 1) faults.push(`spec.minReplicas: Invalid value: ${min}: must be greater than or equal to 1`);
  if (max < 1) faults.push("spec.maxReplicas: Required value: must be set and greater than 0");
  if (max < min)
    faults.push(`spec.maxReplicas: Invalid value: ${max}: must be greater than or equal to \`minReplicas\``);
  if (threshold < 1)
    faults.push(
      `spec.metrics[0].resource.target.averageUtilization: Invalid value: ${threshold}: must be greater than 0`,
    );
  if (min === 0)
    faults.push(
      "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
    );
  return faults;
}

export function portFaults(ports: readonly number[]): string[] {
  return ports.flatMap((port, index) =>
    port >= 1 && port <= 65535
      ? []
      : [
          `spec.template.spec.containers[0].ports[${index}].containerPort: Invalid value: ${port}: ` +
            "must be between 1 and 65535, inclusive",
        ],
  );
}

/** Of ports asked for by number; `taken` are those of other Services. */
export function nodePortFaults(ports: readonly number[], taken: ReadonlySet<number>): string[] {
  return ports.flatMap((port, index) => {
    const invalid = `spec.ports[${index}].nodePort: Invalid value: ${port}: provided port is`;
    if (port === 0) return [];
    if (port < 30000 || port > 32767)
      return [`${invalid} not in the valid range. The range of valid ports is 30000-32767`];
    return taken.has(port) ? [`${invalid} already allocated`] : [];
  });
}

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|n|u|m|k|Ki|Mi|Gi|Ti|Pi|Ei|M|G|T|P|E)?$/;
export const isQuantity = (value: string): boolean => quantity.test(value);

/** Of a service's sizes; the Manager gives the parser's error as it is. */
export function quantityFault(values: readonly string[]): string | undefined {
  return values.every((value) => value === "" || isQuantity(value))
    ? undefined
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}
