import { join } from "node:path";
import { isSecret, output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { charts } from "../../../components/versions";
import { parseEnvironment } from "../../../infra/environment";
import { usage } from "../../../infra/oscar-services";
import { program } from "../../../infra/program";
import { SecretValue } from "../../../infra/secrets";
import { readStackFile } from "../../../infra/stack-file";
import { run, valueOf, type Registered } from "../../support/mocks";

const folder = join(__dirname, "..", "..", "..", "stacks");

/** A stack of this repository, with other services or another tier. */
function stack(name: string, services: object = {}, more: object = {}) {
  const { document } = readStackFile(join(folder, `Pulumi.${name}.yaml`)) as { document: Document };
  const changed = { ...document, ...more, oscarServices: { ...document.oscarServices, ...services } };
  return parseEnvironment(changed, { where: name, allowPlaceholders: true });
}
interface Document {
  readonly oscarServices: object;
}

/** By name: they are registered as their inputs come to be known. */
const ofType = (registered: readonly Registered[], type: string) =>
  registered.filter((each) => each.type === type).sort((one, other) => one.name.localeCompare(other.name));

describe.each([false, true])("a program with services, preview %s", (preview) => {
  it("makes those of its own OSCAR after it, by its administrator", async () => {
    const environment = stack("oscar-local");
    const { registered } = await run(preview, () => program(environment));
    const [provider, ...others] = ofType(registered, "pulumi:providers:oscar");
    expect(others).toEqual([]);
    expect(provider).toMatchObject({
      name: "lab-services",
      inputs: {
        endpoint: "http://oscar.localhost",
        username: "oscar",
        password: preview ? "<unknown>" : { secret: "generated-password" },
        apiVersion: charts.oscar.version,
      },
      dependsOn: expect.arrayContaining(["Release lab-oscar-manager"]) as unknown,
    });
    const services = ofType(registered, "oscar:index:Service");
    expect(
      services.map(({ name, inputs, provider: of, options }) => [
        name,
        inputs["name"],
        inputs["image"],
        of,
        options,
      ]),
    ).toEqual(
      [
        ["body-pose-detection", "deephdc/deep-oc-posenet-tf:cpu"],
        ["body-pose-detection-async", "deephdc/deep-oc-posenet-tf:cpu"],
        ["nginx", "nginx:1.28.0"],
        ["plant-classification-sync", "deephdc/deep-oc-plants-classification-tf:cpu"],
        ["plant-ui", "python:3.12.11-slim"],
      ].map(([name, image]) => [`lab-${name}`, name, image, "lab-services", { deleteBeforeReplace: true }]),
    );
  });

  it("makes those of an OSCAR that is there, and asks no cluster", async () => {
    const environment = stack("oscar-services", {
      cluster: {
        kind: "existing",
        endpoint: "https://oscar.acme.dev/",
        username: "ada",
        password: new SecretValue("s3cret"),
        version: "3.7.1",
      },
    });
    const { registered } = await run(preview, () => program(environment));
    expect(new Set(registered.map(({ type }) => type))).toEqual(
      new Set(["pulumi:providers:oscar", "oscar:index:Service"]),
    );
    expect(ofType(registered, "pulumi:providers:oscar")).toMatchObject([
      {
        inputs: {
          endpoint: "https://oscar.acme.dev/",
          username: "ada",
          password: { secret: "s3cret" },
          apiVersion: "3.7.1",
        },
        dependsOn: [],
      },
    ]);
  });

  it("takes a token from a file", async () => {
    const cluster = { kind: "existing", endpoint: "https://oscar.acme.dev", tokenFile: "/tmp/token" };
    const environment = stack("oscar-services", { cluster });
    const { one } = await run(preview, () => program(environment));
    expect(one("oscar").inputs).toEqual({ endpoint: "https://oscar.acme.dev", tokenFile: "/tmp/token" });
  });

  it("guards those whose buckets or volume go with them in production, and no others", async () => {
    const stored = ["examples/oscar/nginx/nginx.yaml", "test/unit/infra/fixtures/volumes.yaml"];
    const guarded = async (services: object) => {
      const environment = stack("oscar-services", services, { tier: "production" });
      const { registered } = await run(preview, () => program(environment));
      return ofType(registered, "oscar:index:Service").map(({ inputs, options }) => [
        inputs["name"],
        options.protect ?? false,
      ]);
    };
    expect(await guarded({})).toEqual([
      ["body-pose-detection", true],
      ["body-pose-detection-async", true],
      ["nginx", false],
    ]);
    expect(await guarded({ fdl: stored, images: { nginx: "nginx:1.28.0" } })).toEqual([
      ["forgets", true],
      ["keeps", false],
      ["nginx", false],
    ]);
  });

  it("hands on what is said of one service, and of all", async () => {
    const smokeTests = { "body-pose-detection-async": { body: "{}" } };
    const environment = stack("oscar-services", {
      allowBucketDeletion: true,
      import: ["nginx"],
      smokeTests,
    });
    const { registered } = await run(preview, () => program(environment));
    expect(
      ofType(registered, "oscar:index:Service").map(({ inputs, options }) => [
        inputs["allowBucketDeletion"],
        inputs["smokeTest"],
        options.import,
      ]),
    ).toEqual([
      [true, undefined, undefined],
      [true, { body: "{}" }, undefined],
      [true, undefined, "nginx"],
    ]);
  });

  it("tells a UI of its services where OSCAR is", async () => {
    const ui = {
      image: "ghcr.io/acme/ui:1",
      oscar: {},
      exposure: "load-balancer",
      env: { SERVICE: "nginx" },
    };
    const { one } = await run(preview, () => program(stack("oscar-local", {}, { ui })));
    expect(one("OscarUi").name).toBe("lab-inference");
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: expect.arrayContaining([
                  { name: "oscar_endpoint", value: "http://oscar.oscar:8080" },
                  { name: "SERVICE", value: "nginx" },
                ]) as unknown,
              },
            ],
          },
        },
      },
    });
  });
});

it("tells how each service is used, and keeps the tokens secret", async () => {
  const { result } = await run(false, () => program(stack("oscar-services")));
  expect(Object.keys(result)).toEqual(["services", "serviceTokens"]);
  const named = await valueOf(output(result["services"]));
  expect(Object.keys(named ?? {})).toEqual(["body-pose-detection", "body-pose-detection-async", "nginx"]);
  const [services, tokens] = [output(result["services"]), output(result["serviceTokens"])];
  expect([await isSecret(services), await isSecret(tokens)]).toEqual([false, true]);
});

describe("a service is used", () => {
  const commands = { upload: "upload", synchronous: "synchronous", asynchronous: "asynchronous" };
  it.each([
    ["by its URL", "https://a", commands, "https://a"],
    ["by a file", undefined, commands, "upload"],
    ["by a call", undefined, { synchronous: "synchronous", asynchronous: "asynchronous" }, "synchronous"],
    ["by a job", undefined, { asynchronous: "asynchronous" }, "asynchronous"],
  ])("%s", (_how, url, given, expected) => expect(usage([url, given])).toBe(expected));
});
