import type { Input } from "@pulumi/pulumi";
import { homeEnvironment, type SecretKey } from "../kubernetes/container";
import type { InferenceUiArgs } from "./ui-arguments";

export interface GradioArgs {
  readonly port: number;
  /** The path that its proxy has it under; "/" for none. */
  readonly rootPath: string;
  readonly oscarEndpoint?: Input<string> | undefined;
}

/**
 * What tells an app where it listens and how it is reached, in both spellings: Gradio's own variables, and `port` and
 * `oscar_endpoint`, which the UIs of the OSCAR project read.
 */
export function gradioEnvironment({
  port,
  rootPath,
  oscarEndpoint,
}: GradioArgs): Record<string, Input<string>> {
  return {
    GRADIO_SERVER_NAME: "0.0.0.0",
    GRADIO_SERVER_PORT: String(port),
    GRADIO_ANALYTICS_ENABLED: "False",
    GRADIO_TEMP_DIR: "/tmp/gradio",
    port: String(port),
    // Gradio puts it before every path, so that "/" would give "//file".
    ...(rootPath !== "/" && { GRADIO_ROOT_PATH: rootPath }),
    ...(oscarEndpoint !== undefined && { oscar_endpoint: oscarEndpoint }),
  };
}

/** The environment of the UI's pods. */
export function uiEnvironment(
  ui: Pick<InferenceUiArgs, "port" | "rootPath" | "oscarEndpoint" | "env" | "exposure"> & {
    readonly model?: { readonly file?: string | undefined };
  },
): Record<string, Input<string>> {
  const { port = 7860, oscarEndpoint, model, exposure } = ui;
  const below = exposure.kind === "ingress" || exposure.kind === "gateway" ? exposure.path : undefined;
  return {
    ...homeEnvironment,
    ...gradioEnvironment({ port, rootPath: ui.rootPath ?? below ?? "/", oscarEndpoint }),
    ...(model?.file !== undefined && { MODEL_PATH: model.file }),
    ...ui.env,
  };
}

/** What people log in with, from the Secret that holds it. */
export function loginEnvironment(secretName: Input<string> | undefined): Record<string, SecretKey> {
  if (secretName === undefined) return {};
  return { UI_USERNAME: { secretName, key: "username" }, UI_PASSWORD: { secretName, key: "password" } };
}
