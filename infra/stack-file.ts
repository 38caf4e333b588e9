import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isMap, LineCounter, parseDocument, type Document } from "yaml";
import { nearMiss } from "../components/near-miss";
import { ConfigurationError, isMapping, type Path } from "./faults";
import { SecretValue } from "./secrets";

/** The one key of a stack's configuration: the project's name, and what the document is called. */
export const configKey = "inference-infra:environment";

export interface StackFile {
  /** The document as it stands in the file, a placeholder in place of every `secure:` value. */
  readonly document: unknown;
  /** Where those values are. */
  readonly secretPaths: readonly Path[];
}

/** Reads a stack's document without decrypting anything: the file's secrets provider is never asked. */
export function readStackFile(path: string): StackFile {
  const where = displayPath(path);
  const document = parse(read(path, where), where);
  const config = document.get("config");
  // With what anchors and aliases stand for.
  const values: unknown = isMap(config) ? config.toJS(document) : undefined;
  if (!isMapping(values)) {
    throw new ConfigurationError(`${where}: there is no "config:" with "${configKey}:" below it`);
  }
  const strange = Object.keys(values).find((key) => key.startsWith("inference-infra:") && key !== configKey);
  if (configKey in values && strange !== undefined) {
    throw new ConfigurationError(`${where}: config.${strange}: unknown key; the only one is ${configKey}`);
  }
  if (!(configKey in values)) throw new ConfigurationError(`${where}: ${missingKey(Object.keys(values))}`);
  const secretPaths: Path[] = [];
  return { document: standIn(values[configKey], [], secretPaths), secretPaths };
}

/** Paths are told as the user sees them, from where the command was run. */
export function displayPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith("..") ? path : fromHere;
}

function read(path: string, where: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new ConfigurationError(`${where}: there is no such file${otherStacks(path)}`);
  }
  if (text.trim() === "") {
    throw new ConfigurationError(
      `${where}: the file is empty; it needs "config:" with "${configKey}:" below it`,
    );
  }
  return text;
}

function otherStacks(path: string): string {
  const name = /^Pulumi\.(.+)\.yaml$/;
  const stacks = readdirSync(dirname(path)).flatMap((file) => name.exec(file)?.[1] ?? []);
  const meant = nearMiss(name.exec(basename(path))?.[1] ?? "", stacks);
  if (meant !== undefined)
    return `; did you mean ${join(dirname(displayPath(path)), `Pulumi.${meant}.yaml`)}?`;
  return stacks.length === 0 ? "" : `; the stacks here are ${stacks.sort().join(", ")}`;
}

/** The parser's messages can quote the file, where a secret may stand: only the place and the reason are told. */
function parse(text: string, where: string): Document {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ConfigurationError(
      `${where}:${line}:${col}: this is not YAML: ${error.message.split(/[:;\n]/)[0]}`,
    );
  }
  if (!isMap(document.contents))
    throw new ConfigurationError(`${where}: there is no "config:" with "${configKey}:" below it`);
  return document;
}

function missingKey(keys: readonly string[]): string {
  const meant = keys.find((key) => key === "environment" || nearMiss(key, [configKey]) !== undefined);
  if (meant !== undefined) return `config.${meant}: unknown key; did you mean ${configKey}?`;
  return `config: the key ${configKey} is missing${keys.length === 0 ? "" : `; given: ${keys.join(", ")}`}`;
}

/** Pulumi writes an encrypted value as a mapping whose only key is `secure`. */
function standIn(value: unknown, path: Path, found: Path[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => standIn(item, [...path, index], found));
  if (!isMapping(value)) return value;
  const keys = Object.keys(value);
  // What is not encrypted stays a mapping, and is refused as one: it must not pass for a secret.
  if (keys.length === 1 && typeof value["secure"] === "string" && isEncrypted(value["secure"])) {
    found.push(path);
    return new SecretValue();
  }
  return Object.fromEntries(keys.map((key) => [key, standIn(value[key], [...path, key], found)]));
}

/** A passphrase's cipher text (`v1:nonce:text`), or a key service's, in base64 either way. */
function isEncrypted(text: string): boolean {
  return /^(v\d+:[\w+/=-]+:[\w+/=-]+|[\w+/=-]{24,})$/.test(text);
}
