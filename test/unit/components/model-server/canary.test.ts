import { describe, expect, it } from "vitest";
import { canaryModel } from "../../../../components/serving/model-server/model-server";
import type { ModelServerArgs } from "../../../../components/serving/model-server/model-server-args";
import type { CopiedModel } from "../../../../components/serving/model-server/model-source";
import { googleGateways } from "../../../../components/exposure/gateway/google";
import { run, valueOf } from "../../../support/mocks";
import { sharedGateway } from "../exposure/support";
import { runId } from "./copying";
import { image, madeOf, named, onGoogle, podsOf } from "./support";

const trial = (args: Partial<ModelServerArgs> = {}) =>
  onGoogle({
    exposure: { kind: "gateway", gateway: sharedGateway() },
    host: "api.example.com",
    canary: { weight: 10, runId: "new" },
    ...args,
  });

describe.each([false, true])("a canary, preview %s", (preview) => {
  it("is a second Deployment and Service, which get their share of the route", async () => {
    const { one, registered, result } = await run(preview, () => trial({ replicas: 2 }));
    expect(madeOf(registered)).toEqual([
      "BucketIAMMember mnist-server-model-access",
      "Deployment mnist-server-canary-deployment",
      "Deployment mnist-server-deployment",
      expect.stringMatching(/^HTTPRoute mnist-server-route-/),
      "NetworkPolicy mnist-server-canary-policy",
      "NetworkPolicy mnist-server-policy",
      "PodDisruptionBudget mnist-server-budget",
      "Service mnist-server-canary-service",
      "Service mnist-server-service",
      "ServiceAccount mnist-server-account",
    ]);
    const service = (name: string) => (preview ? "<unknown>" : name);
    const route = one("HTTPRoute");
    expect(route.inputs).toMatchObject({
      spec: {
        rules: [
          {
            backendRefs: [
              { name: service("mnist-server-service"), port: 8080, weight: 90 },
              { name: service("mnist-server-canary-service"), port: 8080, weight: 10 },
            ],
          },
        ],
      },
    });
    expect(route.dependsOn).toContain("Service mnist-server-canary-service");
    const old = named(registered, "mnist-server-deployment");
    const fresh = named(registered, "mnist-server-canary-deployment");
    expect(old.inputs).toMatchObject({ spec: { replicas: 2 } });
    expect(fresh.inputs).toMatchObject({
      spec: {
        replicas: 1,
        selector: { matchLabels: { "app.kubernetes.io/name": "mnist-server-canary-deployment" } },
      },
    });
    expect(podsOf(old).spec.containers[0]["env"]).toContainEqual({ name: "PRED_MODEL_UUID", value: runId });
    expect(podsOf(fresh).spec.containers[0]["env"]).toContainEqual({ name: "PRED_MODEL_UUID", value: "new" });
    expect(podsOf(fresh).spec.containers[0]["image"]).toBe(image);
    expect(fresh.dependsOn).toContain("BucketIAMMember mnist-server-model-access");
    expect(named(registered, "mnist-server-canary-service").inputs).toMatchObject({
      spec: { selector: { "app.kubernetes.io/name": "mnist-server-canary-deployment" } },
    });
    expect(await valueOf(result.address)).toBe("https://api.example.com");
    if (!preview) expect(await valueOf(result.clusterUrl)).toContain("http://mnist-server-service.");
  });

  it("leaves everything else as it is: only the route changes for the version that serves", async () => {
    const reached = {
      exposure: { kind: "gateway", gateway: sharedGateway() },
      host: "api.example.com",
    } as const;
    const without = await run(preview, () => onGoogle(reached));
    const beside = await run(preview, () => trial());
    const names = madeOf(without.registered).map((each) => each.split(" ")[1] ?? "");
    expect(without.one("HTTPRoute").inputs).toMatchObject({
      spec: { rules: [{ backendRefs: [{ port: 8080 }] }] },
    });
    for (const name of names.filter((each) => !each.includes("-route-")))
      expect(named(beside.registered, name)).toEqual(named(without.registered, name));
  });

  it("has its own policies at Google's gateway, which hold for a Service", async () => {
    const platform = googleGateways({
      project: "my-project",
      region: "europe-west4",
      scope: "global",
      ready: [],
    });
    const { registered } = await run(preview, () =>
      trial({ exposure: { kind: "gateway", gateway: sharedGateway({ platform }) } }),
    );
    const policies = registered.filter(({ type }) => type.startsWith("kubernetes:networking.gke.io"));
    const service = (name: string) => (preview ? "<unknown>" : name);
    expect(
      policies.map(({ type, name, inputs }) => {
        const { targetRef } = inputs["spec"] as { targetRef: { name: string } };
        return [type.split(":").at(-1), name, targetRef.name];
      }),
    ).toEqual([
      ["GCPBackendPolicy", "mnist-server-route", service("mnist-server-service")],
      ["HealthCheckPolicy", "mnist-server-route", service("mnist-server-service")],
      ["GCPBackendPolicy", "mnist-server-route-split", service("mnist-server-canary-service")],
      ["HealthCheckPolicy", "mnist-server-route-split", service("mnist-server-canary-service")],
    ]);
  });
});

describe("a canary's model", () => {
  const sha256 = "a".repeat(64);
  const copied: CopiedModel = { kind: "copy", runId, sha256, source: { kind: "gcs", bucket: "mnist" } };

  it.each([
    ["of another run has another sum", { runId: "new", sha256: "b" }, { runId: "new", sha256: "b" }],
    ["of another run has no sum that is known", { runId: "new" }, { runId: "new", sha256: undefined }],
    ["of the same run has its sum", {}, { runId, sha256 }],
  ])("%s", (_, canary, expected) => {
    expect(canaryModel(copied, canary)).toEqual({ ...copied, ...expected });
  });
});
