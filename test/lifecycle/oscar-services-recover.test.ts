import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../sandbox/project";
import { OscarLab, plantsIn, told } from "../support/oscar-lab";
import { changed } from "../support/sandbox";

/** `npm run recover` after the engine was killed while the Manager made a service. */
describe("a service that an interrupted run asked for", () => {
  let lab: OscarLab;
  beforeAll(async () => {
    lab = await OscarLab.start();
  });
  afterEach(() => lab.manager.faults.clear());
  afterAll(() => lab?.stop());

  const node = (script: string, ...args: string[]) =>
    execa("node", ["--import", join(root, "node_modules/tsx/dist/loader.mjs"), join(root, script), ...args], {
      cwd: lab.home.workDir,
      env: { ...lab.home.env, ...lab.providers },
      extendEnv: false,
      reject: false,
    });
  const recover = (stack: string) => node("sandbox/cli/recover.ts", stack, "--yes");

  async function killed(stack: string, when: "starting" | "made") {
    const { PULUMI_DEBUG_PROVIDERS: providers } = lab.providers;
    const where = [lab.home.dir, providers, lab.endpoint, lab.password];
    const { stdout, stderr } = await node("test/support/killed-services.ts", ...where, stack, when);
    expect({ stdout, stderr }).toEqual({ stdout: "killed", stderr: "" });
  }
  const up = (name: string) =>
    told(async (options) => (await lab.services(name, { [name]: plantsIn(name) })).up(options));
  const posts = () => lab.manager.changes.filter((each) => each.startsWith("POST ")).length;

  it("is adopted where it is there, and no second one is made", async () => {
    lab.manager.faults.plant({ kind: "hang", acting: true, method: "POST" });
    await killed("made", "made");
    const token = lab.manager.state.service("made")?.token;
    const { stdout, exitCode } = await recover("made");
    expect({ stdout, exitCode }).toEqual({
      stdout: expect.stringContaining("adopt Service made: an interrupted run made it as made"),
      exitCode: 0,
    });
    expect(changed((await up("made")).result?.changes ?? {})).toEqual({});
    expect([posts(), lab.manager.state.service("made")?.token]).toEqual([1, token]);
  });

  it("is forgotten where it is not there, and the next up makes it", async () => {
    lab.manager.faults.plant({ kind: "hang", method: "POST" });
    await killed("unmade", "starting");
    expect((await recover("unmade")).stdout).toContain(
      "forget Service unmade: an interrupted run asked for it, but it was not made",
    );
    lab.manager.faults.clear();
    expect(changed((await up("unmade")).result?.changes ?? {})).toEqual({ create: 1 });
    expect(lab.there).toContain("unmade");
  });

  it("is not taken for another one of its name, which someone else made meanwhile", async () => {
    lab.manager.faults.plant({ kind: "hang", method: "POST" });
    await killed("other", "starting");
    lab.manager.faults.clear();
    await lab.client.services.create({ name: "other", image: "ghcr.io/acme/other:1", script: "#!/bin/sh\n" });
    expect((await recover("other")).stdout).toContain("forget Service other");
    const { messages } = await up("other");
    expect(messages.join("\n")).toContain("there is one of this name already");
    expect(lab.manager.state.service("other")?.image).toBe("ghcr.io/acme/other:1");
  });
});
