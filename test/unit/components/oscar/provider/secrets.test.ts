import { expect, it } from "vitest";
import { PartialFailure, Secret, type Properties } from "../../../../../provider";
import { exposed, here, plain, when, type Kept } from "./provider-here";

/** Each place where an argument is a secret, and some that the user has marked. */
const secrets: Properties = {
  environment: { secrets: { PASSWORD: "canary-1 with blanks", KEY: "canary-2\nline canary-3" } },
  storageProviders: {
    minio: { other: { endpoint: "https://minio.example.com", accessKey: "canary-4", secretKey: "canary-5" } },
    webdav: { dav: { hostname: "dav.example.com", login: "me", password: "canary-6" } },
  },
  clusters: { far: { endpoint: "https://far.example.com", authUser: "me", authPassword: "canary-7" } },
  annotations: { note: new Secret("canary-8") },
};
/** What an answer may have of them; logs come line by line. */
const echo = [
  "canary-1 with blanks",
  '"canary-2\\nline canary-3"',
  "line canary-3",
  ...["canary-4", "canary-5", "canary-6", "canary-7", "canary-8"],
]
  .map((each) => `<${each}>`)
  .join(" ");

const knative = { backend: "knative", knativeReadyMs: 0 } as const;

/** All that a run shows: what it logs and throws, and what is left of a state when its secrets are taken out. */
async function shown(run: (all: Awaited<ReturnType<typeof here>>, told: string[]) => Promise<unknown>) {
  const told: string[] = [];
  const place = await here(knative);
  try {
    told.push(JSON.stringify(await run(place, told)) ?? "");
  } catch (error) {
    told.push(error instanceof Error ? `${error.message} ${error.stack ?? ""}` : String(error));
    if (error instanceof PartialFailure) told.push(JSON.stringify(error.made));
  }
  return { told: told.join("\n"), place };
}

type Run = Parameters<typeof shown>[0];
const made = async ({ visit }: Awaited<ReturnType<typeof here>>, inputs: Properties): Promise<Kept> =>
  visit().up("nginx", inputs);

it.each<[string, Run]>([
  [
    "faults",
    async ({ visit }, told) => {
      const broken = {
        ...plain,
        ...secrets,
        annotations: { note: new Secret("- canary-8") },
        cpu: new Secret("canary-9"),
      };
      const { failures, inputs } = await visit().check("nginx", broken);
      told.push(JSON.stringify(failures), JSON.stringify(inputs));
      return failures;
    },
  ],
  ["a creation", async (place) => made(place, { ...plain, ...secrets })],
  [
    "a creation that fails with what it was sent",
    async ({ visit, manager }) => {
      manager.faults.plant({ kind: "answer", status: 500, text: `cannot decode ${echo}`, method: "POST" });
      return visit().up("nginx", { ...plain, ...secrets });
    },
  ],
  [
    "a creation that is warned of",
    async ({ visit, manager }, told) => {
      manager.faults.plant({
        kind: "answer",
        status: 201,
        text: `but ${echo}`,
        method: "POST",
        acting: true,
      });
      const { up, told: lines } = visit();
      const found = await up("nginx", { ...plain, ...secrets });
      told.push(...lines);
      expect(lines).toHaveLength(1);
      return found;
    },
  ],
  [
    "pods that do not run",
    async ({ visit, manager, state }) => {
      when(manager, "GET /system/services/nginx/deployment", () => {
        Object.assign(state.deployment("nginx") ?? {}, {
          failure: `failed: ${echo}`,
          logs: [echo, "line canary-3"],
        });
      });
      return visit().up("nginx", { ...exposed, ...secrets });
    },
  ],
  [
    "a smoke test that answers with them",
    async ({ visit, state }) => {
      state.answers.set("nginx", { status: 200, body: echo });
      return visit().up("nginx", { ...plain, ...secrets, smokeTest: { body: "{}" } });
    },
  ],
  [
    "a smoke test that fails with them",
    async ({ visit, state }) => {
      state.answers.set("nginx", { status: 500, body: echo });
      return visit().up("nginx", { ...plain, ...secrets, smokeTest: { body: "{}" } });
    },
  ],
  [
    "a diff, and an update that fails with them",
    async (place, told) => {
      const old = await made(place, { ...plain, environment: { secrets: { PASSWORD: "canary-old" } } });
      const { up, check, diff, told: lines } = place.visit();
      const { inputs } = await check("nginx", { ...plain, ...secrets }, old);
      told.push(JSON.stringify(await diff("nginx", old, inputs)));
      place.manager.faults.plant({ kind: "answer", status: 500, text: echo, method: "PUT" });
      return up("nginx", { ...plain, ...secrets }, old).finally(() => told.push(...lines));
    },
  ],
  [
    "a refresh after a change outside",
    async (place, told) => {
      const old = await made(place, { ...plain, ...secrets });
      const fdl = place.state.configMaps.get("oscar-svc/nginx")?.fdl;
      Object.assign(fdl ?? {}, { clusters: {}, annotations: { note: "changed" }, image: "other:1" });
      const { refresh, told: lines } = place.visit();
      const found = await refresh("nginx", old);
      told.push(...lines);
      expect(lines).toHaveLength(1);
      return found;
    },
  ],
  [
    "an import",
    async (place, told) => {
      await made(place, { ...plain, ...secrets, annotations: {} });
      const { import: read, told: lines } = place.visit();
      const found = await read("nginx", "nginx");
      told.push(...lines);
      return found;
    },
  ],
  [
    "a deletion that fails with them",
    async (place) => {
      const old = await made(place, { ...plain, ...secrets });
      place.manager.faults.plant({ kind: "answer", status: 500, text: echo, method: "DELETE" });
      return place.visit().remove("nginx", old);
    },
  ],
])("no secret is shown by %s", async (_, run) => {
  const { told, place } = await shown(run);
  expect(told).not.toBe("");
  expect(told.match(/.{30}canary.{10}/g)).toBeNull();
  expect(told).not.toContain("canary");
  const token = place.state.service("nginx")?.token ?? "no token";
  expect(told).not.toContain(token);
});

it("the secrets do arrive", async () => {
  const { visit, state } = await here(knative);
  await visit().up("nginx", { ...plain, ...secrets });
  expect(state.secrets.get("oscar-svc/nginx")).toEqual({
    PASSWORD: "canary-1 with blanks",
    KEY: "canary-2\nline canary-3",
  });
  expect(state.service("nginx")?.clusters).toMatchObject({ far: { auth_password: "canary-7" } });
});
