import type { EngineEvent } from "@pulumi/pulumi/automation";

/** What a person wants to know while the engine works: which resource, doing what, and what it says. */
export type Progress =
  | { readonly kind: "started"; readonly resource: string; readonly verb: string }
  | { readonly kind: "finished"; readonly resource: string; readonly verb: string; readonly seconds: number }
  | { readonly kind: "failed"; readonly resource: string; readonly verb: string }
  | { readonly kind: "message"; readonly severity: string; readonly resource: string; readonly text: string };

const verbs: Record<string, string> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "create replacement of",
  "delete-replaced": "delete replaced",
  read: "read",
  refresh: "read",
  import: "import",
};

/** `urn:pulumi:sandbox::inference-infra::a$b$kubernetes:batch/v1:Job::mnist` → `Job mnist`. */
export function shortName(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  const type = types.split("$").at(-1) ?? "";
  return `${type.split(":").at(-1) ?? type} ${name.join("::")}`;
}

/** Follows the engine's events; steps that change nothing are left out, and so are our own grouping components. */
export function progressReader(report: (progress: Progress) => void, now: () => number = Date.now) {
  const since = new Map<string, number>();
  const interesting = (op: string, type: string, urn: string) =>
    verbs[op] !== undefined &&
    type !== "pulumi:pulumi:Stack" &&
    !type.startsWith("inference-infra:") &&
    urn !== "";

  return (event: EngineEvent): void => {
    const begun = event.resourcePreEvent?.metadata;
    if (begun !== undefined && interesting(begun.op, begun.type, begun.urn)) {
      since.set(begun.urn, now());
      report({ kind: "started", resource: shortName(begun.urn), verb: verbs[begun.op] ?? begun.op });
    }
    const done = event.resOutputsEvent?.metadata;
    if (done !== undefined && interesting(done.op, done.type, done.urn)) {
      const seconds = (now() - (since.get(done.urn) ?? now())) / 1000;
      report({ kind: "finished", resource: shortName(done.urn), verb: verbs[done.op] ?? done.op, seconds });
    }
    const failed = event.resOpFailedEvent?.metadata;
    if (failed !== undefined) {
      report({ kind: "failed", resource: shortName(failed.urn), verb: verbs[failed.op] ?? failed.op });
    }
    const said = event.diagnosticEvent;
    // The engine's debug messages, which the type leaves out, hold secrets in the clear.
    if (said !== undefined && String(said.severity) !== "debug") {
      const text = plain(said.message);
      if (text !== "") {
        const resource = said.urn === undefined || said.urn === "" ? "" : shortName(said.urn);
        report({ kind: "message", severity: said.severity, resource, text });
      }
    }
  };
}

/** Pulumi's colour marks (`<{%fg 1%}>`) and trailing blanks taken away. */
export function plain(message: string): string {
  return message.replaceAll(/<\{%.*?%\}>/g, "").trim();
}
