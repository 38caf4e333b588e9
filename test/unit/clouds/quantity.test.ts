import { describe, expect, it } from "vitest";
import { canonicalQuantity, normalizeQuantities } from "../../../sandbox/clouds/kubernetes/quantity";

describe("a quantity as the API server gives it back", () => {
  it.each([
    ["1000m", "1"],
    ["0.5", "500m"],
    ["1.5", "1500m"],
    ["2000", "2k"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["1000Mi", "1000Mi"],
    ["0.5Ki", "512"],
    ["10G", "10G"],
    ["1e3", "1e3"],
    ["0", "0"],
    ["0Gi", "0"],
    ["-1500m", "-1500m"],
    ["100n", "100n"],
    ["8", "8"],
    ["", ""],
    ["ten", "ten"],
  ])("%s → %s", (given, canonical) => {
    expect(canonicalQuantity(given)).toBe(canonical);
  });

  it("is found where quantities stand, and nowhere else", () => {
    expect(
      normalizeQuantities({
        containers: [{ resources: { limits: { cpu: 1, memory: "2048Mi" }, requests: { cpu: "1000m" } } }],
        volumes: [{ emptyDir: { sizeLimit: "1024Mi" } }],
        args: ["1000m"],
        replicas: 1000,
      }),
    ).toEqual({
      containers: [{ resources: { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "1" } } }],
      volumes: [{ emptyDir: { sizeLimit: "1Gi" } }],
      args: ["1000m"],
      replicas: 1000,
    });
  });
});
