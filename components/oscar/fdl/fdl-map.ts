import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { nearMiss } from "../../near-miss";
import type { FdlSource } from "./fdl-source";

interface Entry {
  name: string;
  key: Node;
  value: Node | undefined;
}

/**
 * A map of an FDL file, read field by field in the types that are wanted: a number where a text is wanted is taken as
 * it is written, and one value where a list is wanted is a list. Names are found without regard to case, because FDL
 * files say `Variables` as well as `variables`. What has been asked for is known; `unknown()` tells of the rest.
 */
export class FdlMap {
  /** What was asked for, and of that what is there. */
  private readonly wanted = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly entries: Entry[];

  constructor(
    private readonly source: FdlSource,
    readonly node: YAMLMap,
    private readonly where: string,
  ) {
    this.entries = entriesOf(source, node);
  }

  get names(): string[] {
    return this.entries.map(({ name }) => name);
  }

  /** Where a field stands; without one, where the map does. */
  nodeOf(name: string): Node {
    return this.find(name)?.key ?? this.node;
  }

  text(name: string): string | undefined {
    const value = this.given(name);
    return value && this.textOf(name, value);
  }

  /** A text that has to be there. */
  needed(name: string): string {
    const text = this.text(name);
    if (text === undefined) this.refuse(name, "got nothing; allowed: a text");
    return text ?? "";
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^(true|false)$/i.test(value))
      this.refuse(name, `got ${JSON.stringify(value)}; allowed: true, false`);
    return value.toLowerCase() === "true";
  }

  whole(name: string): number | undefined {
    const value = this.given(name);
    return value && this.wholeOf(name, value);
  }

  /** One whole number, or a list of them. */
  wholes(name: string): number | number[] | undefined {
    const value = this.given(name);
    return isSeq(value) ? this.itemsOf(value).map((item) => this.wholeOf(name, item)) : this.whole(name);
  }

  texts(name: string): string[] | undefined {
    const value = this.given(name);
    if (value === undefined) return undefined;
    return (isSeq(value) ? this.itemsOf(value) : [value]).map((item) => this.textOf(name, item));
  }

  /** One of a few texts, in the spelling of the list. */
  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
    if (found === undefined) {
      this.refuse(name, `got ${JSON.stringify(text)}; allowed: ${choices.join(", ")}`);
    }
    return found;
  }

  /** A map of texts; its names are taken as they are written. */
  textMap(name: string): Record<string, string> | undefined {
    const map = this.map(name);
    return map && Object.fromEntries(map.names.map((each) => [each, map.text(each) ?? ""]));
  }

  map(name: string): FdlMap | undefined {
    const value = this.given(name);
    if (value === undefined) return undefined;
    if (isMap(value)) return new FdlMap(this.source, value, this.path(name));
    this.refuse(name, "got no map; allowed: a map");
    return undefined;
  }

  maps(name: string): FdlMap[] | undefined {
    const value = this.given(name);
    if (value === undefined) return undefined;
    if (!isSeq(value)) {
      this.refuse(name, "got no list; allowed: a list of maps");
      return undefined;
    }
    return this.itemsOf(value).flatMap((item, index) => {
      if (isMap(item)) return [new FdlMap(this.source, item, `${this.path(name)}[${index}]`)];
      this.source.refuse(item, `${this.path(name)}[${index}]: got no map; allowed: a map`);
      return [];
    });
  }

  warn(name: string, text: string): void {
    this.source.warn(this.nodeOf(name), `${this.path(name)}: ${text}`);
  }

  refuse(name: string, text: string): void {
    this.source.refuse(this.nodeOf(name), `${this.path(name)}: ${text}`);
  }

  has(name: string): boolean {
    return this.given(name) !== undefined;
  }

  /** Warns of what no one asked for. */
  unknown(): void {
    const missing = [...this.wanted].filter((name) => !this.asked.has(name));
    for (const { name, key } of this.entries.filter((each) => !this.asked.has(each.name))) {
      const meant = nearMiss(name, missing);
      const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
      this.source.warn(key, `${this.path(name)}: not known, and left out${hint}`);
    }
  }

  /** Nothing after the colon is nothing, and so is an empty text: a Manager writes it where there is none. */
  private given(name: string): Node | undefined {
    const value = this.find(name)?.value;
    return isScalar(value) && (value.value === null || value.value === "") ? undefined : value;
  }

  private find(name: string): Entry | undefined {
    this.wanted.add(name);
    const entry =
      this.entries.find((each) => each.name === name) ??
      this.entries.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (entry) this.asked.add(entry.name).add(name);
    return entry;
  }

  private textOf(name: string, node: Node): string {
    if (isScalar(node) && node.value !== null) {
      return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
    }
    this.refuse(name, `got ${isSeq(node) ? "a list" : isMap(node) ? "a map" : "nothing"}; allowed: a text`);
    return "";
  }

  private wholeOf(name: string, node: Node): number {
    const text = this.textOf(name, node);
    if (!/^-?\d+$/.test(text)) this.refuse(name, `got ${JSON.stringify(text)}; allowed: a whole number`);
    return Number(text);
  }

  private itemsOf(list: { items: unknown[] }): Node[] {
    return list.items.flatMap((item) => resolved(this.source, item) ?? []);
  }

  private path(name: string): string {
    return this.where === "" ? name : `${this.where}.${name}`;
  }
}

/** A map's fields, with those that `<<` brings from elsewhere and that it does not have itself. */
function entriesOf(source: FdlSource, map: YAMLMap): Entry[] {
  const own: Entry[] = [];
  const merged: Entry[] = [];
  for (const { key, value } of map.items) {
    const name = resolved(source, key);
    if (!isScalar(name)) continue;
    const content = resolved(source, value);
    if (name.value !== "<<") {
      own.push({ name: String(name.value), key: name, value: content });
    } else {
      const from = isSeq(content) ? content.items.map((item) => resolved(source, item)) : [content];
      merged.push(...from.filter(isMap).flatMap((each) => entriesOf(source, each)));
    }
  }
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...merged.filter(({ name }) => !names.has(name) && names.add(name))];
}

/** A node, or the one that an alias stands for. */
function resolved(source: FdlSource, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(source.document);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}
