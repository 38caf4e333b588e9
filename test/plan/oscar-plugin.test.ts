import { LocalWorkspace, type EngineEvent, type PulumiFn } from "@pulumi/pulumi/automation";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { OscarBucket, OscarProvider, OscarService, type OscarServiceArgs } from "../../components";
import { EngineError, EngineProcesses, pulumiCommand, type EngineOutput } from "../../sandbox/engine/command";
import { openEngineHome, type EngineHome } from "../../sandbox/engine/environment";
import { getTools, type Tool } from "../../sandbox/tools";
import { FakeManager } from "../support/oscar-manager/fake-manager";

/** As a user has it: Pulumi's own engine finds our plugin by Pulumi.yaml and starts it; nothing points it to a server. */
describe("OSCAR's services by plain pulumi", () => {
  const dir = mkdtempSync(join(tmpdir(), "oscar-plugin-"));
  const password = "canary-of-the-password";
  // On Knative an exposed service can be changed in place.
  const manager = new FakeManager({ password, backend: "knative" });
  const bare = join(dir, "bare");
  let endpoint: string;
  let home: EngineHome;
  let pulumi: Tool;

  beforeAll(async () => {
    ({ url: endpoint } = await manager.start());
    ({ pulumi } = await getTools(["pulumi"], { report: () => undefined }));
    home = await openEngineHome(dir);
    writeProject(home.workDir, "nodejs");
    // Without a language, for what needs no program: its language's plugin would have to be installed.
    mkdirSync(bare);
    writeProject(bare);
  });
  afterAll(async () => {
    await manager.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const nginx: OscarServiceArgs = {
    image: "nginx:1.29.1",
    script: "#!/bin/sh\nexec nginx\n",
    expose: { apiPort: 80, setAuth: true },
    input: [{ storageProvider: "minio.default", path: "nginx/input" }],
    environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: "canary-of-the-key" } },
  };

  const lab = () => new OscarProvider("lab", { endpoint, credentials: { kind: "basic", password } });

  /** Without a secret, which OSCAR 4.1 does not show again. */
  const plants: OscarServiceArgs = { image: "plants:1.2.0", script: "#!/bin/sh\necho hi\n", memory: "1Gi" };

  const program =
    (args: OscarServiceArgs): PulumiFn =>
    async () => {
      const provider = lab();
      new OscarBucket("models", {}, { provider });
      new OscarService("plants", { ...plants, readyWithinSeconds: 0 }, { provider });
      const service = new OscarService("nginx", args, { provider });
      return { url: service.url, token: service.token, buckets: service.buckets, commands: service.commands };
    };

  const open = (stackName: string, run: PulumiFn) => {
    // No PULUMI_DEBUG_PROVIDERS: the home's environment has none of the caller's.
    const command = pulumiCommand(pulumi, new EngineProcesses(), home.env, (args) =>
      args[0] === "stack" && args[1] === "select" ? [...args, "--create"] : args,
    );
    return LocalWorkspace.selectStack(
      { stackName, projectName: "lab", program: run },
      { workDir: home.workDir, pulumiCommand: command },
    );
  };

  const cli = (args: readonly string[]): Promise<EngineOutput> =>
    new EngineProcesses().run(pulumi.path, [...args, "--non-interactive"], { cwd: bare, env: home.env });

  /** All that Pulumi keeps of its stacks. */
  const kept = () =>
    readdirSync(home.stateDir, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => readFileSync(join(each.parentPath, each.name), "utf8"))
      .join("\n");

  it("previews, and asks for no change", async () => {
    const { changeSummary } = await (await open("lab", program(nginx))).preview();
    expect(changeSummary).toEqual({ create: 5 });
    expect(manager.changes).toEqual([]);
  });

  it("makes them, with the outputs that a program needs, and keeps secrets encrypted", async () => {
    const { summary, outputs } = await (await open("lab", program(nginx))).up();
    expect(summary.resourceChanges).toEqual({ create: 5 });
    expect(manager.changes.sort()).toEqual([
      "POST /system/buckets",
      "POST /system/services",
      "POST /system/services",
    ]);
    const token = outputs["token"];
    expect(token?.secret).toBe(true);
    expect(token?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(outputs["url"]).toEqual({ secret: false, value: `${endpoint}/system/services/nginx/exposed/` });
    expect(outputs["buckets"]).toEqual({ secret: false, value: ["nginx"] });
    expect(JSON.stringify(outputs["commands"]?.value)).not.toContain(String(token?.value));
    const state = kept();
    expect(state).toContain('"nginx:1.29.1"');
    for (const canary of [password, "canary-of-the-key", String(token?.value)])
      expect(state).not.toContain(canary);
  });

  it("changes nothing where nothing changed, and finds nothing changed", async () => {
    const stack = await open("lab", program(nginx));
    manager.calls.length = 0;
    expect((await stack.up({ expectNoChanges: true })).summary.resourceChanges).toEqual({ same: 5 });
    await stack.refresh({ expectNoChanges: true });
    expect(manager.changes).toEqual([]);
  });

  it("changes what changed, and shows no secret on the way", async () => {
    const said: string[] = [];
    const stack = await open(
      "lab",
      program({ ...nginx, environment: { variables: { LEVEL: "2" }, secrets: { API_KEY: "canary-new" } } }),
    );
    const { summary } = await stack.up({
      diff: true,
      onOutput: (text) => said.push(text),
      onEvent: (event: EngineEvent) => {
        // What Pulumi's SDK says to `--debug` is in clear.
        if (event.diagnosticEvent?.prefix?.startsWith("debug") !== true) said.push(JSON.stringify(event));
      },
    });
    expect(summary.resourceChanges).toEqual({ same: 4, update: 1 });
    expect(said.join("\n")).toContain('~ LEVEL: "1" => "2"');
    for (const line of said) expect(line).not.toContain("canary");
    expect(manager.changes[0]).toBe("PUT /system/services");
  });

  it("says that OSCAR does not take the password, and not which one", async () => {
    const wrong = await open("wrong", async () => {
      const credentials = { kind: "basic", password: "canary-wrong" } as const;
      new OscarService("other", nginx, { provider: new OscarProvider("lab", { endpoint, credentials }) });
    });
    const error: unknown = await wrong.up().catch((each: unknown) => each);
    expect(error).toBeInstanceOf(EngineError);
    expect(String(error)).toMatch(/401/);
    expect(String(error)).not.toContain("canary-wrong");
  });

  it("takes over a service by the option import, and by pulumi import", async () => {
    const adopting = await open("adopting", async () => {
      new OscarService("plants", plants, { provider: lab(), import: "plants", retainOnDelete: true });
    });
    manager.calls.length = 0;
    const { summary } = await adopting.up();
    expect(summary.resourceChanges).toEqual({ create: 2, import: 1 });
    expect(kept()).toContain('"plants:1.2.0"');
    await (await open("importing", async () => void lab())).up();
    const urn = "urn:pulumi:importing::lab::pulumi:providers:oscar::lab";
    await cli([
      ...["import", "oscar:index:Service", "plants", "plants", "--stack", "importing", "--yes"],
      ...["--provider", `lab=${urn}`, "--generate-code=false", "--protect=false", "--skip-preview"],
    ]);
    const importing = await open("importing", async () => {
      new OscarService("plants", plants, { provider: lab(), retainOnDelete: true });
    });
    expect((await importing.preview()).changeSummary).toEqual({ same: 3 });
    expect(manager.changes).toEqual([]);
  });

  it("takes them away, once their buckets may go", async () => {
    const stack = await open("lab", program({ ...nginx, allowBucketDeletion: true }));
    await stack.up();
    const { summary } = await stack.destroy();
    expect(summary.resourceChanges).toEqual({ delete: 5 });
    expect(manager.state.configMaps.size).toBe(0);
    expect(manager.changes.slice(-3).sort()).toEqual([
      "DELETE /system/buckets/models",
      "DELETE /system/services/nginx",
      "DELETE /system/services/plants",
    ]);
  });
});

/** A project whose file says where the plugin is: relative to its folder, as in our own. */
function writeProject(folder: string, runtime?: string): void {
  const path = relative(folder, join(__dirname, "../../components/oscar/plugin"));
  const project = {
    name: "lab",
    ...(runtime !== undefined && { runtime }),
    plugins: { providers: [{ name: "oscar", path }] },
  };
  writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
}
