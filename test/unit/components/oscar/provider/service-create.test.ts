import { describe, expect, it } from "vitest";
import { Secret, unknown, type Properties } from "../../../../../provider";
import { exposed, failure, here, partial, plain, when } from "./provider-here";

const knative = { backend: "knative", knativeReadyMs: 0 } as const;
const place = (path: string) => ({ storageProvider: "minio", path });
const create = ["GET /system/services/nginx", "POST /system/services", "GET /system/services/nginx"];

describe("a creation", () => {
  it("looks, makes, waits, and tells what became of it", async () => {
    const { visit, calls, url, state } = await here(knative);
    const { up, told } = visit();
    const inputs = { ...plain, input: [place("in")], output: [place("results/out")] };
    const made = await up("nginx", inputs);
    expect(made).toEqual({
      id: "nginx",
      inputs: { ...inputs, name: "nginx" },
      step: "create",
      state: {
        ...inputs,
        name: "nginx",
        token: new Secret(state.service("nginx")?.token ?? ""),
        owner: "cluster_admin",
        buckets: ["nginx", "results"],
        nodePorts: [],
        commands: {
          asynchronous: `base64 FILE | curl -X POST -H "Authorization: Bearer $TOKEN" -d @- ${url}/job/nginx`,
          synchronous: `base64 FILE | curl -X POST -H "Authorization: Bearer $TOKEN" -d @- ${url}/run/nginx`,
          upload: "mc cp FILE minio/nginx/in/",
        },
      },
    });
    expect(told).toEqual([]);
    expect(calls()).toEqual([
      "GET /system/info",
      "GET /system/services/nginx",
      "GET /system/buckets/nginx",
      "GET /system/buckets/nginx",
      "GET /system/buckets/results",
      "GET /system/buckets/results",
      "POST /system/services",
      "GET /system/services/nginx",
      "GET /system/services/nginx/deployment",
    ]);
  });

  it.each<[string, Properties, Properties]>([
    [
      "a path",
      { apiPort: 80, setAuth: true },
      {
        url: "URL/system/services/nginx/exposed/",
        command: 'curl -u "nginx:$TOKEN" URL/system/services/nginx/exposed/',
        ports: [],
      },
    ],
    [
      "a node port of its own",
      { apiPort: 80, nodePort: 31222 },
      { url: "http://127.0.0.1:31222/", command: "curl http://127.0.0.1:31222/", ports: [31222] },
    ],
    [
      "a node port to be chosen",
      { apiPort: 80, nodePort: 0 },
      {
        url: "URL/system/services/nginx/exposed/",
        command: "curl URL/system/services/nginx/exposed/",
        ports: [expect.any(Number) as never],
      },
    ],
  ])("of an exposed service tells where it is reached: %s", async (_, expose, expected) => {
    const { visit, url } = await here();
    const { state } = await visit().up("nginx", { ...plain, expose });
    const commands = state["commands"] as Properties;
    const withUrl = JSON.parse(JSON.stringify(expected).replaceAll("URL", url)) as Properties;
    expect({ url: state["url"], command: commands["exposed"] }).toEqual({
      url: withUrl["url"],
      command: withUrl["command"],
    });
    expect(state["nodePorts"]).toEqual(expected["ports"]);
    expect(commands["synchronous"]).toBeUndefined();
  });

  it("speaks the Manager's version", async () => {
    const { visit, state, manager } = await here({ generation: "4.0" });
    await visit().up("nginx", exposed);
    expect(state.service("nginx")?.expose).toMatchObject({ api_port: [80], max_scale: 10 });
    expect(JSON.parse(manager.calls.find(({ method }) => method === "POST")?.body ?? "")).toMatchObject({
      expose: { api_port: 80 },
    });
  });

  it("makes the smoke test with the service's token, and tells the answer", async () => {
    const { visit, state, manager } = await here(knative);
    state.answers.set("nginx", { status: 200, body: "a cat" });
    const made = await visit().up("nginx", { ...plain, smokeTest: { body: "{}", contentType: "text/x" } });
    expect(made.state["smokeTestAnswer"]).toBe("a cat");
    const call = manager.calls.find(({ path }) => path === "/run/nginx");
    expect([call?.body, call?.authorization]).toEqual(["{}", `Bearer ${state.service("nginx")?.token}`]);
  });

  it("refuses a smoke test where there are no synchronous calls, before anything is made", async () => {
    const { visit, manager } = await here();
    const inputs = { ...plain, smokeTest: { body: "{}" } };
    const fault =
      "smokeTest: got one; allowed: nothing, since this OSCAR has no Knative, which synchronous calls need";
    expect(await failure(visit().preview("nginx", inputs))).toBe(fault);
    expect(await failure(visit().up("nginx", inputs))).toBe(fault);
    expect(manager.changes).toEqual([]);
  });
});

describe("a service that is there, and does not work", () => {
  it("is kept in the state, with the reason and the logs, and is waited for again", async () => {
    const { visit, state, calls } = await here({ rolloutMs: 10_000_000 });
    const kept = await partial(visit().up("nginx", { ...exposed, readyWithinSeconds: 1 }));
    expect(kept.reasons).toEqual([
      'service "nginx" is not ready after 1 s: pending, 1 of 1 pods not ready: MinimumReplicasUnavailable: Deployment does not have minimum availability.\nIts pods have written nothing.',
    ]);
    expect([kept.id, kept.inputs["name"], kept.state["owner"]]).toEqual(["nginx", "nginx", "cluster_admin"]);
    Object.assign(state.deployment("nginx") ?? {}, { changedAt: 0 });
    calls();
    const after = await visit().retry("nginx", kept);
    expect(after).toEqual(kept.state);
    expect(calls()).toEqual([
      "GET /system/info",
      "GET /system/services/nginx",
      "GET /system/services/nginx",
      "GET /system/services/nginx/deployment",
    ]);
  });

  it("is not waited for with readyWithinSeconds: 0", async () => {
    const { visit, calls } = await here({ rolloutMs: 10_000_000 });
    expect((await visit().up("nginx", { ...exposed, readyWithinSeconds: 0 })).step).toBe("create");
    expect(calls()).toEqual(["GET /system/info", ...create]);
  });

  it("is kept when its smoke test fails", async () => {
    const { visit, state } = await here(knative);
    state.answers.set("nginx", { status: 500, body: "no model" });
    const kept = await partial(visit().up("nginx", { ...plain, smokeTest: { body: "{}" } }));
    expect(kept.reasons).toEqual(["smokeTest: POST /run/nginx: 500: no model"]);
  });

  it("is kept when it cannot be read after it was made", async () => {
    const { visit, manager } = await here();
    const { provider, about } = visit();
    when(manager, "POST /system/services", () =>
      manager.faults.plant({ kind: "answer", status: 403, text: "no", method: "GET", times: 9 }),
    );
    const inputs = { ...plain, name: "nginx" };
    const kept = await partial(
      (async () =>
        provider.create({ ...about("nginx"), inputs, preview: false, timeoutSeconds: undefined }))(),
    );
    expect(kept.reasons).toEqual([
      'service "nginx" was made, but cannot be read: GET /system/services/nginx: 403: no',
    ]);
    expect(kept.state["token"]).toBeUndefined();
    manager.faults.clear();
    expect((await visit().retry("nginx", kept))["token"]).toBeInstanceOf(Secret);
  });
});

const importing =
  'to manage it with Pulumi, import it: import: [nginx] where its FDL file is named, the resource option import: "nginx", or pulumi import oscar:index:Service NAME nginx --generate-code=false';

describe("a name that is taken", () => {
  const taken = `service "nginx": there is one of this name already, and names are unique in the whole cluster; ${importing}`;

  it("is refused, and the service stays as it is", async () => {
    const { visit, manager, state } = await here();
    await visit().up("nginx", plain);
    manager.calls.length = 0;
    expect(await failure(visit().preview("other", { ...plain, name: "nginx", memory: "1Gi" }))).toBe(taken);
    expect(await failure(visit().up("other", { ...plain, name: "nginx", memory: "1Gi" }))).toBe(taken);
    expect([manager.changes, state.service("nginx")?.memory]).toEqual([[], "256Mi"]);
  });

  it("by the program's own service says what to do, as when it is replaced by force", async () => {
    const { visit } = await here();
    const old = await visit().up("nginx", plain);
    const run = visit();
    await run.check("nginx", plain, old);
    expect(await failure(run.up("nginx", plain))).toBe(
      'service "nginx": there is one of this name already, and names are unique in the whole cluster; this program has it already: a service that is to be replaced has to go first, by the resource option deleteBeforeReplace: true; another resource needs another name',
    );
  });

  it("is refused when the Manager says so, because it came in between or is not for these credentials", async () => {
    const { visit, manager } = await here();
    manager.faults.plant({
      kind: "answer",
      status: 400,
      text: "A service with the provided name already exists",
      method: "POST",
    });
    expect(await failure(visit().up("nginx", plain))).toBe(taken);
  });

  it("of two at once, one wins", async () => {
    const { visit, manager } = await here();
    const both = await Promise.allSettled([
      visit().up("nginx", plain),
      visit().up("nginx", { ...plain, memory: "1Gi" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(manager.changes).toEqual(["POST /system/services"]);
  });
});

describe("a POST that fails", () => {
  it("after it acted is a success, with a warning", async () => {
    const { visit, manager } = await here();
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "POST", acting: true });
    const { up, told } = visit();
    expect((await up("nginx", plain)).id).toBe("nginx");
    expect(told).toEqual([
      "warning: OSCAR failed after it had made it, and it is there as wanted: POST /system/services: 500: oops",
    ]);
    expect(manager.changes).toEqual(["POST /system/services"]);
  });

  it.each(["cut", "hang"] as const)("without an answer, after it acted, too: %s", async (kind) => {
    const { visit, manager } = await here();
    manager.faults.plant({ kind, method: "POST", acting: true });
    expect((await visit().up("nginx", plain)).id).toBe("nginx");
    expect(manager.changes).toEqual(["POST /system/services"]);
  });

  it("and did nothing is an error with the Manager's words", async () => {
    const { visit, manager } = await here();
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "POST" });
    expect(await failure(visit().up("nginx", plain))).toBe(
      'service "nginx" was not made: POST /system/services: 500: oops',
    );
    expect(manager.changes).toEqual(["POST /system/services"]);
  });

  it("and left another service there is an error that names the differences", async () => {
    const { visit, manager, state } = await here();
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "POST", acting: true });
    when(manager, "POST /system/services", () =>
      when(manager, "GET /system/services/nginx", () => {
        Object.assign(state.configMaps.get("oscar-svc/nginx")?.fdl ?? {}, { memory: "9Gi" });
      }),
    );
    expect(await failure(visit().up("nginx", plain))).toBe(
      `service "nginx" is there now, but differs in memory, after OSCAR failed at making it; ${importing}; or delete it in OSCAR and run again; POST /system/services: 500: oops`,
    );
  });

  it("and cannot be read back is an error that says that nobody knows", async () => {
    const { visit, manager } = await here();
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "POST", acting: true });
    when(manager, "POST /system/services", () =>
      manager.faults.plant({ kind: "answer", status: 503, method: "GET", times: 9 }),
    );
    expect(await failure(visit().up("nginx", plain))).toBe(
      'nobody knows whether service "nginx" was made: POST /system/services: 500: oops; and it cannot be read: GET /system/services/nginx: 503: what stands before the Manager does not reach it; when OSCAR answers again, run "pulumi up" again: if the service is there, that says how to import it',
    );
    manager.faults.clear();
    expect(await failure(visit().up("nginx", plain))).toContain(importing);
    expect(manager.changes).toEqual(["POST /system/services"]);
  });

  it("because of a Secret that an earlier one left says what to delete", async () => {
    const { visit, state } = await here();
    state.secrets.set("oscar-svc/nginx", { A: "" });
    expect(await failure(visit().up("nginx", { ...plain, environment: { secrets: { A: "canary" } } }))).toBe(
      'service "nginx": a Secret of its name is left over from a creation that failed (POST /system/services: 409: A secret with the given name already exists); an administrator has to delete it: kubectl delete secret nginx -n oscar-svc (the namespace of OSCAR\'s services)',
    );
  });

  it("does not stop the ones behind it, and none of them meets another's restart", async () => {
    const { visit, manager, state } = await here({ minioRestartMs: 40 });
    const { up } = visit();
    manager.faults.plant({ kind: "answer", status: 500, text: "oops", method: "POST" });
    const all = await Promise.allSettled(["one", "two", "three"].map((name) => up(name, plain)));
    expect(all.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(manager.changes).toHaveLength(3);
    expect(["two", "three"].map((name) => state.service(name)?.name)).toEqual(["two", "three"]);
  });
});

describe("a bucket that exists", () => {
  const fault =
    'service "nginx": there is a bucket "precious" already, which holds 1 object; allowed: a bucket that is not there, since OSCAR makes it, and deletes it with the service (one left over from an earlier try has to be deleted first; one of others can be mounted)';

  it("is refused at preview and at creation, and stays", async () => {
    const { visit, state, manager } = await here();
    state.plantBucket("precious", { a: 1 });
    const inputs = { ...plain, output: [place("precious/out")] };
    expect(await failure(visit().preview("nginx", inputs))).toBe(fault);
    expect(await failure(visit().up("nginx", inputs))).toBe(fault);
    expect([manager.changes, state.minio.buckets.has("precious")]).toEqual([[], true]);
  });
});

describe("a preview", () => {
  it("tells what is certain, and makes nothing", async () => {
    const { visit, manager, url } = await here(knative);
    const { preview, told } = visit();
    const { id, state } = await preview("nginx", { ...exposed, input: [place("in")], image: unknown });
    expect([id, state["url"], state["buckets"], state["token"], state["owner"]]).toEqual([
      "",
      `${url}/system/services/nginx/exposed/`,
      ["nginx"],
      new Secret(unknown),
      unknown,
    ]);
    expect(told).toEqual(['info: makes bucket "nginx"']);
    expect(manager.changes).toEqual([]);
  });

  it("does not tell what hangs on what is not known", async () => {
    const { visit } = await here(knative);
    const { state } = await visit().preview("nginx", { ...plain, input: unknown, expose: unknown });
    expect([state["url"], state["buckets"], state["commands"]]).toEqual([unknown, unknown, unknown]);
  });

  it("tells names that came as secrets as secrets", async () => {
    const { visit } = await here(knative);
    const { state } = await visit().preview("nginx", {
      ...plain,
      input: [{ ...place("in"), path: new Secret("canary/in") }],
    });
    expect([state["buckets"], state["commands"]]).toEqual([expect.any(Secret), expect.any(Secret)]);
  });

  it("of many says what they cost, and asks for the list once", async () => {
    const { visit, calls } = await here();
    const { preview, told } = visit();
    await Promise.all(Array.from({ length: 25 }, (_, index) => preview(`service-${index}`, plain)));
    expect(told).toEqual([
      "info: 10 services to make: about 64 s, one after the other, since OSCAR restarts MinIO for each",
      "info: 20 services to make: about 128 s, one after the other, since OSCAR restarts MinIO for each",
    ]);
    expect(calls().sort()).toEqual(["GET /system/info", "GET /system/services"]);
  });

  it("of a replacement that the engine asks for by itself does not run into the old one", async () => {
    const { visit } = await here();
    const made = await visit().up("nginx", { ...plain, input: [place("in")] });
    const { check, provider, about } = visit();
    const { inputs } = await check("nginx", made.inputs, made);
    const { id } = await provider.create({
      ...about("nginx"),
      inputs,
      preview: true,
      timeoutSeconds: undefined,
    });
    expect(id).toBe("");
  });
});

describe("an interruption", () => {
  it("ends the waiting, and keeps what was made", async () => {
    const { visit } = await here({ rolloutMs: 10_000_000 });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const kept = await partial(visit({}, stop.signal).up("nginx", exposed));
    expect(kept.reasons).toEqual(['service "nginx" is there; waiting for it was interrupted']);
  });

  it("sends nothing more of what waits in line", async () => {
    const { visit, manager } = await here({ minioRestartMs: 100 });
    const stop = new AbortController();
    const { up } = visit({}, stop.signal);
    const all = Promise.allSettled(["one", "two", "three"].map((name) => up(name, plain)));
    await expect.poll(() => manager.changes).toHaveLength(1);
    stop.abort();
    const messages = (await all).map((each) => (each.status === "rejected" ? String(each.reason) : "made"));
    expect(messages).toEqual([
      'Error: service "one" is there; waiting for it was interrupted',
      "Error: interrupted before anything was sent to OSCAR",
      "Error: interrupted before anything was sent to OSCAR",
    ]);
    expect(manager.changes).toEqual(["POST /system/services"]);
  });
});
