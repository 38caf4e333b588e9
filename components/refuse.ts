import { ResourceError, RunError, type Resource } from "@pulumi/pulumi";

// Not among the checks, which the process of the provider `oscar` has too: without Pulumi's SDK it starts sooner.

/** Throws all faults at once, with the component that has them; Pulumi then shows the message and no stack trace. */
export function refuseFaults(component: Resource, what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new ResourceError(told(what, faults), component, true);
}

/**
 * The same before there is a resource: a custom one goes to the engine as soon as it is constructed, and might be made
 * while the program fails. Pulumi shows a RunError without a stack trace.
 */
export function refuseBefore(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new RunError(told(what, faults));
}

const told = (what: string, faults: readonly string[]): string => [`${what}:`, ...faults].join("\n  ");
