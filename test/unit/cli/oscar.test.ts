import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportServices, listServices } from "../../../components/oscar/cli/commands";
import { connect } from "../../../components/oscar/cli/connection";
import { drift } from "../../../components/oscar/service/drift";
import type { ServiceSpec } from "../../../components/oscar/service/service-args";
import { serviceDocument } from "../../../components/oscar/service/service-document";
import { FakeManager } from "../../support/oscar-manager/fake-manager";
import { specsIn } from "../components/oscar/export/evaluated";

const root = join(__dirname, "../../..");
const script = "#!/bin/sh\necho hi\n";
const specs: readonly ServiceSpec[] = [
  { name: "plants", image: "nginx:1.29.1", script, expose: { apiPort: 80, setAuth: true } },
  {
    name: "birds",
    image: "nginx",
    script,
    environment: { variables: { A: "1" }, secrets: { KEY: "s3cret" } },
    output: [{ storageProvider: "minio", path: "out" }],
  },
];

const manager = new FakeManager({ minioRestartMs: 0, users: [{ token: "t0ken", uid: "u1", name: "me" }] });
const home = mkdtempSync(join(tmpdir(), "oscar-cli-"));
let endpoint = "";

beforeAll(async () => {
  endpoint = (await manager.start()).url;
  for (const spec of specs) await administrator().client.services.create(serviceDocument(spec));
});
afterAll(async () => {
  await manager.stop();
  rmSync(home, { recursive: true });
});

const administrator = () => connect({ endpoint }, { env: { OSCAR_PASSWORD: "password" }, folder: home });

/** The services that a text would make, of which none may change what is there. */
async function withoutDrift(text: string, folder = root): Promise<string[]> {
  const found = specsIn(text, (path) => readFileSync(join(folder, path), "utf8"));
  for (const spec of found) {
    const live = await administrator().client.services.get(spec.name);
    expect(live && drift(serviceDocument(spec), live)).toEqual([]);
  }
  return found.map(({ name }) => name);
}

describe("the services of a Manager", () => {
  it("are listed by their names", async () => {
    expect(await listServices(administrator())).toBe("birds   nginx\nplants  nginx:1.29.1  exposed\n");
  });

  it("are exported in the order of the names, each once", async () => {
    const text = await exportServices(administrator(), ["plants", "birds", "plants"], { from: home });
    expect(await withoutDrift(text)).toEqual(["plants", "birds"]);
    expect(text).not.toMatch(/s3cret|"password"/);
  });

  it("are exported into a folder, and nothing is overwritten", async () => {
    const options = { all: true, out: "mine", from: home };
    expect(await exportServices(administrator(), [], options)).toBe(
      "mine/services.ts\nmine/birds.sh\nmine/plants.sh\n",
    );
    expect(await withoutDrift(readFileSync(join(home, "mine/services.ts"), "utf8"))).toEqual([
      "birds",
      "plants",
    ]);
    await expect(exportServices(administrator(), [], options)).rejects.toThrow(
      "--out: mine/services.ts, mine/birds.sh, mine/plants.sh: there already; allowed: another folder",
    );
  });

  it("are those that the credentials may see", async () => {
    const user = connect({ endpoint }, { env: { OSCAR_TOKEN: "t0ken" }, folder: home });
    expect(await listServices(user)).toBe("There are no services, or none for these credentials.\n");
    await expect(exportServices(user, [], { all: true, from: home })).rejects.toThrow(
      "there are no services, or none for these credentials",
    );
  });

  it("are all named that are not there", async () => {
    await expect(
      exportServices(administrator(), ["trees", "plants", "shrubs"], { from: home }),
    ).rejects.toThrow(
      "trees, shrubs: no such service, or not for these credentials; `npm run -s oscar -- list` tells those there are",
    );
  });
});

describe("npm run oscar", () => {
  /** As npm runs it, from a folder and in a home of its own. */
  async function oscar(args: readonly string[], env: Record<string, string>) {
    const { PATH = "" } = process.env;
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      ["--import", "tsx", "components/oscar/cli/oscar.ts", ...args],
      { cwd: root, env: { PATH, HOME: home, INIT_CWD: home, ...env }, extendEnv: false, reject: false },
    );
    return { stdout, stderr, exitCode };
  }

  it("takes cluster and password from oscar-cli, and writes what it is asked for", async () => {
    mkdirSync(join(home, ".oscar-cli"));
    writeFileSync(
      join(home, ".oscar-cli/config.yaml"),
      `oscar:\n  lab: { endpoint: "${endpoint}", auth_user: oscar, auth_password: password }\n`,
    );
    const { stdout, stderr, exitCode } = await oscar(["export", "birds"], {});
    expect([stderr, exitCode]).toEqual(["", 0]);
    expect(await withoutDrift(stdout)).toEqual(["birds"]);
  });

  it("tells a mistake in one line", async () => {
    expect(await oscar(["list", "--endpoint", endpoint], { OSCAR_PASSWORD: "secretpass" })).toEqual({
      stdout: "",
      stderr: "error: GET /system/services: 401: the Manager does not accept these credentials",
      exitCode: 1,
    });
  });

  it("wants names, or all", async () => {
    const { stdout, stderr, exitCode } = await oscar(["export", "birds", "--all"], {});
    expect([stdout, stderr.split("\n")[0], exitCode]).toEqual([
      "",
      "error: export: allowed: names, or --all",
      1,
    ]);
  });
});
