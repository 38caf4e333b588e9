import type { Input } from "@pulumi/pulumi";
import { homeEnvironment, type SecretKey } from "../kubernetes/container";
import type { InferenceUiArgs } from "./ui-arguments";

/**
 * The environment of the UI, in both spellings: Gradio's own variables, and `port` and `oscar_endpoint`, which the
 * UIs of the OSCAR project read.
 */
export function uiEnvironment(
  ui: Pick<InferenceUiArgs, "port" | "rootPath" | "oscarEndpoint" | "env" | "exposure"> & {
    readonly model?: { readonly file?: string | undefined };
  },
): Record<string, Input<string>> {
  const { port = 7860, oscarEndpoint, model, exposure } = ui;
  const below = exposure.kind === "ingress" || exposure.kind === "gateway" ? exposure.path : undefined;
  const rootPath = ui.rootPath ?? below ?? "/";
  return {
    ...homeEnvironment,
    GRADIO_SERVER_NAME: "0.0.0.0",
    GRADIO_SERVER_PORT: String(port),
    GRADIO_ANALYTICS_ENABLED: "False",
    GRADIO_TEMP_DIR: "/tmp/gradio",
    port: String(port),
    // Gradio puts it before every path, so that "/" would give "//file".
    ...(rootPath !== "/" && { GRADIO_ROOT_PATH: rootPath }),
    ...(oscarEndpoint !== undefined && { oscar_endpoint: oscarEndpoint }),
    ...(model?.file !== undefined && { MODEL_PATH: model.file }),
    ...ui.env,
  };
}

/** What people log in with, from the Secret that holds it. */
export function loginEnvironment(secretName: Input<string> | undefined): Record<string, SecretKey> {
  if (secretName === undefined) return {};
  return { UI_USERNAME: { secretName, key: "username" }, UI_PASSWORD: { secretName, key: "password" } };
}
