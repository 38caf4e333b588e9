/**
 * The Manager writes services as YAML and reads them back for every answer, with a library that cannot read all that
 * it writes (goccy/go-yaml 1.9.8). A text below that it cannot read makes the Manager answer 500 to everyone who lists
 * services, until someone deletes the service's objects by hand; others come back changed, and would be taken for
 * changes from outside. Measured with the Manager's own types over 149 texts.
 */
export function yamlHazards(where: string, text: string): string[] {
  const fault = (got: string, allowed: string) => [`${where}: got a text ${got}; allowed: ${allowed}`];
  // In lines of their own, texts are written as blocks, which come back even if they begin with a hyphen.
  if (!text.includes("\n") && /^\s*-(\s|$)/.test(text)) {
    return fault(
      'that is "-" or begins with "- "',
      "any other, because the Manager could not read it back, and could then list no service to anyone",
    );
  }
  if (text.includes("\r")) {
    return fault("with carriage returns", "line feeds alone, because the Manager changes the others");
  }
  if (/^[ \t]|[ \t]$/.test(text)) {
    return fault("with blanks at its ends", "one without, because the Manager drops them");
  }
  if (text.startsWith("? ")) {
    return fault('that begins with "? "', "any other, because the Manager drops that");
  }
  return [];
}

/** What the Manager keeps apart from the YAML. */
const keptApart = ["script", "environment.secrets"];

/**
 * The hazards of all known texts in a service's arguments, names in maps among them. No message tells a text, because
 * access keys are among them.
 */
export function hazardsIn(value: unknown, where = ""): string[] {
  if (keptApart.includes(where)) return [];
  if (typeof value === "string") return yamlHazards(where, value);
  if (Array.isArray(value)) return value.flatMap((each, index) => hazardsIn(each, `${where}[${index}]`));
  if (!isPlainObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...yamlHazards(`${where}, the name ${JSON.stringify(key)}`, key),
    ...hazardsIn(each, where === "" ? key : `${where}.${key}`),
  ]);
}

/** Outputs and what else is not known yet are objects of classes. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
