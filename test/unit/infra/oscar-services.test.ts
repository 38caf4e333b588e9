import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/environment";
import { SecretValue } from "../../../infra/secrets";
import { faultsOf, where } from "./faults-of";
import { byClass, existing as existingHost } from "./grounds";

const folder = mkdtempSync(join(tmpdir(), "fdl-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes an FDL file of such items, each in a line of its own, with a script beside it; gives its path. */
function fdl(name: string, ...items: string[]): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(join(dirname(file), "script.sh"), "#!/bin/sh\necho done\n");
  writeFileSync(file, ["functions:", "  oscar:", ...items.map((item) => `    - ${item}`), ""].join("\n"));
  return file;
}

const fields = (name: string, more = "") =>
  `{name: ${name}, image: "ghcr.io/acme/${name}:1", script: script.sh${more}}`;
const service = (name: string, more = "") => `oscar-cluster: ${fields(name, more)}`;
const withBucket = (name: string, bucket: string) =>
  service(name, `, input: [{storage_provider: minio, path: ${bucket}/in}]`);

const plants = fdl("plants.yaml", service("plants"));
const poses = fdl("poses.yaml", withBucket("poses", "poses"));
const untagged = fdl(
  "untagged.yaml",
  "oscar-cluster: {name: nginx, image: nginx, script: script.sh, expose: {api_port: 80}}",
);
const several = fdl("several.yaml", `{lab-eu: ${fields("detector")}, lab-us: ${fields("detector")}}`);

const password = new SecretValue("s3cret");
const cluster = { kind: "existing", endpoint: "https://oscar.acme.dev", password };
const oscar = {
  host: "oscar.acme.dev",
  tls: "none",
  metricsServer: "install",
  sharedStorage: { kind: "nfs", size: "10Gi" },
  objectStorage: { kind: "managed", size: "10Gi" },
};

/** Services of an OSCAR that is there, without a cluster. */
const alone = (oscarServices: object, more: object = {}) => ({
  name: "lab",
  tier: "development",
  host: "none",
  oscarServices: { cluster, fdl: [plants], ...oscarServices },
  ...more,
});

/** The same beside the document's own OSCAR. */
const beside = (oscarServices: object, more: object = {}) => ({
  name: "lab",
  tier: "development",
  host: existingHost(),
  oscar,
  oscarServices: { fdl: [plants], ...oscarServices },
  ...more,
});

describe("nothing is wrong with", () => {
  const cases: [what: string, document: object][] = [
    ["services of an OSCAR that is there", alone({})],
    ["services of the document's own", beside({})],
    ["services that are taken over", alone({ import: ["plants"] })],
    ["the same, said", beside({ cluster: "stack" })],
    ["services of another OSCAR beside it", beside({ cluster })],
    [
      "a token in a file",
      alone({ cluster: { kind: "existing", endpoint: "https://oscar.acme.dev", tokenFile: "~/token" } }),
    ],
    [
      "a user and a version",
      alone({
        cluster: { ...cluster, username: "ada", version: "3.7.1", endpoint: "https://oscar.acme.dev/" },
      }),
    ],
    ...["localhost", "oscar.localhost", "10.0.0.7:8080", "[::1]", "oscar.oscar.svc"].map(
      (host): [string, object] => [
        `clear text to ${host}`,
        alone({ cluster: { ...cluster, endpoint: `http://${host}` } }),
      ],
    ),
    ["one cluster's services of several", alone({ fdl: [{ path: several, cluster: "lab-us" }] })],
    [
      "a smoke test",
      beside({ smokeTests: { plants: { body: "{}", contentType: "application/json; charset=utf-8" } } }),
    ],
    ["an image without a tag", alone({ fdl: [untagged] })],
    [
      "production, where another image takes its place",
      alone({ fdl: [untagged], images: { nginx: "nginx:1.28.0" } }, { tier: "production" }),
    ],
    ["buckets that go with what is in them", alone({ fdl: [poses], allowBucketDeletion: true })],
    [
      "a UI of its services",
      beside({}, { ui: { image: "ghcr.io/acme/ui:1", oscar: {}, exposure: "load-balancer" } }),
    ],
    [
      "the same in production, which has a login by that",
      beside(
        {},
        { tier: "production", ui: { image: "ghcr.io/acme/ui:1", oscar: {}, exposure: "load-balancer" } },
      ),
    ],
  ];
  it.each(cases)("%s", (_what, document) => expect(faultsOf(document)).toEqual([]));
});

const image = "an image with a tag (not latest) or a digest, such as ghcr.io/acme/ui:1.2.0";
const needsCluster = "given, but it needs a cluster; allowed with host: none: oscarServices alone";
const fdlPath = "the path of an FDL file, such as examples/oscar/nginx/nginx.yaml";

describe("a fault is", () => {
  const broken = fdl("broken.yaml", 'oscar-cluster: {name: broken, image: "a:1", script: missing.sh}');
  const small = fdl("small.yaml", service("small", ", memory: 10, cpu: none"));
  const twin = fdl("twin.yaml", service("plants"));
  const thief = fdl("thief.yaml", withBucket("thief", "poses"));
  const none = join(folder, "none.yaml");
  writeFileSync(none, "functions: {oscar: []}\n");
  const placeholder = fdl(
    "placeholder.yaml",
    'oscar-cluster: {name: page, image: "placeholder.invalid/page:1", script: script.sh}',
  );

  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "everything else, without a cluster",
      alone(
        {},
        {
          dns: { kind: "route53", domain: "acme.dev" },
          namespace: { kind: "new" },
          modelVolume: { size: "1Gi" },
          training: { image: "ghcr.io/acme/trainer:1" },
          ui: { image: "ghcr.io/acme/ui:1", exposure: "none" },
          oscar,
        },
      ),
      ...["dns", "modelVolume", "namespace", "oscar", "training", "ui"].map(
        (section) => `environment.${section}: ${needsCluster}`,
      ),
    ],
    [
      "neither a cluster nor services",
      { name: "lab", tier: "development", host: "none" },
      "environment.oscarServices: missing; needed with host: none, which brings up nothing else",
    ],
    [
      "no OSCAR",
      { ...alone({}), oscarServices: { fdl: [plants] } },
      "environment.oscarServices.cluster: missing; needed: the OSCAR that they are for, as {kind: existing, endpoint: …}; or oscar in this document",
    ],
    [
      "the document's own that there is not",
      alone({ cluster: "stack" }),
      'environment.oscarServices.cluster: got "stack"; needed for it: oscar in this document; or else kind: existing',
    ],
    [
      "another kind of it",
      alone({ cluster: "exsting" }),
      'environment.oscarServices.cluster: got "exsting"; allowed: stack or existing; did you mean existing?',
    ],
    [
      "no way in",
      alone({ cluster: { kind: "existing", endpoint: "https://oscar.example.com" } }),
      'environment.oscarServices.cluster.endpoint: got "https://oscar.example.com", a placeholder; needed: your own',
      "environment.oscarServices.cluster.password: missing; needed: npx pulumi config set --path --secret 'environment.oscarServices.cluster.password'; or tokenFile in its place",
    ],
    [
      "two ways in",
      alone({ cluster: { ...cluster, username: "ada", tokenFile: "token" } }),
      "environment.oscarServices.cluster.password: given with tokenFile; allowed: one of the two",
      "environment.oscarServices.cluster.username: given with tokenFile; allowed: none, because a token says whose it is",
    ],
    [
      "a password in the clear, and a way that is none",
      alone({
        cluster: { kind: "existing", endpoint: "https://ada:CANARY@oscar.acme.dev", password: "CANARY" },
      }),
      "environment.oscarServices.cluster.endpoint: got text; allowed: a URL without a path, such as https://oscar.example.com",
      "environment.oscarServices.cluster.password: got text; allowed: a secret; encrypt it with npx pulumi config set --path --secret 'environment.oscarServices.cluster.password'",
    ],
    [
      "clear text over the internet",
      alone({ cluster: { ...cluster, endpoint: "http://oscar.acme.dev" } }),
      'environment.oscarServices.cluster.endpoint: got "http://oscar.acme.dev", to which the password or the token goes in clear; allowed: https, or a host of this machine or its own network (localhost, 10.0.0.7, oscar.oscar.svc, oscar.local)',
    ],
    [
      "the same to an address",
      alone({ cluster: { ...cluster, endpoint: "http://203.0.113.7" } }),
      'environment.oscarServices.cluster.endpoint: got "http://203.0.113.7", to which the password or the token goes in clear; allowed: https, or a host of this machine or its own network (localhost, 10.0.0.7, oscar.oscar.svc, oscar.local)',
    ],
    [
      "no file",
      alone({ fdl: [] }),
      "environment.oscarServices.fdl: got a list; allowed: at least one path of an FDL file",
    ],
    [
      "a file that is not there, in short and in full",
      alone({ fdl: [`${folder}/plant.yaml`, { path: `${folder}/pose.yaml` }] }),
      `environment.oscarServices.fdl[0]: got "${folder}/plant.yaml"; there is no such file`,
      `environment.oscarServices.fdl[1].path: got "${folder}/pose.yaml"; there is no such file`,
    ],
    [
      "what is no path",
      alone({ fdl: [7, plants] }),
      `environment.oscarServices.fdl[0]: got 7 (a number); allowed: ${fdlPath}; or a mapping with the keys path, cluster`,
    ],
    [
      "what FDL's reader says, and no word of names that it would have told",
      alone({ fdl: [broken], images: { other: "a:1" } }),
      `environment.oscarServices.fdl[0]: ${broken}:3: functions.oscar[0].oscar-cluster.script: got "missing.sh", which cannot be read (ENOENT: no such file or directory, open '${join(dirname(broken), "missing.sh")}'); allowed: a path, relative to this file`,
    ],
    [
      "a file without services",
      alone({ fdl: [none] }),
      `environment.oscarServices.fdl[0]: ${none}: got no service; needed: at least one`,
    ],
    [
      "a file for several clusters, without saying which",
      alone({ fdl: [several] }),
      `environment.oscarServices.fdl[0]: ${several}: got services of lab-eu and of lab-us; needed: whose, as {path: …, cluster: lab-eu}`,
    ],
    [
      "a cluster that the file does not know",
      alone({ fdl: [{ path: several, cluster: "lab_eu" }] }),
      'environment.oscarServices.fdl[0].cluster: got "lab_eu"; allowed: lab-eu or lab-us; did you mean lab-eu?',
    ],
    [
      "what OSCAR would not take",
      alone({ fdl: [small] }),
      `environment.oscarServices.fdl[0]: ${small}:3: small: cpu: got "none"; allowed: a number of CPUs, such as 2 or 500m`,
      `environment.oscarServices.fdl[0]: ${small}:3: small: memory: got "10"; allowed: a size with a unit, such as 2Gi`,
    ],
    [
      "one service in two files",
      alone({ fdl: [plants, twin] }),
      `environment.oscarServices.fdl[1]: ${twin}:3: got the service "plants" of ${plants}:3 again; allowed: each once`,
    ],
    [
      "one bucket of two services",
      alone({ fdl: [poses, thief] }),
      `environment.oscarServices.fdl[1]: ${thief}:3: thief: got the bucket "poses", which poses makes (${poses}:3); allowed: one of its own`,
    ],
    [
      "a service that there is not",
      alone({ images: { plant: "a:1" }, import: ["tulips"], smokeTests: { roses: { body: "{}" } } }),
      "environment.oscarServices.images.plant: unknown key; did you mean plants?",
      "environment.oscarServices.smokeTests.roses: unknown key; allowed: plants",
      'environment.oscarServices.import[0]: got "tulips"; allowed: a service of the files: plants',
    ],
    [
      "an image that is latest",
      alone({ images: { plants: "ghcr.io/acme/plants:latest" } }),
      `environment.oscarServices.images.plants: got "ghcr.io/acme/plants:latest"; allowed: ${image}`,
    ],
    [
      "an image without a tag in production, and buckets that go",
      alone({ fdl: [untagged], allowBucketDeletion: true }, { tier: "production" }),
      "environment.oscarServices.allowBucketDeletion: got true (a boolean); allowed: false, because production keeps its data; or else tier: development",
      `environment.oscarServices.fdl[0]: ${untagged}:3: nginx: image: got "nginx"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0; here or as oscarServices.images.nginx`,
    ],
    [
      "a placeholder, in the file or in its place",
      alone({ fdl: [placeholder, plants], images: { plants: "placeholder.invalid/plants:1" } }),
      `environment.oscarServices.fdl[0]: ${placeholder}:3: page: image: got "placeholder.invalid/page:1", a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)`,
      'environment.oscarServices.images.plants: got "placeholder.invalid/plants:1", a placeholder; needed: your own image (only the sandbox does without: npm run sandbox)',
    ],
    [
      "an image that the document's OSCAR does not allow",
      beside({}, { oscar: { ...oscar, allowedImages: ["ghcr.io/grycap/", "ghcr.io/deephdc/"] } }),
      `environment.oscarServices.fdl[0]: ${plants}:3: plants: image: got "ghcr.io/acme/plants:1"; allowed: one with ghcr.io/grycap/ or ghcr.io/deephdc/ in its name (oscar.allowedImages)`,
    ],
    [
      "a smoke test of an exposed service",
      alone({ fdl: [untagged], smokeTests: { nginx: { body: "" } } }),
      "environment.oscarServices.smokeTests.nginx: given, but the service is exposed; allowed: for one that takes synchronous calls",
    ],
    [
      "a smoke test without Knative, and of no media type",
      beside(
        { smokeTests: { plants: { body: "", contentType: "json" } } },
        { oscar: { ...oscar, knative: "none" } },
      ),
      "environment.oscarServices.smokeTests.plants.contentType: got text; allowed: a media type, such as application/json",
      "environment.oscarServices.smokeTests.plants: given, but OSCAR takes synchronous calls only by Knative (oscar.knative)",
    ],
    [
      "two logins of a UI, and two OSCARs",
      beside(
        {},
        {
          ui: {
            image: "ghcr.io/acme/ui:1",
            exposure: "load-balancer",
            oscar: {},
            oscarEndpoint: "https://oscar.acme.dev",
            credentials: "none",
          },
        },
      ),
      "environment.ui.credentials: given with ui.oscar; allowed: none, because people log in at OSCAR",
      "environment.ui.oscarEndpoint: given with ui.oscar; allowed: ui.oscar.endpoint",
    ],
    [
      "a UI of an OSCAR that no one knows",
      {
        name: "lab",
        tier: "development",
        host: existingHost({ gateway: byClass }),
        ui: { image: "ghcr.io/acme/ui:1", exposure: "load-balancer", oscar: {} },
      },
      "environment.ui.oscar.endpoint: missing; needed: OSCAR's address; or oscar, or oscarServices, in this document",
    ],
    [
      "a UI of an OSCAR that its pods do not reach",
      beside(
        { cluster: { ...cluster, endpoint: "http://localhost:8080" } },
        { ui: { image: "ghcr.io/acme/ui:1", exposure: "load-balancer", oscar: {} } },
      ),
      'environment.ui.oscar.endpoint: got "http://localhost:8080"; allowed: a URL that pods reach, such as https://oscar.example.com, or in its cluster http://oscar.oscar:8080; to a pod, localhost is itself',
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) =>
    expect(faultsOf(document).sort()).toEqual([...faults].sort()),
  );
});

it("asks for no way in, and no image of one's own, where nothing is run", () => {
  const endpoint = "https://oscar.example.com";
  expect(faultsOf(alone({ cluster: { kind: "existing", endpoint } }), true)).toEqual([]);
});

it("asks for the token's file where the services are made", () => {
  const document = alone({
    cluster: { kind: "existing", endpoint: "https://oscar.acme.dev", tokenFile: "/no/token" },
  });
  expect(() => parseEnvironment(document, { where, allowPlaceholders: false, isDeployed: true })).toThrow(
    'environment.oscarServices.cluster.tokenFile: got "/no/token"; there is no such file',
  );
});
