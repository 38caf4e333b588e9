import { describe, expect, it } from "vitest";
import { Secret, type Properties } from "../../../../../provider";
import { exposed, failure, here, plain, type Kept } from "./provider-here";

const knative = { backend: "knative", knativeReadyMs: 0 } as const;
const place = (path: string) => ({ storageProvider: "minio", path });
const list = "GET /system/services";

async function made(inputs: Properties, options: Parameters<typeof here>[0] = knative) {
  const all = await here(options);
  const old: Kept = await all.visit().up("nginx", inputs);
  all.calls();
  const edit = (fields: object): void => {
    Object.assign(all.state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, fields);
  };
  return { ...all, old, edit };
}

describe("a refresh", () => {
  it("of what is as it was gives back what it was, by one request", async () => {
    const { visit, old, calls } = await made({
      ...exposed,
      input: [place("in")],
      environment: { secrets: { A: "canary" } },
    });
    const { refresh, told } = visit();
    expect(await refresh("nginx", old)).toEqual({ id: "nginx", inputs: old.inputs, state: old.state });
    expect([calls(), told]).toEqual([[list], []]);
  });

  it("of 100 services is one request, and so is a second time within the visit", async () => {
    const { visit, state, calls } = await here(knative);
    await visit().up("service-0", plain);
    const first = state.configMaps.get("oscar-svc/service-0");
    const fdl = first?.fdl;
    if (first === undefined || fdl === undefined) throw new Error("there is no service");
    const names = Array.from({ length: 100 }, (_, index) => `service-${index}`);
    for (const name of names) {
      state.configMaps.set(`oscar-svc/${name}`, {
        script: first.script,
        fdl: { ...structuredClone(fdl), name },
      });
    }
    calls();
    const { refresh, told } = visit();
    const all = await Promise.all(
      [...names, ...names].map((name) => refresh(name, { id: name, inputs: { ...plain, name }, state: {} })),
    );
    expect(all.map((found) => found?.id)).toEqual([...names, ...names]);
    expect([calls(), told]).toEqual([[list], []]);
  });

  it("after a change in the same visit asks again", async () => {
    const { visit, old, calls } = await made(plain);
    const { refresh, up } = visit();
    await refresh("nginx", old);
    const next = await up("nginx", { ...plain, memory: "1Gi" }, old);
    calls();
    expect((await refresh("nginx", next))?.inputs["memory"]).toBe("1Gi");
    expect(calls()).toEqual([list]);
  });

  it("tells what was changed outside, and the next run puts it right", async () => {
    const inputs = { ...exposed, input: [place("in")], cpu: "0.20", labels: { team: "a" } };
    const { visit, old, edit, state } = await made(inputs);
    edit({ memory: "9Gi", labels: { ...state.service("nginx")?.labels, team: "b" } });
    const { refresh, told } = visit();
    const found = await refresh("nginx", old);
    expect(found?.inputs).toEqual({ ...old.inputs, memory: "9Gi", labels: { team: "b" } });
    expect(found?.state).toEqual({ ...old.state, memory: "9Gi", labels: { team: "b" } });
    expect(told).toEqual(["warning: was changed outside of Pulumi: labels.team, memory"]);
    if (found === undefined) return;
    await visit().up("nginx", inputs, found);
    expect(state.service("nginx")).toMatchObject({ memory: "256Mi", labels: { team: "a" } });
    expect((await visit().refresh("nginx", found))?.inputs["memory"]).toBeUndefined();
  });

  it("finds out that it was deleted, and the next run makes it again", async () => {
    const { visit, old, state, calls } = await made(plain);
    state.configMaps.clear();
    state.knativeServices.clear();
    expect(await visit().refresh("nginx", old)).toBeUndefined();
    // What the list does not have is looked for alone.
    expect(calls()).toEqual([list, "GET /system/services/nginx"]);
    expect((await visit().up("nginx", plain)).step).toBe("create");
  });

  it("does not take a service for gone that the list leaves out", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 200, text: "null", path: "/system/services" });
    expect((await visit().refresh("nginx", old))?.id).toBe("nginx");
  });

  it("asks one by one when another service makes the list fail", async () => {
    const { visit, old, state, calls } = await made(plain);
    state.configMaps.set("oscar-svc/bad", { fdl: undefined, script: "" });
    const { refresh } = visit();
    expect((await refresh("nginx", old))?.inputs).toEqual(old.inputs);
    expect(calls()).toEqual([list, "GET /system/services/nginx"]);
    await refresh("nginx", old);
    expect(calls()).toEqual(["GET /system/services/nginx"]);
  });

  it("tells that a secret came or went, and nothing of their values", async () => {
    const { visit, old, state, edit } = await made({ ...plain, environment: { secrets: { A: "canary-a" } } });
    state.secrets.set("oscar-svc/nginx", { A: "changed outside" });
    const { refresh, told } = visit();
    expect((await refresh("nginx", old))?.inputs).toEqual(old.inputs);
    expect(told).toEqual([]);
    edit({ environment: { variables: {}, secrets: { A: "", B: "" } } });
    const other = visit();
    const found = await other.refresh("nginx", old);
    expect(found?.inputs["environment"]).toEqual({
      secrets: { A: new Secret("canary-a"), B: new Secret("") },
    });
    expect(other.told).toEqual(["warning: was changed outside of Pulumi: environment.secrets.B"]);
  });

  it("tells a fresh token", async () => {
    const { visit, old, edit } = await made(plain);
    edit({ token: "f".repeat(64) });
    expect((await visit().refresh("nginx", old))?.state["token"]).toEqual(new Secret("f".repeat(64)));
  });

  it.each<[string, Properties, string]>([
    [
      "down",
      {},
      "OSCAR does not answer: GET /system/services at URL: nothing listens there; is the Manager running, and is this its address? (ECONNREFUSED)",
    ],
    [
      "of another password",
      { password: "canary" },
      "OSCAR at URL does not accept the provider's credentials (GET /system/services: 401); give the provider the username and the password that OSCAR was installed with",
    ],
  ])("of a Manager that is %s fails, and takes nothing for gone", async (why, config, message) => {
    const { visit, old, manager, url } = await made(plain);
    if (why === "down") await manager.stop();
    expect(await failure(visit(config).refresh("nginx", old))).toBe(message.replace("URL", url));
  });

  it("of an address that is no Manager's fails", async () => {
    const { visit, old, manager } = await made(plain);
    manager.faults.plant({ kind: "answer", status: 200, text: "<html>", path: "/system/services" });
    expect(await failure(visit().refresh("nginx", old))).toMatch(
      /is this the address of an OSCAR Manager\?$/,
    );
  });
});

describe("an import", () => {
  const inputs = {
    ...exposed,
    memory: "1Gi",
    input: [place("nginx/in")],
    environment: { variables: { MODEL: "m" } },
    expose: { apiPort: 80, nodePort: 0 },
  };

  it("reads what is there as arguments, and the program that says the same is no change", async () => {
    const { visit } = await made(inputs);
    const { import: read, told, check, diff } = visit();
    const found = await read("adopted", "nginx");
    expect(found).toMatchObject({
      id: "nginx",
      inputs: { name: "nginx", image: "nginx:1.27", memory: "1Gi", allowBucketDeletion: false },
      // Whether a port was chosen or asked for is not told.
      state: {
        url: "http://127.0.0.1:30577/",
        nodePorts: [30577],
        buckets: ["nginx"],
        token: expect.any(Secret) as Secret,
      },
    });
    expect(told).toEqual([]);
    if (found === undefined) return;
    const checked = await check("adopted", { ...inputs, name: "nginx" }, found);
    expect(checked.failures).toEqual([]);
    expect(await diff("adopted", found, checked.inputs)).toEqual({
      changes: false,
      detailed: {},
      deleteBeforeReplace: false,
    });
  });

  it("of what is not there is nothing", async () => {
    const { visit } = await here();
    expect(await visit().import("adopted", "nginx")).toBeUndefined();
  });

  it("tells where the program says something else", async () => {
    const { visit } = await made(inputs);
    const { import: read, diff, check } = visit();
    const found = await read("adopted", "nginx");
    if (found === undefined) throw new Error("nothing was found");
    const { inputs: other } = await check(
      "adopted",
      { ...inputs, name: "nginx", memory: "2Gi", cpu: "1" },
      found,
    );
    expect((await diff("adopted", found, other)).detailed).toEqual({
      cpu: { kind: "add" },
      memory: { kind: "update" },
    });
  });

  it("says which secrets have to be given; they are sent with the next run, and never blank ones", async () => {
    const { visit, state, manager } = await made({ ...plain, environment: { secrets: { A: "a", B: "b" } } });
    const { import: read, told, check, diff } = visit();
    const found = await read("adopted", "nginx");
    if (found === undefined) throw new Error("nothing was found");
    expect(told).toEqual([
      "warning: OSCAR does not tell the values of environment.secrets.A, environment.secrets.B; a program that imports it has to give them, and the next run sends them",
    ]);
    expect(found.inputs["environment"]).toEqual({ secrets: { A: new Secret(""), B: new Secret("") } });
    // `pulumi import` checks what was read, as it is.
    expect((await check("adopted", found.inputs, found)).failures).toEqual([]);

    const given = { ...plain, name: "nginx", environment: { secrets: { A: "canary-a", B: "canary-b" } } };
    const { inputs: checked } = await check("adopted", given, found);
    expect((await diff("adopted", found, checked)).changes).toBe(false);
    manager.calls.length = 0;

    // The engine keeps the program's inputs, with the state that was read; a refresh leaves that so.
    const kept = await visit().refresh("adopted", { ...found, inputs: checked });
    if (kept === undefined) throw new Error("nothing was found");
    const next = await visit().up("adopted", given, kept);
    expect([next.step, manager.changes]).toEqual(["update", ["PUT /system/services"]]);
    expect(state.secrets.get("oscar-svc/nginx")).toEqual({ A: "canary-a", B: "canary-b" });
    expect((await visit().up("adopted", given, next)).step).toBe("same");
  });

  it("with secrets left blank changes the rest, and keeps the real ones", async () => {
    const { visit, state } = await made({ ...plain, environment: { secrets: { A: "real" } } });
    const found = await visit().import("adopted", "nginx");
    if (found === undefined) throw new Error("nothing was found");
    const next = await visit().up("adopted", { ...found.inputs, memory: "1Gi" }, found);
    expect(next.step).toBe("update");
    expect(state.secrets.get("oscar-svc/nginx")).toEqual({ A: "real" });
    const half = { ...next.inputs, environment: { secrets: { A: "", B: "new" } } };
    expect(await failure(visit().up("adopted", half, next))).toBe(
      "environment.secrets.A: got an empty text; allowed: the value, which OSCAR does not tell",
    );
    const replacing = { ...next.inputs, expose: { apiPort: 80 } };
    expect(await failure(visit().preview("adopted", replacing, next))).toBe(
      "environment.secrets.A: got an empty text; allowed: the value, which OSCAR does not tell",
    );
    expect(state.secrets.get("oscar-svc/nginx")).toEqual({ A: "real" });
  });

  it("refuses to give back a secret that went away and whose value it does not know", async () => {
    const { visit, edit, manager } = await made({ ...plain, environment: { secrets: { A: "real" } } });
    const found = await visit().import("adopted", "nginx");
    if (found === undefined) throw new Error("nothing was found");
    edit({ environment: { variables: {}, secrets: {} } });
    manager.calls.length = 0;
    expect(await failure(visit().up("adopted", { ...found.inputs, memory: "1Gi" }, found))).toBe(
      "environment.secrets.A: got an empty text; allowed: the value, which OSCAR does not tell",
    );
    expect(manager.changes).toEqual([]);
  });
});
