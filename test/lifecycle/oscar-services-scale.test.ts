import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OscarLab, plantsIn, told } from "../support/oscar-lab";
import { changed } from "../support/sandbox";

/** What a hundred services cost, in requests: seconds are the Manager's, and of the machine that runs this. */
describe("a hundred services", () => {
  let lab: OscarLab;
  beforeAll(async () => {
    lab = await OscarLab.start();
  });
  afterAll(() => lab?.stop());

  const names = Array.from({ length: 100 }, (_, index) => `service-${index}`);
  const services = Object.fromEntries(names.map((name) => [name, plantsIn(`bucket-${name}`)]));
  const stack = () => lab.services("hundred", services);

  it("tells beforehand what they will cost, and asks for each once", async () => {
    let messages: readonly string[] = [];
    const asked = await lab.asked(async () => {
      ({ messages } = await told(async (options) => (await stack()).preview(options)));
    });
    expect(messages).toContain(
      "100 services to make: about 640 s, one after the other, since OSCAR restarts MinIO for each",
    );
    expect(asked.filter((each) => each === "GET /system/services")).toHaveLength(1);
    // For each service's bucket, and, since it is missing, whether this Manager tells of such.
    expect(asked.filter((each) => each.startsWith("GET /system/buckets/"))).toHaveLength(2 * names.length);
    expect(asked).toHaveLength(2 * names.length + 2);
    expect(lab.manager.changes).toEqual([]);
  });

  it("makes one after the other: of two at a time, MinIO's restart would have refused one", async () => {
    const { result, error } = await told(async (options) => (await stack()).up(options));
    expect(error).toBe("");
    expect(changed(result?.changes ?? {})).toEqual({ create: 102 });
    expect(lab.manager.changes).toEqual(names.map(() => "POST /system/services"));
    expect(lab.there).toEqual([...names].sort());
  });

  it("asks nothing where nothing changed", async () => {
    const asked = await lab.asked(async () =>
      expect(changed((await (await stack()).up()).changes)).toEqual({}),
    );
    expect(asked).toEqual([]);
  });

  it("reads them all by one list", async () => {
    const asked = await lab.asked(async () => (await stack()).refresh({ expectNoChanges: true }));
    expect(asked).toEqual(["GET /system/services"]);
  });
});
