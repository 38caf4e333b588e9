import { beforeAll, describe, expect, it } from "vitest";
import type { PreviewStep } from "../../sandbox/engine/stack";
import { offlineForTests } from "../support/offline";

const offline = offlineForTests();

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
const kindOf = (urn: string) => urn.split("::").at(-2)?.split(":").at(-1) ?? "";
const shown = (urn: string) => `${kindOf(urn)} ${nameOf(urn)}`;

/** What stands on what, through the real engine: on the way down it goes in the opposite order. */
describe.each([
  { stack: "oscar-local", name: "lab-oscar", document: "lab" },
  { stack: "oscar-gke", name: "oscar-oscar", document: "oscar" },
])("the plan of $stack", ({ stack, name, document }) => {
  let steps: readonly PreviewStep[];
  beforeAll(async () => {
    const { code, digest } = await (await offline.engine.stack(stack)).preview();
    expect(code).toBe(0);
    // Components are called like what they make.
    steps = (digest.steps ?? []).filter(
      ({ newState }) => newState?.type.startsWith("inference-infra:") !== true,
    );
  });

  /** All that a resource comes after, directly or not. */
  const before = (resource: string): Set<string> => {
    const found = new Set<string>();
    const visit = (urn: string) => {
      const step = steps.find((each) => each.urn === urn);
      for (const needed of step?.newState?.dependencies ?? []) {
        if (found.has(shown(needed))) continue;
        found.add(shown(needed));
        visit(needed);
      }
    };
    const start = steps.find(({ urn }) => shown(urn) === resource);
    if (start === undefined) throw new Error(`there is no ${resource}`);
    visit(start.urn);
    return found;
  };

  const local = stack === "oscar-local";
  const order: [what: string, resource: string, ...needs: string[]][] = [
    ["OSCAR's route on OSCAR", `HTTPRoute ${routeOf(name)}`, `Release ${name}-manager`],
    [
      "the provider of its services on OSCAR and what leads to it",
      `oscar ${document}-services`,
      `Release ${name}-manager`,
      `HTTPRoute ${routeOf(name)}`,
    ],
    [
      "OSCAR on its namespaces",
      `Release ${name}-manager`,
      `Namespace ${name}-manager`,
      `Namespace ${name}-services`,
    ],
    [
      "the services' namespace on all that takes away what is in it",
      `Namespace ${name}-services`,
      `KnativeServing ${name}-knative`,
      `Release ${name}-minio`,
      `Gateway ${name}`,
      ...(local
        ? [`StorageClass ${name}-nfs`, `Release ${name}-metrics`]
        : [`StorageClass ${document}-shared`]),
    ],
    ["Knative on its operator", `KnativeServing ${name}-knative`, `Release ${name}-knative`],
    ["MinIO on its volume", `Release ${name}-minio`, `PersistentVolumeClaim ${name}-minio`],
    [
      "the gateway on Traefik, and Traefik on the Gateway API",
      `Gateway ${name}`,
      `Release ${name}`,
      `Job ${name}-gateway-api`,
    ],
    ...(local
      ? ([
          [
            "shared volumes on their server, and that on its disk",
            `StorageClass ${name}-nfs`,
            `Release ${name}-nfs`,
            `PersistentVolumeClaim ${name}-nfs`,
          ],
        ] satisfies [string, string, string, string][])
      : ([
          ["cert-manager on the Gateway API", `Release ${document}-cert-manager`, `Job ${name}-gateway-api`],
        ] satisfies [string, string, string][])),
  ];

  it.each(order)("stands %s", (_what, resource, ...needs) => {
    const found = before(resource);
    expect(needs.filter((each) => !found.has(each))).toEqual([]);
  });

  it("makes its passwords itself, and has none of those that charts have", () => {
    for (const { newState } of steps.filter(({ urn }) => kindOf(urn) === "RandomPassword"))
      expect(newState?.inputs).toMatchObject({ length: 32 });
    expect(JSON.stringify(steps)).not.toMatch(/oscar123|minio123|console123/);
  });

  function routeOf(prefix: string): string {
    return local ? `${prefix}-manager-oscar-localhost-ac401a` : `${prefix}-manager-api-oscar-example-66d4f4`;
  }
});
