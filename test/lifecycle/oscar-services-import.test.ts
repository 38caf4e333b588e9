import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OscarProvider, OscarService, type OscarServiceArgs } from "../../components";
import { exportServices } from "../../components/oscar/cli/commands";
import { readFdl } from "../../components/oscar/fdl/read-fdl";
import { serviceDocument } from "../../components/oscar/service/service-document";
import { OscarLab, told } from "../support/oscar-lab";
import { changed } from "../support/sandbox";
import { evaluated, type Made } from "../unit/components/oscar/export/evaluated";

/** Services that oscar-cli made from the examples' files, taken over as the export command writes them. */
describe("services that are there already", () => {
  let lab: OscarLab;
  let made: Made[];
  const examples = ["body-pose-detection", "body-pose-detection-async", "nginx", "plant-classification-sync"];

  beforeAll(async () => {
    lab = await OscarLab.start();
    for (const example of examples)
      for (const { spec } of readFdl(`examples/oscar/${example}/${example}.yaml`).services)
        await lab.client.services.create(serviceDocument({ ...spec, image: `${spec.image}:1.0.0` }));
    lab.manager.calls.length = 0;
    const origin = { endpoint: lab.endpoint, login: { kind: "basic", username: "oscar" } } as const;
    made = evaluated(await exportServices({ client: lab.client, origin }, [], { all: true, from: lab.dir }));
  });
  afterAll(() => lab?.stop());

  /** The exported module, with the Manager's password as the configuration would have it. */
  const stack = (adopted: boolean) =>
    lab.stack("adopting", async () => {
      const { endpoint, password } = lab;
      const provider = new OscarProvider("oscar", { endpoint, credentials: { kind: "basic", password } });
      for (const { name, args, options } of made.filter(({ type }) => type === "service"))
        new OscarService(name, args as unknown as OscarServiceArgs, {
          provider,
          ...(!adopted && { import: String(options["import"]) }),
        });
    });

  it("are exported with the option that imports them", () => {
    const found = made.filter(({ type }) => type === "service");
    expect(found.map(({ name }) => name).sort()).toEqual([...examples].sort());
    expect(found.map(({ options }) => options["import"])).toEqual(found.map(({ name }) => name));
  });

  it("are previewed as imports without a difference", async () => {
    const { result, messages } = await told(async (options) => (await stack(false)).preview(options));
    expect(result?.code).toBe(0);
    expect(result?.digest.changeSummary).toEqual({ create: 2, import: examples.length });
    expect(messages.filter((each) => each.includes("do not match"))).toEqual([]);
    for (const step of result?.digest.steps ?? [])
      if (step.op === "import") expect(step.diffReasons ?? []).toEqual([]);
  });

  it("are taken over as they are, and an up changes nothing from then on", async () => {
    expect(changed((await (await stack(false)).up()).changes)).toEqual({
      create: 2,
      import: examples.length,
    });
    expect(changed((await (await stack(true)).up()).changes)).toEqual({});
    await (await stack(true)).refresh({ expectNoChanges: true });
    expect(lab.manager.changes).toEqual([]);
  });
});
