import { isObject } from "./go-json.js";

/**
 * What becomes of a text between the Manager's YAML writer and reader; undefined when it can no longer be read, and
 * with it the whole document. Measured with the Manager's own library.
 */
export function throughYaml(value: string, isItem = false): string | undefined {
  const trimmed = value.replace(/^[ \t]+|[ \t]+$/g, "");
  if (!/[\r\n]/.test(value)) {
    if (trimmed === "-" || trimmed.startsWith("- ")) return undefined;
    if (isItem && (value === " " || value === "\t")) return undefined;
    return trimmed.startsWith("? ") ? trimmed.slice(2).trim() : trimmed;
  }
  if (trimmed.includes("\r\n")) return `\n${trimmed}`;
  return trimmed.replace(/\r$/, "\n");
}

/** The same of all texts in a document; undefined when one of them cannot be read. */
export function documentThroughYaml<Document>(document: Document): Document | undefined {
  try {
    return walk(document, false) as Document;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

function walk(value: unknown, isItem: boolean): unknown {
  if (typeof value === "string") {
    const read = throughYaml(value, isItem);
    if (read === undefined) throw new Unreadable();
    return read;
  }
  if (Array.isArray(value)) return value.map((item) => walk(item, true));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.replace(/^[ \t]+|[ \t]+$/g, ""), walk(inner, false)]),
  );
}
