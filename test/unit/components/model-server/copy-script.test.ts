import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkScript } from "../../../../components/serving/model-server/copy-script";
import { modelSum, Place, runId } from "./copying";

const both = ["saved_model.pb", "variables/variables.index"];
let place: Place;
afterEach(() => place.remove());

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const from = (scheme = "gs") =>
  `${scheme}://mnist/mlflow-tracking-server/${runId}/artifacts/model/data/model`;

describe.each(["gcs", "s3"] as const)("a copy from %s", (client) => {
  beforeEach(() => {
    place = new Place(client);
  });
  const scheme = client === "gcs" ? "gs" : "s3";
  const missing = `model: there is nothing in ${from(scheme)}; allowed: the id of a run that logged a model there (runId, prefix, path)`;

  it("has all files, and a list of them that find and sha256sum would give", async () => {
    const { code, stdout, stderr } = await place.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      `model: copying ${from(scheme)} to ${place.into}\nmodel: ${place.into} is whole; its sum is ${modelSum}\n`,
    );
    expect(place.copy("variables/variables.index")).toBe("weights\n");
    const listed = "find . -type f -exec sha256sum {} + | LC_ALL=C sort";
    const { stdout: found } = spawnSync("/bin/sh", ["-c", listed], { cwd: place.into, encoding: "utf8" });
    expect(readFileSync(place.marker, "utf8")).toBe(found);
  });

  it("is not made again where it is whole", async () => {
    await place.run();
    place.fetched();
    const { code, stdout } = await place.run({ MODEL_SHA256: modelSum });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `model: ${place.into} is there, and whole\n` });
    expect(place.calls()).toEqual([]);
  });

  it("is mended where a file is broken or gone, and the others are left", async () => {
    await place.run();
    writeFileSync(join(place.into, "saved_model.pb"), "grapf\n");
    place.fetched();
    const { code, stdout } = await place.run();
    expect(code).toBe(0);
    expect(stdout).toContain("model: ./saved_model.pb is broken, and fetched again\n");
    expect(place.fetched()).toEqual(["saved_model.pb"]);
    expect(place.copy("saved_model.pb")).toBe("graph\n");
  });

  it("goes on after the line broke, with what was not fetched yet", async () => {
    place.faults("fetch: Connection reset by peer");
    const { code, stdout } = await place.run();
    expect(code).toBe(0);
    expect(stdout).toContain(
      `model: the copy from ${from(scheme)} broke off. Connection reset by peer\nmodel: try 2 of 3 is in 0.1 s\n`,
    );
    expect(place.fetched()).toEqual(both);
    expect(existsSync(place.marker)).toBe(true);
  });

  it("goes on in the next container after this one was stopped", async () => {
    place.faults("fetch: hang");
    const { stop } = place.start();
    while (place.copy("saved_model.pb") === undefined) await sleep(20);
    await sleep(50);
    expect(await stop()).toBe(143);
    expect(existsSync(place.marker)).toBe(false);
    expect(place.fetched()).toEqual(["saved_model.pb"]);
    expect((await place.run()).code).toBe(0);
    expect(place.fetched()).toEqual(["variables/variables.index"]);
  });

  it("gives up a broken line after its tries, with the client's words last", async () => {
    place.faults(
      "fetch: Connection reset by peer",
      "fetch: Connection reset",
      "fetch: Network is unreachable",
    );
    // Each try has fetched a file more, and there are two: the third finds nothing left to do, and fails all the same.
    const { code, stderr } = await place.run();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `model: the copy from ${from(scheme)} broke off. Network is unreachable\n`,
    });
    expect(existsSync(place.marker)).toBe(false);
  });

  it("bears a refusal for a while, for a right takes a minute to be heeded", async () => {
    const denied =
      client === "gcs"
        ? "ERROR: (gcloud.storage.ls) HTTPError 403: the caller does not have storage.objects.list access."
        : "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied";
    place.faults(`ls: ${denied}`);
    expect((await place.run()).code).toBe(0);
    place.remove();
    place = new Place(client);
    place.faults(`ls: ${denied}`, `ls: ${denied}`, `ls: ${denied}`);
    expect(await place.run()).toMatchObject({
      code: 1,
      stderr: `model: the pod may not read ${from(scheme)}, or there is no such bucket; needed: the right to list and read its objects. ${denied}\n`,
    });
    expect(place.calls().filter((call) => call.startsWith("fetched"))).toEqual([]);
  });

  it("says at once that there is no such run", async () => {
    const wrong = from(scheme).replace(runId, "0000");
    const { code, stderr } = await place.run({ MODEL_FROM: wrong });
    expect(code).toBe(1);
    expect(stderr).toContain(missing.replace(runId, "0000"));
    expect(place.calls()).toHaveLength(1);
  });

  it("says at once that the volume is full", async () => {
    place.faults("fetch: [Errno 28] No space left on device");
    expect(await place.run()).toMatchObject({
      code: 1,
      stderr: `model: the volume at ${place.into} is full; needed: a larger one. [Errno 28] No space left on device\n`,
    });
  });

  it("says that nothing can be written", async () => {
    place.write("models", "a file");
    const { code, stderr } = await place.run();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      `model: nothing can be written to ${place.into}: is the volume full, or not this user's? mkdir: `,
    );
    expect(place.calls()).toEqual([]);
  });

  it("refuses a model with another sum, and keeps none of it", async () => {
    const expected = "0".repeat(64);
    const { code, stderr } = await place.run({ MODEL_SHA256: expected }, { tries: 1 });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `model: the model's sum is ${modelSum}; expected: ${expected}. What was copied is thrown away\n`,
    });
    expect(place.copy("saved_model.pb")).toBeUndefined();
    expect(existsSync(place.marker)).toBe(false);
  });

  it("leaves a whole model that is there, though another sum is expected of it now", async () => {
    await place.run();
    const expected = "0".repeat(64);
    expect(await place.run({ MODEL_SHA256: expected })).toMatchObject({
      code: 1,
      stderr: `model: the sum of what is in ${place.into} already is ${modelSum}; expected: ${expected}, or that folder removed\n`,
    });
    expect(place.copy("saved_model.pb")).toBe("graph\n");
    expect(existsSync(place.marker)).toBe(true);
  });

  it("takes a model with the sum that is expected", async () => {
    expect((await place.run({ MODEL_SHA256: modelSum })).code).toBe(0);
  });
});

describe("the client", () => {
  it("gcloud compares by checksums", async () => {
    place = new Place("gcs");
    await place.run();
    expect(place.calls().filter((call) => !call.startsWith("fetched"))).toEqual([
      `gcloud storage ls ${from()}/`,
      `gcloud storage rsync --recursive --checksums-only --verbosity=error ${from()} ${place.into}`,
    ]);
  });

  it("aws has options, and its leavings are no part of the model", async () => {
    place = new Place("s3");
    mkdirSync(join(place.into, "variables"), { recursive: true });
    writeFileSync(join(place.into, "saved_model.pb.6eF2a1B0"), "half");
    writeFileSync(join(place.into, "variables/variables.index.00aF2a1B"), "half");
    expect((await place.run({ MODEL_CLIENT_OPTIONS: "--no-sign-request" })).stdout).toContain(modelSum);
    expect(place.calls().filter((call) => !call.startsWith("fetched"))).toEqual([
      `aws s3 ls --no-sign-request ${from("s3")}/`,
      `aws s3 sync --no-sign-request --only-show-errors ${from("s3")} ${place.into}`,
    ]);
  });
});

describe("a claim of several pods", () => {
  beforeEach(() => {
    place = new Place();
  });
  const shared = { shared: true };

  it("is written to by one at a time; the others find a whole model", async () => {
    const first = place.start({ SLOW: "1", HOSTNAME: "first" }, shared);
    while (!existsSync(`${place.marker}.lock`)) await sleep(10);
    const second = await place.run({ HOSTNAME: "second" }, shared);
    expect((await first.ended).code).toBe(0);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain("model: another pod is copying it\n");
    expect(second.stdout).toContain(`model: ${place.into} is there, and whole\n`);
    expect(place.fetched()).toEqual(both);
    expect(existsSync(`${place.marker}.lock`)).toBe(false);
  });

  it("is not kept by a pod that is gone", async () => {
    mkdirSync(`${place.marker}.lock`, { recursive: true });
    writeFileSync(`${place.marker}.lock/beat`, "gone 7\n");
    const { code, stdout } = await place.run({}, shared);
    expect(code).toBe(0);
    expect(stdout).toContain("model: the pod that copied is gone; its work is taken up\n");
    expect(existsSync(`${place.marker}.lock`)).toBe(false);
  });

  it("is given back by a pod that is stopped", async () => {
    place.faults("fetch: hang");
    const { stop } = place.start({}, shared);
    while (place.copy("saved_model.pb") === undefined) await sleep(20);
    await sleep(50);
    expect(await stop()).toBe(143);
    expect(existsSync(`${place.marker}.lock`)).toBe(false);
  });
});

describe("a look at a mounted model", () => {
  beforeEach(() => {
    place = new Place();
  });
  const look = (folder: string, ...more: string[]) => {
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", checkScript, folder, from(), ...more], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const inBucket = () => join(place.root, "buckets", from().slice("gs://".length));

  it.each([[[]], [["prefetch"]]])("finds it, %j", (more) => {
    expect(look(inBucket(), ...more)).toEqual({
      status: 0,
      stdout: `model: ${from()} is at ${inBucket()}\n`,
      stderr: "",
    });
  });

  it("says that there is none", () => {
    mkdirSync(join(place.root, "empty"));
    expect(look(join(place.root, "empty"))).toEqual({
      status: 1,
      stdout: "",
      stderr: `model: there is nothing in ${from()}; allowed: the id of a run that logged a model there (runId, prefix, path)\n`,
    });
  });

  it("says that it cannot be read", () => {
    const { status, stderr } = look(join(place.root, "nowhere"));
    expect(status).toBe(1);
    expect(stderr).toMatch(`model: ${from()} cannot be read: ls: cannot access`);
  });
});
