import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OscarServiceArgs } from "../../components";
import type { Fault } from "../../sandbox/oscar-manager/fake-manager.js";
import { OscarLab, plants, plantsIn, told } from "../support/oscar-lab";
import { changed } from "../support/sandbox";

/** What goes wrong with a Manager. Each test has a stack and services of its own, and ends with an `up` without changes. */
describe("services on a Manager that gets it wrong", () => {
  let lab: OscarLab;
  beforeAll(async () => {
    lab = await OscarLab.start({ minioRestartMs: 150 });
  });
  afterEach(() => lab.manager.faults.clear());
  afterAll(() => lab?.stop());

  type Named = Readonly<Record<string, OscarServiceArgs>>;
  const up = (stack: string, services: Named) =>
    told(async (options) => (await lab.services(stack, services)).up(options));
  const preview = (stack: string, services: Named) =>
    told(async (options) => (await lab.services(stack, services)).preview(options));
  const refresh = (stack: string, services: Named) =>
    told(async (options) => (await lab.services(stack, services)).refresh(options));
  const plant = (fault: Fault) => lab.manager.faults.plant(fault);
  const sent = (method: string) => lab.manager.changes.filter((each) => each.startsWith(method));

  async function expectConverged(stack: string, services: Named) {
    const { result, error } = await up(stack, services);
    expect(error).toBe("");
    expect(changed(result?.changes ?? {})).toEqual({});
    expect(lab.there).toEqual(expect.arrayContaining(Object.keys(services)));
  }

  it("goes on when a Manager is back that was down at preview, up and refresh", async () => {
    const down = { "down-a": plantsIn("down-a"), "down-b": plantsIn("down-b") };
    await lab.manager.stop();
    const seen = await preview("down", down);
    expect(seen.result?.code).toBe(0);
    expect(seen.messages.filter((each) => each.includes("cannot be foreseen"))).toHaveLength(1);
    expect(seen.messages.join("\n")).toContain("nothing listens there; is the Manager running");
    const failed = await up("down", down);
    expect(failed.messages.join("\n")).toContain("OSCAR does not answer");
    await lab.manager.start();
    expect(changed((await up("down", down)).result?.changes ?? {})).toEqual({ create: 2 });
    await lab.manager.stop();
    const unread = await refresh("down", down);
    expect(unread.heard).toContain("OSCAR does not answer");
    await lab.manager.start();
    await expectConverged("down", down);
  });

  it("makes none twice when a Manager is restarted in the middle", async () => {
    const names = ["mid-a", "mid-b", "mid-c"];
    const services = Object.fromEntries(names.map((name) => [name, plantsIn(name)]));
    let restart: Promise<unknown> | undefined;
    const stack = await lab.services("mid", services);
    await told(
      (options) => stack.up(options),
      ({ kind, ...rest }) => {
        if (kind === "finished" && "resource" in rest && rest.resource.startsWith("Service "))
          restart ??= lab.manager.stop().then(() => lab.manager.start());
      },
    );
    expect(restart).toBeDefined();
    await restart;
    expect((await up("mid", services)).error).toBe("");
    await expectConverged("mid", services);
    for (const name of names) expect(lab.manager.state.minio.buckets.has(name)).toBe(true);
  });

  it.each([
    ["answers 500", { kind: "answer", status: 500, text: "after the act" }],
    ["is too slow", { kind: "hang" }],
    ["breaks the connection", { kind: "cut" }],
  ] as const)("believes what is there when it %s after it acted", async (what, fault) => {
    const name = `acted-${fault.kind}`;
    const [before, posts, puts, deletes] = [plantsIn(name), sent("POST"), sent("PUT"), sent("DELETE")];
    plant({ ...fault, acting: true, method: "POST", path: "/system/services" });
    const made = await up(name, { [name]: before });
    expect([what, made.error]).toEqual([what, ""]);
    expect(made.messages.join("\n")).toContain("it is there as wanted");
    await expectConverged(name, { [name]: before });
    const after = { ...before, image: "ghcr.io/acme/plants:1.3.0" };
    plant({ ...fault, acting: true, method: "PUT", path: "/system/services" });
    const updated = await up(name, { [name]: after });
    expect(updated.error).toBe("");
    expect(updated.messages.join("\n")).toContain("after it had stored the change");
    expect(lab.manager.state.service(name)?.image).toBe(after.image);
    await expectConverged(name, { [name]: after });
    plant({ ...fault, acting: true, method: "DELETE", path: `/system/services/${name}` });
    const gone = await up(name, {});
    expect(gone.error).toBe("");
    expect(gone.messages.join("\n")).toContain("after it had deleted it");
    expect(lab.there).not.toContain(name);
    expect(sent("POST").length - posts.length).toBe(1);
    expect(sent("PUT").length - puts.length).toBe(1);
    expect(sent("DELETE").length - deletes.length).toBe(1);
    await expectConverged(name, {});
  });

  it("says that nothing was made when it answers 500 and did nothing; the next up makes it", async () => {
    const services = { idle: plantsIn("idle") };
    plant({ kind: "answer", status: 500, text: "the disk is full", method: "POST" });
    const { messages } = await up("idle", services);
    expect(messages.join("\n")).toContain('service "idle" was not made');
    expect(messages.join("\n")).toContain("the disk is full");
    expect(lab.there).not.toContain("idle");
    expect(changed((await up("idle", services)).result?.changes ?? {})).toEqual({ create: 1 });
    await expectConverged("idle", services);
  });

  it("makes again what was deleted behind its back, and sets right what was edited", async () => {
    const services = { gone: plantsIn("gone"), edited: plantsIn("edited") };
    await up("behind", services);
    await lab.client.services.delete("gone");
    lab.manager.state.edit("edited", (service) => (service.image = "ghcr.io/acme/other:2"));
    const found = await refresh("behind", services);
    expect(changed(found.result ?? {})).toEqual({ delete: 1, update: 1 });
    expect(found.messages).toContain("was changed outside of Pulumi: image");
    const { result } = await up("behind", services);
    expect(changed(result?.changes ?? {})).toEqual({ create: 1, update: 1 });
    expect(lab.manager.state.service("edited")?.image).toBe(plants.image);
    await expectConverged("behind", services);
  });

  it("cannot see that a secret was changed outside, and claims nothing of the kind", async () => {
    const services = { secretive: plantsIn("secretive") };
    await up("secretive", services);
    const { secrets } = lab.manager.state;
    const [key] = [...secrets.keys()].filter((each) => each.includes("secretive"));
    const held = secrets.get(key ?? "");
    expect(held).toHaveProperty("API_KEY");
    if (held !== undefined) held["API_KEY"] = "of someone else";
    const { result, messages } = await refresh("secretive", services);
    expect(changed(result ?? {})).toEqual({});
    expect(messages).toEqual([]);
    await expectConverged("secretive", services);
  });

  it("does not believe that a secret was stored when it failed, and sends it again", async () => {
    const withKey = (key: string) => {
      const service = plantsIn("doubtful");
      return {
        doubtful: { ...service, environment: { variables: { LEVEL: "1" }, secrets: { API_KEY: key } } },
      };
    };
    const stored = () => [...lab.manager.state.secrets].find(([key]) => key.endsWith("/doubtful"))?.[1];
    await up("doubtful", withKey("old"));
    plant({ kind: "answer", status: 500, text: "the disk is full", method: "PUT" });
    const { messages } = await up("doubtful", withKey("new"));
    expect(messages.join("\n")).toContain("environment.secrets.API_KEY, which OSCAR does not tell");
    expect(stored()).toEqual({ API_KEY: "old" });
    expect(changed((await up("doubtful", withKey("new"))).result?.changes ?? {})).toEqual({ update: 1 });
    expect(stored()).toEqual({ API_KEY: "new" });
    await expectConverged("doubtful", withKey("new"));
  });

  it("refuses a service whose bucket is there, before anything is sent", async () => {
    lab.manager.state.plantBucket("precious", { "input/thesis.pdf": 1 });
    const services = { taking: plantsIn("precious") };
    const changes = [...lab.manager.changes];
    const seen = await preview("taking", services);
    expect(seen.result?.code).not.toBe(0);
    expect(seen.heard).toContain("there is a bucket");
    const { error } = await up("taking", services);
    expect(error).toContain('there is a bucket "precious" already, which holds 1 object');
    expect(lab.manager.changes).toEqual(changes);
    expect(lab.manager.state.minio.buckets.get("precious")?.objects.size).toBe(1);
  });

  it("ends well where two ups meet on one Manager, each in MinIO's restarts of the other", async () => {
    const of = (letter: string) =>
      Object.fromEntries([1, 2, 3, 4].map((each) => [`${letter}${each}`, plantsIn(`two-${letter}${each}`)]));
    // By another name it is another Manager to the client, which puts its own changes in a row.
    const elsewhere = { endpoint: lab.endpoint.replace("127.0.0.1", "localhost") };
    const refused = "dial tcp 127.0.0.1:9000: connect: connection refused";
    // They meet by chance, and once by this.
    plant({
      ...{ kind: "answer", status: 500, method: "POST", path: "/system/services" },
      text: `error registering the service's webhook: Put "http://minio.minio:9000/": ${refused}`,
    });
    const before = sent("POST").length;
    const [left, right] = await Promise.all([
      told(async (options) => (await lab.services("left", of("l"))).up(options)),
      told(async (options) => (await lab.services("right", of("r"), elsewhere)).up(options)),
    ]);
    expect([left.error, right.error]).toEqual(["", ""]);
    expect(lab.there).toEqual(expect.arrayContaining(Object.keys({ ...of("l"), ...of("r") })));
    expect(sent("POST").length - before).toBeGreaterThan(8);
    await expectConverged("left", of("l"));
  });

  it("says that the password is wrong, without a stack trace and without the password", async () => {
    const names = ["wrong-1", "wrong-2", "wrong-3"];
    const services = Object.fromEntries(names.map((name) => [name, plantsIn(name)]));
    const wrong = () => lab.services("wrong", services, { password: "canary-of-a-wrong-one" });
    const seen = await told(async (options) => (await wrong()).preview(options));
    let made = seen;
    const asked = await lab.asked(async () => {
      made = { ...(await told(async (options) => (await wrong()).up(options))), result: undefined };
    });
    // The engine repeats it for those that it makes at the same time; the Manager is asked once.
    expect(asked).toEqual(["GET /system/info"]);
    for (const { messages, heard } of [seen, made]) {
      const about = messages.filter((each) => each.includes("does not accept the provider's credentials"));
      expect(new Set(about).size).toBe(1);
      expect(heard).not.toContain("canary");
      expect(heard).not.toMatch(/^\s+at .*:\d+:\d+/m);
    }
  });
});
