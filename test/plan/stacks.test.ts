import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { offlineEnvironment, programFor } from "../../sandbox/offline-program";
import { stackNames } from "../../sandbox/project";
import type { EngineStack } from "../../sandbox/engine/stack";
import { offlineForTests } from "../support/offline";
import { editedEnvironment } from "../support/sandbox";

/** Every stack through the real engine, with no cluster, account, network or passphrase. */
describe("offline previews", () => {
  const offline = offlineForTests();

  const preview = async (stack: EngineStack) => {
    const { code, digest } = await stack.preview();
    return { code, digest, steps: digest.steps ?? [] };
  };

  it("knows which stacks there are", () =>
    expect(stackNames()).toEqual([
      "existing",
      "gke-dev",
      "gke-prod",
      "gke-staging",
      "oscar-gke",
      "oscar-local",
      "oscar-services",
      "sandbox",
    ]));

  it.each(stackNames())("%s: only creations, every child under its component, no errors", async (name) => {
    const { code, digest, steps } = await preview(await offline.engine.stack(name));
    expect(code).toBe(0);
    expect(Object.keys(digest.changeSummary ?? {})).toEqual(["create"]);
    expect(
      (digest.diagnostics ?? []).filter(({ severity }) => severity === "error" || severity === "warning"),
    ).toEqual([]);
    const parentless = steps.filter(
      ({ newState }) => newState?.parent === undefined && newState?.type !== "pulumi:pulumi:Stack",
    );
    expect(parentless.map(({ urn }) => urn)).toEqual([]);
  });

  it("sandbox: exactly these objects", async () => {
    const { steps } = await preview(await offline.engine.stack("sandbox"));
    const kinds = steps
      .map(({ newState }) => newState?.type ?? "")
      .filter((type) => type.startsWith("kubernetes:"));
    expect(kinds.map((type) => type.split(":").at(-1)).sort()).toMatchInlineSnapshot(`
      [
        "Certificate",
        "Certificate",
        "ClusterIssuer",
        "ClusterIssuer",
        "Deployment",
        "Gateway",
        "GatewayClass",
        "HTTPRoute",
        "HTTPRoute",
        "Job",
        "Namespace",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "Secret",
        "Service",
        "ServiceAccount",
        "ServiceAccount",
      ]
    `);
  });

  it("exits with 7 where no changes were expected, as Pulumi does", async () => {
    const { code } = await (await offline.engine.stack("sandbox")).preview({ expectNoChanges: true });
    expect(code).toBe(7);
  });

  it("shows that a production volume is protected and kept", async () => {
    const stack = await offline.engine.stack(
      "production-volume",
      programFor(() => editedEnvironment("sandbox", { tier: "production" }), offline.engine.standIns),
    );
    const { steps } = await preview(stack);
    const claim = steps.find(({ newState }) => newState?.type.endsWith(":PersistentVolumeClaim"));
    expect(claim?.newState).toMatchObject({ retainOnDelete: true, protect: true });
  });

  it("previews a stack file encrypted with a passphrase that nobody here has", async () => {
    const file = join(offline.dir, "Pulumi.locked.yaml");
    writeFileSync(
      file,
      [
        "encryptionsalt: v1:AAAAAAAAAAA=:v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "config:",
        "  inference-infra:environment:",
        "    name: mnist",
        "    tier: development",
        "    host:",
        "      kind: existing",
        "      context: somewhere",
        "      nodes: single",
        "      storage: {readWriteOnce: {name: standard, binding: WaitForFirstConsumer}}",
        "      gpu: {}",
        "    modelVolume: {size: 10Gi}",
        "    training: {image: 'placeholder.invalid/mnist-trainer:0.1.0', gpu: {count: 1}}",
        "    ui:",
        "      image: placeholder.invalid/mnist-ui:0.1.0",
        "      exposure: {kind: none}",
        "      modelFile: /models/model.pt",
        "      credentials:",
        "        kind: given",
        "        username: ada",
        "        password: {secure: 'v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
      ].join("\n"),
    );
    const stack = await offline.engine.stack(
      "locked",
      programFor(() => offlineEnvironment("locked", file), offline.engine.standIns),
    );
    const { code, steps } = await preview(stack);
    expect(code).toBe(0);
    const secret = steps.find(({ newState }) => newState?.type === "kubernetes:core/v1:Secret");
    expect(JSON.stringify(secret?.newState?.inputs)).toContain("[secret]");
  });
});
