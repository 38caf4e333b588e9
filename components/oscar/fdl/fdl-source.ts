import { LineCounter, parseDocument, type Document, type Node } from "yaml";

/**
 * An FDL file's text, and what there is to say of it: warnings are lived with, faults are not. Both begin with the file
 * and the line, come in the order of the lines, and are said once, however often a place is read.
 */
export class FdlSource {
  private readonly lines = new LineCounter();
  private readonly warned = new Map<string, number>();
  private readonly refused = new Map<string, number>();
  readonly document: Document.Parsed;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    for (const { message, pos } of this.document.errors) this.say(this.refused, this.lineAt(pos[0]), message);
  }

  get warnings(): string[] {
    return inOrder(this.warned);
  }

  get faults(): string[] {
    return inOrder(this.refused);
  }

  warn(node: Node | undefined, text: string): void {
    this.say(this.warned, this.lineOf(node), text);
  }

  refuse(node: Node | undefined, text: string): void {
    this.say(this.refused, this.lineOf(node), text);
  }

  /** `file:line` of a node. */
  place(node: Node): string {
    return `${this.file}:${this.lineOf(node)}`;
  }

  private say(notes: Map<string, number>, line: number, text: string): void {
    notes.set(`${this.file}:${line}: ${text}`, line);
  }

  private lineOf(node: Node | undefined): number {
    return this.lineAt(node?.range?.[0] ?? 0);
  }

  private lineAt(offset: number): number {
    return this.lines.linePos(offset).line || 1;
  }
}

const inOrder = (notes: ReadonlyMap<string, number>): string[] =>
  [...notes].sort(([, one], [, other]) => one - other).map(([note]) => note);
