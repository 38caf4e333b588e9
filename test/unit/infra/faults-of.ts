import { expect } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { ConfigurationError } from "../../../infra/faults";

export const where = "stacks/Pulumi.dev.yaml";

/** The whole message, line by line; the header is checked here. */
export function faultsOf(document: unknown, allowPlaceholders = false): string[] {
  try {
    parseEnvironment(document, { where, allowPlaceholders });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [header, ...lines] = error.message.split("\n");
    expect(header).toBe(`${where}: ${lines.length === 1 ? "1 fault" : `${lines.length} faults`}`);
    return lines.map((line) => line.replace(/^ {2}/, ""));
  }
  return [];
}

export const without = (part: object, name: string) =>
  Object.fromEntries(Object.entries(part).filter(([key]) => key !== name));
