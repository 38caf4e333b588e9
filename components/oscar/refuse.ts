import { RunError } from "@pulumi/pulumi";

/**
 * Throws all faults at once, before there is a resource: a custom one goes to the engine as soon as it is constructed, and
 * might be made while the program fails. Pulumi shows a RunError without a stack trace.
 */
export function refuseBefore(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new RunError([`${what}:`, ...faults].join("\n  "));
}
