import { messageOf } from "../../../components/messages";
import type { CheckFailure, Properties } from "../../../provider";
import { redact } from "./checkpoint";
import { describe, isBuiltIn, kindOfType, refOf } from "./objects";
import { KubernetesError } from "./store";

/** Options that would have to change what is done, and do not here. */
const missingOptions = ["renderYamlToDirectory", "upsertExistingObjects", "enableReplaceCRD"];

/** What Pulumi's own provider can do, and the stand-in cannot. */
export function absent(what: string): Error {
  return new Error(
    `the simulated Kubernetes provider has no ${what}; use the genuine one (--kubernetes genuine)`,
  );
}

export function absentOptions(config: Properties): CheckFailure[] {
  const missing = missingOptions.filter((key) => config[key] !== undefined && !isOff(config[key]));
  return [
    ...missing.map((property) => ({ property, reason: absent(property).message })),
    ...(isOff(config["enableServerSideApply"])
      ? [{ property: "enableServerSideApply", reason: absent("client-side apply").message }]
      : []),
  ];
}

export function absentType(type: string): CheckFailure[] {
  const { apiVersion, kind } = kindOfType(type);
  const isAbsent =
    (isBuiltIn(apiVersion) && /(Patch|List)$/.test(kind)) || /^(helm\.sh|yaml|kustomize)/.test(apiVersion);
  return isAbsent ? [{ property: "", reason: absent(type).message }] : [];
}

/** Options of a provider arrive as booleans or as their texts. */
export function isOn(option: Properties[string] | undefined): boolean {
  return option === true || option === "true";
}

function isOff(option: Properties[string] | undefined): boolean {
  return option === false || option === "false";
}

/** The API server's refusal, with the object that it refused, without what must not be shown. */
export function explain(error: unknown, inputs: Properties): Error {
  const message = messageOf(error);
  const hint =
    error instanceof KubernetesError && error.reason === "AlreadyExists"
      ? "; an object of that name is not this stack's: import it, or give another name"
      : "";
  return new Error(`${describe(refOf(inputs))}: ${redact(message, inputs)}${hint}`);
}
