import { describe, expect, it } from "vitest";
import { inTheWay } from "../../../../sandbox/clouds/gcp/backends";

describe("a cluster that stands where another is wanted", () => {
  const standing = { id: "projects/p/locations/europe-west4/clusters/mnist-1", stack: "gke-dev" };
  it.each([
    [
      "gke-prod",
      "this sandbox has one API server, and the simulated cluster mnist-1 of stack gke-dev stands on it; destroy that " +
        "stack first (npm run sandbox -- destroy gke-dev), or use another folder (--dir)",
    ],
    [
      "gke-dev",
      "this sandbox has one API server, and this stack's own cluster mnist-1 still stands on it: the sandbox can show " +
        "no replacement of a cluster; destroy the stack and bring it up again (npm run sandbox -- destroy gke-dev, " +
        "npm run sandbox -- up gke-dev)",
    ],
  ])("is told to %s", (stack, message) => expect(inTheWay(standing, stack)).toBe(message));
});
