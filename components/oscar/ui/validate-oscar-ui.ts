import { checkAbsolutePath, checkWhole, ifKnown } from "../../kubernetes/checks";
import { validateInferenceUi, type CheckedUiArgs } from "../../serving/validate-ui";
import { checkBytes, checkCpus, checkVariableName } from "../service/service-checks";
import { validateService } from "../service/validate-service";
import { hazardsIn } from "../service/yaml-hazards";
import { exposedUi } from "./exposed-ui";
import type { OscarUiArgs, UiService } from "./ui-args";
import { checkUiEndpoint } from "./ui-endpoint";

/** The arguments, as far as a check looks at them. */
export type CheckedOscarUiArgs = Omit<OscarUiArgs, "as"> & {
  readonly as:
    | ({ readonly kind: "deployment" } & Omit<CheckedUiArgs, keyof OscarUiArgs | "env" | "credentials">)
    | Omit<UiService, "provider">;
};

/** The faults of the arguments, all of them. */
export function validateOscarUi(name: string, args: CheckedOscarUiArgs): string[] {
  const { oscarEndpoint, clearText = false, environment = {} } = args;
  return [
    ...ifKnown(checkUiEndpoint({ clearText }), "oscarEndpoint", oscarEndpoint),
    ...Object.keys(environment).flatMap((variable) => variableFaults(variable)),
    ...(args.as.kind === "deployment"
      ? deploymentFaults(name, args, args.as)
      : serviceFaults(name, args, args.as)),
  ];
}

/** What is an argument of its own, or follows from one. */
const said: Readonly<Record<string, string>> = {
  oscar_endpoint: "oscarEndpoint",
  port: "port",
  GRADIO_SERVER_PORT: "port",
};

function variableFaults(variable: string): string[] {
  const argument = Object.hasOwn(said, variable) ? said[variable] : undefined;
  return argument === undefined
    ? checkVariableName("environment", variable)
    : [`environment: got the name "${variable}"; allowed: others, because ${argument} says it`];
}

function deploymentFaults(
  name: string,
  { image, port, resources }: CheckedOscarUiArgs,
  as: CheckedOscarUiArgs["as"] & { readonly kind: "deployment" },
): string[] {
  return validateInferenceUi(name, {
    ...as,
    image,
    ...(port !== undefined && { port }),
    ...(resources !== undefined && { resources }),
  });
}

function serviceFaults(
  name: string,
  args: CheckedOscarUiArgs,
  as: CheckedOscarUiArgs["as"] & { readonly kind: "service" },
): string[] {
  const { port = 7860, resources, environment, ...others } = args;
  // What this component has a word of its own for is checked here; the rest is the service's.
  const { cpu, memory, ephemeralStorageRequest, expose, ...service } = exposedUi(name, others, as);
  return [
    ...checkWhole("port", port, 1, 65535),
    ...hazardsIn(environment, "environment"),
    ...ifKnown(checkCpus, "resources.cpu", resources?.cpu),
    ...ifKnown(checkBytes, "resources.memory", resources?.memory),
    ...ifKnown(checkBytes, "resources.disk", resources?.disk),
    ...ifKnown(checkAbsolutePath, "rootPath", as.rootPath),
    ...ifKnown(checkAbsolutePath, "probePath", as.probePath),
    ...validateService(service, { pinnedImage: true }),
  ];
}
