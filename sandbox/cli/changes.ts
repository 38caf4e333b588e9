import chalk from "chalk";
import type { ChangeSummary, PreviewDigest, PreviewStep } from "../engine/stack";

const words: Record<string, string> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  same: "unchanged",
  read: "read",
  refresh: "read",
};

/** `{create: 3, same: 2}` → `3 created, 2 unchanged`. */
export function describeChanges(changes: ChangeSummary): string {
  const parts = Object.entries(words).flatMap(([op, word]) =>
    (changes[op] ?? 0) > 0 ? [`${changes[op]} ${word}`] : [],
  );
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}

const marks: Record<string, string> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "±",
  same: " ",
  read: "·",
};

/** The digest as a tree: what would be made, changed or replaced, each under its component. */
export function digestLines(stack: string, digest: PreviewDigest): string[] {
  const steps = digest.steps ?? [];
  const urns = new Set(steps.map(({ urn }) => urn));
  const parentOf = ({ newState, oldState }: PreviewStep) => (newState ?? oldState)?.parent ?? "";
  const below = (parent: string, level: number): string[] =>
    steps
      // The engine's order is whatever was registered first.
      .toSorted((a, b) => a.urn.localeCompare(b.urn))
      .filter((step) => (level === 0 ? !urns.has(parentOf(step)) : parentOf(step) === parent))
      .flatMap((step) => [...stepLine(step, level), ...below(step.urn, level + 1)]);
  return [chalk.bold(`stack ${stack}`), ...below("", 0), `  ${plannedChanges(digest.changeSummary ?? {})}`];
}

function stepLine(
  { op, urn, newState, oldState, replaceReasons, diffReasons }: PreviewStep,
  level: number,
): string[] {
  const { type = "" } = newState ?? oldState ?? {};
  const mark = marks[op];
  if (mark === undefined || type === "pulumi:pulumi:Stack") return [];
  const reasons = replaceReasons ?? diffReasons ?? [];
  const why = reasons.length > 0 ? chalk.dim(` [${reasons.join(", ")}]`) : "";
  return [`${"  ".repeat(level)}${mark} ${type} ${urn.split("::").slice(3).join("::")}${why}`];
}

function plannedChanges(changes: ChangeSummary): string {
  const parts = Object.entries(changes).map(
    ([op, count]) => `${count} to ${op === "same" ? "leave as they are" : op}`,
  );
  return parts.length === 0 ? "no resources" : parts.join(", ");
}

export function problemLines(digest: PreviewDigest): string[] {
  return (
    (digest.diagnostics ?? [])
      .filter(({ severity }) => severity === "error" || severity === "warning")
      .map(
        ({ severity = "", message = "" }) =>
          `${severity}: ${message
            .replaceAll(/<\{%.*?%\}>/g, "")
            .replace(/^(error: )+/, "")
            .trim()}`,
      )
      // It has been said what failed.
      .filter((line, _, all) => line !== "error: preview failed" || all.length === 1)
  );
}

export function printDigest(stack: string, digest: PreviewDigest): void {
  for (const line of digestLines(stack, digest)) console.log(line);
  for (const line of problemLines(digest)) console.error(line);
}
