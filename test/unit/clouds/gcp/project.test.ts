import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileProject } from "../../../../sandbox/clouds/gcp/project";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gcp-project-"));
});
afterEach(() => rm(folder, { recursive: true }));

const path = () => join(folder, "gcp", "project.json");
const resource = (name: string) => ({ type: "t", name, state: { name } });

it("is empty at first, and then in a file for its owner alone, with no half-written one beside it", async () => {
  const project = fileProject(path());
  expect(await project.read()).toEqual({ resources: {} });
  await project.change((resources) => {
    resources["a"] = resource("a");
  });
  expect(JSON.parse(await readFile(path(), "utf8"))).toEqual({ resources: { a: resource("a") } });
  expect((await stat(path())).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "gcp"))).toEqual(["project.json"]);
});

it("is read anew, so that another one's changes count", async () => {
  const [one, other] = [fileProject(path()), fileProject(path())];
  await one.change((resources) => {
    resources["a"] = resource("a");
  });
  await other.change((resources) => {
    expect(Object.keys(resources)).toEqual(["a"]);
    resources["b"] = resource("b");
  });
  expect(Object.keys((await one.read()).resources)).toEqual(["a", "b"]);
});

it("takes one change after the other, and none that fails", async () => {
  const project = fileProject(path());
  const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const changes = names.map((name) =>
    project.change(async (resources) => {
      await new Promise((done) => setTimeout(done, 1));
      resources[name] = resource(name);
    }),
  );
  const failed = project.change((resources) => {
    resources["bad"] = resource("bad");
    throw new Error("refused");
  });
  await expect(failed).rejects.toThrow("refused");
  await Promise.all(changes);
  expect(Object.keys((await project.read()).resources)).toEqual(names);
});

it("does not pass for empty where it cannot be read", async () => {
  const broken = join(folder, "project.json");
  await writeFile(broken, "{");
  await expect(fileProject(broken).read()).rejects.toThrow();
});
