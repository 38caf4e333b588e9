import { createRequire } from "node:module";

const resolve = createRequire(__filename);

/** The version of a package's SDK here, which is the version of the plugin that the engine asks for. */
export function sdkVersion(name: string): string {
  const manifest: { version: string } = resolve(`@pulumi/${name}/package.json`);
  return manifest.version;
}
