import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(__dirname, "../../../../..");

/** Loads a module as the plugin does, in a process of its own, and tells whether all of Pulumi's SDK came with it. */
const loadsSdk = (module: string): boolean => {
  const script = `
    require("tsx/cjs/api").register();
    require(${JSON.stringify(join(root, module))});
    const loaded = Object.keys(require.cache).some((file) => /@pulumi[\\\\/]pulumi[\\\\/]index\\.js$/.test(file));
    process.stdout.write(String(loaded));`;
  return execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }) === "true";
};

it.each([
  ["components/oscar/provider/oscar-provider.ts", false],
  // That it would be seen.
  ["components/refuse.ts", true],
])("%s loads Pulumi's SDK, for which every run would wait: %s", (module, isLoaded) => {
  expect(loadsSdk(module)).toBe(isLoaded);
});
