import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { getTools } from "../../../sandbox/tools";
import { definitionsIn, readDefinitions, writeDefinitions } from "../../../sandbox/tools/definitions";
import { emptyMachine, fakeGo, filesBelow, kinds, script, serve, sha256 } from "./support";

const crd = (name: string, field = "texts") => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: ${name}
  labels: { helm: chart }
  annotations: { api-approved.kubernetes.io: "https://approved", controller-gen: v1 }
spec:
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          type: object
          description: A kind.
          properties: { ${field}: { type: string, description: Some text. } }
  group: example.com
`;
const definition = (name: string, field = "texts") => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name, annotations: { "api-approved.kubernetes.io": "https://approved" } },
  spec: {
    group: "example.com",
    versions: [
      {
        name: "v1",
        schema: { openAPIV3Schema: { type: "object", properties: { [field]: { type: "string" } } } },
      },
    ],
  },
});
const empty = sha256("[]");
const pinned = "2151e02c6760dab9b5f0bb9ebfb297a3c28145a3f5d970ef01a97f4552beeee2";

describe("definitions", () => {
  it.each([
    ["one file", [`# A release\n---${crd("b")}---\nkind: Namespace\nmetadata: { name: n }\n---${crd("a")}`]],
    ["many files", [crd("b"), crd("a")]],
  ])("are the same from %s, with what is for readers and for Helm left out", (_, texts) => {
    expect(definitionsIn(texts)).toEqual([definition("a"), definition("b")]);
  });

  it("keep a field that is called description", () => {
    expect(definitionsIn([crd("a", "description")])).toEqual([definition("a", "description")]);
  });

  it("are without conversion, which no program here would do", () => {
    const webhook = "conversion: { strategy: Webhook, webhook: { conversionReviewVersions: [v1] } }";
    expect(definitionsIn([crd("a").replace("group:", `${webhook}\n  group:`)])).toEqual([definition("a")]);
  });

  it("are those that something here asks for", () => {
    const eventing = crd("knativeeventings.operator.knative.dev");
    expect(definitionsIn([`${crd("a")}---${eventing}`])).toEqual([definition("a")]);
  });

  it.each(["", "<html>Sign in</html>", "- a list", "kind: List", "key: {"])("are not in %j", (text) => {
    expect(definitionsIn([text])).toEqual([]);
  });

  it("are written where they are those that are pinned, and read again", async () => {
    const root = mkdtempSync(join(tmpdir(), "definitions-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const path = join(root, "definitions.json");
    const from = "a test";
    const sum = sha256(JSON.stringify(definitionsIn([crd("a")])));
    await expect(writeDefinitions([crd("b")], { from, sha256: sum, path })).rejects.toThrow(
      new RegExp(`^the definitions in a test have the SHA-256 checksum [0-9a-f]{64}, not ${sum}$`),
    );
    expect(filesBelow(root)).toEqual([]);
    await writeDefinitions([crd("a")], { from, sha256: sum, path });
    expect(await readDefinitions(path)).toEqual([definition("a")]);
  });
});

describe("the Gateway API's definitions", () => {
  const file = (cacheDir: string) => join(cacheDir, "tools", "gateway-api-1.4.0", "definitions.json");

  it("are taken from the cache without a network, a Go or a look at PATH", async () => {
    const { bin, cacheDir, env, events, report } = emptyMachine();
    script(join(bin, "gateway-api"), "echo 1.4.0");
    mkdirSync(join(cacheDir, "tools", "gateway-api-1.4.0"), { recursive: true });
    writeFileSync(file(cacheDir), "[]");
    const { "gateway-api": tool } = await getTools(["gateway-api"], { report, env, cacheDir });
    expect(tool.path).toBe(file(cacheDir));
    expect(kinds(events)).toEqual(["found gateway-api 1.4.0 cache"]);
  });

  it("are not used where others were published, neither as a release nor as a module", async () => {
    const { root, bin, cacheDir, env, events, report } = emptyMachine();
    const { asked, base, host } = await serve({ "/v1.4.0/standard-install.yaml": "kind: Other\n" });
    const folder = join(root, "module/config/crd/standard");
    mkdirSync(folder, { recursive: true });
    const log = join(root, "go.log");
    script(
      join(bin, "go"),
      `if [ "$1" = env ]; then echo go1.99.0; exit 0; fi
echo "$PWD $*" > ${log}; echo '{"Dir": "${join(root, "module")}"}'`,
    );
    const got = getTools(["gateway-api"], {
      report,
      cacheDir,
      env: { ...env, INFERENCE_INFRA_MIRROR_GATEWAY_API: base },
    });
    await expect(got).rejects.toThrow(
      new Error(`the definitions in ${folder} have the SHA-256 checksum ${empty}, not ${pinned}`),
    );
    expect(asked).toEqual(["/v1.4.0/standard-install.yaml"]);
    expect(readFileSync(log, "utf8")).toBe(
      `${join(__dirname, "../../../sandbox/tools/definitions")} mod download -json sigs.k8s.io/gateway-api\n`,
    );
    const asked1 = `${base}/v1.4.0/standard-install.yaml`;
    expect(kinds(events)).toEqual([
      `downloading gateway-api from ${host}`,
      `not-downloaded gateway-api: the definitions in ${asked1} have the SHA-256 checksum ${empty}, not ${pinned}`,
      "building gateway-api",
    ]);
    expect(filesBelow(join(cacheDir, "tools"))).toEqual(["gateway-api-1.4.0"]);
  });

  it("say what Go said where the module cannot be had", async () => {
    const { bin, cacheDir, env, report } = emptyMachine();
    fakeGo(bin, `echo "dial tcp: no route to host" >&2; exit 1`);
    await expect(getTools(["cert-manager"], { report, env, cacheDir })).rejects.toThrow(
      new Error("cert-manager 1.21.2 could not be built with Go (exit code 1):\ndial tcp: no route to host"),
    );
  });
});
