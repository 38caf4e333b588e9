import { existsSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sdkVersion } from "../../../sandbox/clouds/versions";
import { findGenuineKubernetesPlugin, getGenuineKubernetesPlugin, type Tool } from "../../../sandbox/tools";
import { emptyMachine, kinds, script } from "./support";

const program = "pulumi-resource-kubernetes";
const version = sdkVersion("kubernetes");

function machine(install: string) {
  const { root, bin, cacheDir, env, events, report } = emptyMachine();
  const log = join(root, "pulumi.log");
  const path = script(join(root, "pulumi"), `echo "$@" >> ${log}\n${install}`);
  const pulumi: Tool = { name: "pulumi", path, version: "3.250.0", origin: "cache" };
  const folder = join(root, ".pulumi", "plugins", `resource-kubernetes-v${version}`);
  const memo = join(cacheDir, `${program}-${version}.not-installed`);
  const asked = () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);
  return { root, bin, env, events, folder, memo, asked, options: { pulumi, env, cacheDir, report } };
}

const installs = `/bin/mkdir -p "$HOME/.pulumi/plugins/resource-kubernetes-v$5"
echo > "$HOME/.pulumi/plugins/resource-kubernetes-v$5/${program}"
/bin/chmod 755 "$HOME/.pulumi/plugins/resource-kubernetes-v$5/${program}"`;
const fails = `echo working >&2; echo "error: no route to host" >&2; exit 255`;

describe("the genuine Kubernetes plugin", () => {
  it("is taken from PATH, but not from node_modules/.bin", async () => {
    const { root, bin, env, options, asked } = machine(fails);
    const shims = join(root, "node_modules", ".bin");
    script(join(shims, program), "");
    const PATH = `${shims}:${bin}`;
    expect(findGenuineKubernetesPlugin({ ...env, PATH })).toBeUndefined();
    script(join(bin, program), "");
    expect(await getGenuineKubernetesPlugin({ ...options, env: { ...env, PATH } })).toBe(bin);
    expect(asked()).toEqual([]);
  });

  it("is taken from Pulumi's plugin folder, in the SDK's version only", async () => {
    const { root, env, folder, options, asked } = machine(fails);
    script(join(root, ".pulumi", "plugins", "resource-kubernetes-v4.0.0", program), "");
    expect(findGenuineKubernetesPlugin(env)).toBeUndefined();
    script(join(folder, program), "");
    expect(await getGenuineKubernetesPlugin(options)).toBe(folder);
    expect(asked()).toEqual([]);
  });

  it("is looked for in $PULUMI_HOME", () => {
    const { root, env } = machine(fails);
    const home = join(root, "home");
    const folder = join(home, "plugins", `resource-kubernetes-v${version}`);
    script(join(folder, program), "");
    expect(findGenuineKubernetesPlugin({ ...env, PULUMI_HOME: home })).toBe(folder);
  });

  it("is installed where it is missing", async () => {
    const { folder, memo, options, asked } = machine(installs);
    expect(await getGenuineKubernetesPlugin(options)).toBe(folder);
    expect(asked()).toEqual([`plugin install resource kubernetes ${version}`]);
    expect(existsSync(memo)).toBe(false);
  });

  it("is not installed unasked", async () => {
    const { options, asked, memo } = machine(installs);
    expect(await getGenuineKubernetesPlugin({ ...options, install: false })).toBeUndefined();
    expect(asked()).toEqual([]);
    expect(existsSync(memo)).toBe(false);
  });

  it("is tried once a day when the installation fails", async () => {
    const { events, memo, options, asked } = machine(fails);
    expect(await getGenuineKubernetesPlugin(options)).toBeUndefined();
    expect(await getGenuineKubernetesPlugin(options)).toBeUndefined();
    expect(asked()).toHaveLength(1);
    expect(kinds(events)).toEqual([
      `downloading ${program} from Pulumi's plugin servers`,
      `not-downloaded ${program}: error: no route to host (tried again in a day)`,
    ]);
    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    utimesSync(memo, yesterday, yesterday);
    expect(await getGenuineKubernetesPlugin(options)).toBeUndefined();
    expect(asked()).toHaveLength(2);
  });

  it("is not waited for where the run is cancelled, and tried again by the next", async () => {
    const { options, memo } = machine("exec /bin/sleep 60");
    const signal = AbortSignal.timeout(200);
    await expect(getGenuineKubernetesPlugin({ ...options, signal })).rejects.toThrow(
      "aborted due to timeout",
    );
    expect(existsSync(memo)).toBe(false);
  });

  it("is not believed to be there when the installation only says so", async () => {
    const { options } = machine("exit 0");
    expect(await getGenuineKubernetesPlugin(options)).toBeUndefined();
  });
});
