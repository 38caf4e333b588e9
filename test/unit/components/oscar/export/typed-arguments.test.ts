import fc from "fast-check";
import { check, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import {
  exportedFiles,
  exportedText,
  root,
  type Origin,
} from "../../../../../components/oscar/export/exported-file";
import { changeOf } from "../../../../../components/oscar/service/changes";
import { drift, observed } from "../../../../../components/oscar/service/drift";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import { adoptedSpec } from "../../../../../components/oscar/service/spec-of";
import type { WireService } from "../../../../../components/oscar/service/wire";
import { golden } from "../../../oscar-manager/playing";
import { anySpec } from "../service/any-spec";
import { knative } from "../service/changing";
import { evaluated, secretOf, specsIn } from "./evaluated";

const origin: Origin = { endpoint: "https://oscar.example.com", login: { kind: "basic", username: "oscar" } };
const answer = (more: object = {}): WireService => JSON.parse(golden("plants", more)) as WireService;
const text = (...specs: ServiceSpec[]) => exportedText(specs, origin);
const least = { name: "plants", image: "nginx:1.29.1", script: "#!/bin/sh\necho hello\n" };

describe("the text", () => {
  it("of a service, whole", async () => {
    const spec: ServiceSpec = {
      ...least,
      memory: "2Gi",
      input: [{ storageProvider: "minio.default", path: "plants/in" }],
      expose: { apiPort: 80, nodePort: 31111 },
      environment: { variables: { "A B": "1" }, secrets: { KEY: "" } },
    };
    expect(await text(spec)).toBe(`import { Config } from "@pulumi/pulumi";
import { OscarProvider } from "./components/oscar/oscar-provider";
import { OscarService } from "./components/oscar/service/oscar-service";

// Secrets, each set once for a stack:
//   npx pulumi config set --secret oscarPassword
//   npx pulumi config set --secret plants-KEY
const config = new Config();

const oscar = new OscarProvider("oscar", {
  endpoint: "https://oscar.example.com",
  credentials: { kind: "basic", password: config.requireSecret("oscarPassword") },
});

// OSCAR has it, but as arguments it is refused; to be corrected:
//   environment.variables: got the name "A B"; allowed: letters, digits, underscores, hyphens and dots, no digit first
new OscarService(
  "plants",
  {
    image: "nginx:1.29.1",
    script: ["#!/bin/sh", "echo hello", ""].join("\\n"),
    memory: "2Gi",
    input: [{ storageProvider: "minio.default", path: "plants/in" }],
    expose: {
      apiPort: 80,
      // 0 where OSCAR chose the port: an update that names it would take the route away.
      nodePort: 31111,
    },
    environment: {
      variables: { "A B": "1" },
      secrets: {
        // OSCAR does not tell the values of secrets.
        KEY: config.requireSecret("plants-KEY"),
      },
    },
  },
  { provider: oscar, import: "plants" },
);
`);
  });

  it.each<[string, Partial<ServiceSpec>, string | undefined]>([
    ["no tag", { image: "nginx" }, "It does not say which image it is"],
    ["latest", { image: "docker://nginx:latest" }, "It does not say which image it is"],
    ["a tag", {}, undefined],
    [
      "a folder of the computer behind a virtual node",
      { image: "/images/x.sif", interlinkNodeName: "node" },
      undefined,
    ],
  ])("says of an image with %s what is missing", async (_, more, said) => {
    const written = await text({ ...least, ...more });
    if (said === undefined) expect(written).not.toContain("// It");
    else expect(written).toMatch(new RegExp(`// ${said}.*\\n +image:`));
  });

  it("says that a script is lost", async () => {
    expect(await text({ ...least, script: "" })).toMatch(/\/\/ OSCAR has none.*\n +script: "",/);
  });

  it("names a script that is beside it as Pulumi finds it", async () => {
    const files = await exportedFiles(
      [{ ...least, environment: { secrets: { KEY: "" } } }],
      origin,
      `${root}/lab/mine`,
    );
    const [module, script] = files;
    expect(script).toEqual({ path: `${root}/lab/mine/plants.sh`, text: least.script });
    expect(module?.path).toBe(`${root}/lab/mine/services.ts`);
    expect(module?.text).toContain('from "../../components/oscar/service/script";');
    expect(module?.text).toContain('script: readScript("lab/mine/plants.sh"),');
  });

  it("writes no script elsewhere, whatever OSCAR calls a service", async () => {
    await expect(exportedFiles([{ ...least, name: "../x" }], origin, `${root}/lab`)).rejects.toThrow(
      'service: got "../x"; allowed: letters',
    );
  });

  it.each<[Origin["login"], object, number]>([
    [
      { kind: "basic", username: "me" },
      { kind: "basic", username: "me", password: secretOf("oscarPassword") },
      1,
    ],
    [{ kind: "token" }, { kind: "token", token: secretOf("oscarToken") }, 1],
    [{ kind: "token-file", path: "/run/token" }, { kind: "token-file", path: "/run/token" }, 0],
  ])("logs in as it was read: %j", async (login, credentials, secrets) => {
    const written = await exportedText([least], { ...origin, login });
    expect(evaluated(written)[0]?.args).toEqual({ endpoint: origin.endpoint, credentials });
    expect(written.split("config set --secret").length - 1).toBe(secrets);
  });

  it("has no secret in it, also none that OSCAR shows", async () => {
    const spec: ServiceSpec = {
      ...least,
      storageProviders: {
        webdav: { "my dav": { hostname: "dav.example.org", login: "me", password: "s3cret" } },
      },
      clusters: { there: { endpoint: "https://there.example.org", authUser: "me", authPassword: "s3cret" } },
      federation: { members: [{ type: "endpoint", url: "https://else", headers: { "X-Key": "s3cret" } }] },
    };
    const written = await text(spec);
    expect(written).not.toContain("s3cret");
    expect(specsIn(written)[0]).toEqual(
      JSON.parse(
        JSON.stringify(spec)
          .replace(
            '"password":"s3cret"',
            `"password":"${secretOf("plants-storageProviders-webdav-my_dav-password")}"`,
          )
          .replace("s3cret", secretOf("plants-clusters-there-authPassword"))
          .replace("s3cret", secretOf("plants-federation-members-0-headers-X-Key")),
      ),
    );
  });
});

const taken: Record<string, WireService> = {
  "as it was made": answer(),
  "of a user who logs in by OIDC": answer({
    owner: "u1",
    vo: "vo.test",
    labels: { uid: "u1", vo: "vo.test", owner_name: "me", team: "vision" },
    isolation_level: "USER",
    allowed_users: ["u1", "u2"],
    bucket_list: ["plants-u1"],
  }),
  "exposed at a chosen port": answer({
    expose: {
      min_scale: 1,
      max_scale: 3,
      api_port: [80],
      cpu_threshold: 50,
      nodePort: [30577],
      health_path: "",
    },
  }),
  "with secrets": answer({ environment: { variables: { A: "" }, secrets: { KEY: "" } } }),
  "with a script full of signs": answer({ script: "#!/bin/sh\necho `date` \"${A}\" \\\n  '$B' # ñ€😀\n" }),
};

describe("what is taken over", () => {
  it.each(Object.entries(taken))("is not changed: %s", async (_, live) => {
    const written = await text(adoptedSpec(live));
    const [spec] = specsIn(written);
    if (spec === undefined) throw new Error("nothing is made");
    const desired = serviceDocument(spec);
    expect(drift(desired, live)).toEqual([]);
    // Secrets aside, whose values are not there.
    const there = observed(desired, live);
    expect(changeOf(there, desired, knative)).toEqual({ kind: "nothing" });
    expect(evaluated(written)[1]?.options).toMatchObject({ import: "plants" });
  });

  it("is the same whatever is in it, and the text is as this repository's files are", async () => {
    const style = { ...(await resolveConfig(`${root}/services.ts`)), parser: "typescript" };
    await fc.assert(
      fc.asyncProperty(anySpec, async ({ storageProviders, clusters, federation, kserve, ...rest }) => {
        // Secrets are not written.
        const live = serviceDocument({ ...rest, ...(kserve && { kserve: { ...kserve, env: {} } }) });
        const written = await text(adoptedSpec(live));
        const [spec] = specsIn(written);
        expect(spec && drift(serviceDocument(spec), live)).toEqual([]);
        expect(await check(written, style)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
