/** A value in the text of a program: an expression as it is written, and a comment that stands above it. */
export class Code {
  constructor(
    readonly expression: string,
    readonly comments: readonly string[] = [],
  ) {}
}

/**
 * The literal of a value, to be laid out by a formatter: `Code` stands as it is, what is undefined is left out.
 * Whatever text a value has, it cannot end the literal.
 */
export function literal(value: unknown): string {
  if (value instanceof Code) return value.expression;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    // Without a break after the brace, a formatter puts what is short on one line.
    return entries.length === 0 ? "{}" : `{ ${entries.map(property).join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** A text of several lines, one below the other: template literals would need escapes, of which scripts are full. */
export function textOfLines(text: string): Code {
  const lines = text.split("\n");
  return new Code(lines.length === 1 ? literal(text) : `${literal(lines)}.join("\\n")`);
}

/** Lines of comments. What would end one, in a text from elsewhere, becomes a blank. */
export function commentLines(lines: readonly string[]): string {
  return lines.map((line) => `// ${line.replace(/[\r\n\u2028\u2029]+/g, " ")}\n`).join("");
}

function property([key, value]: [string, unknown]): string {
  const comments =
    value instanceof Code && value.comments.length > 0 ? `\n${commentLines(value.comments)}` : "";
  return `${comments}${name(key)}: ${literal(value)}`;
}

function name(key: string): string {
  // Written plainly it would set the object's prototype.
  if (key === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}
