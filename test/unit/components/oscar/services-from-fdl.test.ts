import { log, output } from "@pulumi/pulumi";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  servicesFromFdl,
  type ServicesFromFdlOptions,
} from "../../../../components/oscar/fdl/services-from-fdl";
import { OscarProvider } from "../../../../components/oscar/oscar-provider";
import { run } from "../../../support/mocks";

const fixture = (path: string) => join(__dirname, "fdl/fixtures", path);
const nginx = fixture("golden/nginx/nginx.yaml");
const several = fixture("several/several.yaml");

const dir = mkdtempSync(join(tmpdir(), "services-from-fdl-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A file in which two services have an image of one name without a tag. */
const twins = join(dir, "twins.yaml");
writeFileSync(
  twins,
  [
    "functions:",
    "  oscar:",
    ...["one", "two"].map((name) => `  - lab: {name: ${name}, image: nginx, script: run.sh}`),
  ].join("\n"),
);
writeFileSync(join(dir, "run.sh"), "#!/bin/sh\n");

/** Two services with faults. */
const faulty = join(dir, "faulty.yaml");
writeFileSync(
  faulty,
  [
    "functions:",
    "  oscar:",
    "  - lab: {name: One, image: nginx:1.29.1, script: run.sh, cpu: much}",
    "  - lab: {name: two, image: nginx:1.29.1, script: run.sh, memory: 10}",
  ].join("\n"),
);

const lab = (name = "lab") =>
  new OscarProvider(name, {
    endpoint: "https://oscar.example.com",
    credentials: { kind: "basic", password: "s3cret" },
  });

const made = (path: string, options?: ServicesFromFdlOptions, preview = false) =>
  run(preview, () => servicesFromFdl(path, lab(), options)).then((told) => ({
    ...told,
    services: told.registered.filter(({ type }) => type === "oscar:index:Service"),
  }));

let warned: string[];
beforeEach(() => {
  warned = [];
  vi.spyOn(log, "warn").mockImplementation(async (message) => void warned.push(message));
});
afterEach(() => vi.restoreAllMocks());

describe.each([false, true])("services of an FDL file, preview %s", (preview) => {
  it("are those of the file, by name", async () => {
    const { services, result } = await made(nginx, {}, preview);
    expect(services).toEqual([
      {
        type: "oscar:index:Service",
        name: "nginx",
        inputs: {
          name: "nginx",
          clusterId: "oscar-cluster",
          image: "nginx",
          script: '#!/bin/sh\nexec nginx -g "daemon off;"\n',
          cpu: "1.0",
          memory: "2Gi",
          expose: { apiPort: 80, minScale: 2, maxScale: 10, cpuThreshold: 50 },
        },
        parent: "Stack test-test",
        provider: "lab",
        dependsOn: [],
        options: { deleteBeforeReplace: true },
      },
    ]);
    expect(Object.keys(result)).toEqual(["nginx"]);
    expect(warned).toEqual([
      `${nginx}:7: functions.oscar[0].oscar-cluster.image: got "nginx"; better: an image with a tag (not latest) or a digest`,
    ]);
  });

  it("have other images, and options, where they are told so", async () => {
    const { services } = await made(
      nginx,
      {
        cluster: "oscar-cluster",
        images: { nginx: output("nginx:1.29.1") },
        allowBucketDeletion: true,
        readyWithinSeconds: 60,
        prefix: "lab",
        import: ["nginx"],
        resourceOptions: { protect: true },
      },
      preview,
    );
    expect(services).toMatchObject([
      {
        name: "lab-nginx",
        inputs: { name: "nginx", image: "nginx:1.29.1", allowBucketDeletion: true, readyWithinSeconds: 60 },
        options: { protect: true, import: "nginx" },
      },
    ]);
    expect(warned).toEqual([]);
  });

  it("are those of one cluster, of a file for several", async () => {
    const both = await run(preview, () => ({
      eu: servicesFromFdl(several, lab("eu"), {
        cluster: "lab-eu",
        prefix: "eu",
        images: { detector: "d:2" },
      }),
      us: servicesFromFdl(several, lab("us"), { cluster: "lab-us", prefix: "us" }),
    }));
    expect(Object.keys(both.result.eu)).toEqual(["detector", "describe"]);
    expect(Object.keys(both.result.us)).toEqual(["detector"]);
    const services = both.registered.filter(({ type }) => type === "oscar:index:Service");
    expect(services.map(({ name, provider }) => `${name} of ${provider}`).sort()).toEqual([
      "eu-describe of eu",
      "eu-detector of eu",
      "us-detector of us",
    ]);
    expect(services.find(({ name }) => name === "eu-detector")?.inputs).toMatchObject({
      image: "d:2",
      // Known to be secrets, though the file has them in clear.
      environment: { secrets: { API_KEY: { secret: "k3y" }, refresh_token: { secret: "t0ken" } } },
      clusters: { "lab-us": { authPassword: { secret: "cl4ster" } } },
    });
  });
});

describe("which services are made", () => {
  it("can be chosen, each with its test", async () => {
    const { services } = await made(twins, { only: ["two"], smokeTests: { two: { body: "{}" } } });
    expect(services.map(({ name, inputs }) => [name, inputs["smokeTest"]])).toEqual([
      ["two", { body: "{}" }],
    ]);
  });

  it.each<[string, string, ServicesFromFdlOptions, ...string[]]>([
    [
      "one cluster of several",
      several,
      {},
      "cluster: got none; allowed: one of those in the file: lab-eu, lab-us",
    ],
    [
      "a cluster of the file",
      nginx,
      { cluster: "lab" },
      'cluster: got "lab"; allowed: one of those in the file: oscar-cluster',
    ],
    [
      "services of the file",
      several,
      {
        cluster: "lab-eu",
        only: ["describe", "x"],
        images: { detector: "d:1" },
        import: ["z"],
        smokeTests: { y: { body: "" } },
      },
      'only: got "x"; allowed: a service of the file: detector, describe',
      'images: got "detector"; allowed: a service of the file: describe',
      'import: got "z"; allowed: a service of the file: describe',
      'smokeTests: got "y"; allowed: a service of the file: describe',
    ],
  ])("has to be %s", async (_what, path, options, ...faults) => {
    await expect(made(path, options)).rejects.toThrow(
      expect.objectContaining({ message: [`FDL ${path}:`, ...faults].join("\n  ") }),
    );
  });
});

describe("warnings of an FDL file", () => {
  it("are not those of other clusters' services", async () => {
    await made(several, { cluster: "lab-eu" });
    expect(warned.filter((warning) => warning.includes("].lab-us."))).toEqual([]);
    expect(warned.filter((warning) => warning.includes("].lab-eu.")).length).toBeGreaterThan(0);
  });

  it("remain for an image that one service of two still has", async () => {
    await made(twins, { images: { one: "nginx:1.29.1" } });
    expect(warned.length).toBeGreaterThan(0);
    warned = [];
    await made(twins, { images: { one: "nginx:1.29.1", two: "nginx:1.29.1" } });
    expect(warned).toEqual([]);
  });
});

describe("faults of an FDL file", () => {
  const isImage = "allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0";

  it("are told of all services at once, with file and line, and nothing is made", async () => {
    const { registered, result } = await run(false, () => {
      try {
        return servicesFromFdl(faulty, lab());
      } catch (error) {
        return error;
      }
    });
    expect(result).toHaveProperty(
      "message",
      [
        `FDL ${faulty}:`,
        `${faulty}:3: One: name: got "One"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters`,
        `${faulty}:3: One: cpu: got "much"; allowed: a number of CPUs, such as 2 or 500m`,
        `${faulty}:4: two: memory: got "10"; allowed: a size with a unit, such as 2Gi`,
      ].join("\n  "),
    );
    expect(registered.map(({ type }) => type)).toEqual(["pulumi:providers:oscar"]);
  });

  it.each<[string, ServicesFromFdlOptions, string]>([
    ["where all images have to be pinned", { pinnedImages: true }, "nginx"],
    ["where another image is given", { images: { nginx: "nginx:latest" } }, "nginx:latest"],
  ])("are images that do not say which one they are, %s", async (_where, options, image) => {
    await expect(made(nginx, options)).rejects.toThrow(
      `FDL ${nginx}:\n  ${nginx}:4: nginx: image: got "${image}"; ${isImage}`,
    );
  });

  it("are told without a stack, those of reading too", async () => {
    const path = fixture("faulty.yaml");
    await expect(made(path)).rejects.toMatchObject({ __pulumiRunError: true });
    await expect(made(join(dir, "none.yaml"))).rejects.toMatchObject({ __pulumiRunError: true });
  });
});
