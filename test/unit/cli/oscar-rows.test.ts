import { describe, expect, it } from "vitest";
import { oscarRows } from "../../../sandbox/cli/oscar-rows";
import { simulatedParts } from "../../../sandbox/cli/summary";

describe("oscarRows", () => {
  const secret = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };

  it("shows services with how they are reached, and what is beside them", () => {
    const rows = oscarRows([
      { type: "pulumi:providers:oscar", id: "1" },
      { type: "kubernetes:core/v1:Service", id: "oscar-svc/x" },
      {
        type: "oscar:index:Service",
        id: "ui",
        outputs: { url: "https://oscar.example.com/ui", buckets: ["a"], token: secret },
      },
      { type: "oscar:index:Service", id: "classify", outputs: { buckets: ["in", "out"] } },
      { type: "oscar:index:Service", id: "answer", outputs: { buckets: [] } },
      { type: "oscar:index:Service", id: "hidden", outputs: { url: secret, buckets: secret } },
      { type: "oscar:index:Bucket", id: "data", outputs: { visibility: "private" } },
      { type: "oscar:index:Volume", id: "models", outputs: { size: "10Gi" } },
      { type: "oscar:index:Quota", id: "someone@egi.eu" },
      {
        type: "oscar:index:AllowedImages",
        id: "allowed-images",
        outputs: { repositories: ["ghcr.io/a/", "b"] },
      },
    ]);
    expect(rows.map(({ component, object, state }) => [component, object, state])).toEqual([
      ["service", "ui", "https://oscar.example.com/ui"],
      ["service", "classify", "buckets in, out"],
      ["service", "answer", "waits for calls"],
      ["service", "hidden", "waits for calls"],
      ["bucket", "data", "private"],
      ["volume", "models", "10Gi"],
      ["quota", "someone@egi.eu", ""],
      ["allowed images", "", "ghcr.io/a/, b"],
    ]);
  });

  it("is said to be simulated where there is any", () => {
    expect(simulatedParts(["oscar:index:Service"])).toEqual([
      "OSCAR's Manager is simulated: it takes services as a real one would, and none of them runs.",
    ]);
    expect(simulatedParts(["kubernetes:core/v1:Service"])).toEqual([]);
  });
});
