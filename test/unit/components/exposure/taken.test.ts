import { describe, expect, it } from "vitest";
import { InferenceUi } from "../../../../components/serving/inference-ui";
import { Workspace } from "../../../../components/host/workspace";
import type { Exposure } from "../../../../components/exposure/exposure";
import { run } from "../../../support/mocks";
import { image, testCluster } from "../fixtures";

const host = "mnist.example.com";

/** Two UIs in one cluster, of which the second one has this path. */
const two = (path: string) => () => {
  const cluster = testCluster();
  const workspace = new Workspace("mnist", { cluster });
  const at = (below: string): Exposure => ({ kind: "ingress", host, path: below });
  new InferenceUi("first", { cluster, workspace, image, exposure: at("/demo") });
  new InferenceUi("second", { cluster, workspace, image, exposure: at(path) });
};

describe("two workloads of one host", () => {
  it("have a path each", async () => {
    const { registered } = await run(false, two("/other"));
    expect(registered.filter(({ type }) => type.endsWith(":Ingress"))).toHaveLength(2);
  });

  it.each(["/demo", "/demo/"])(
    "are refused where the path is the same, before anything is made: %s",
    async (path) => {
      await expect(run(false, two(path))).rejects.toThrow(
        `path: got "${path}" of "${host}" for "second-deployment", which leads to "first-deployment"; allowed: a path or a host of its own`,
      );
    },
  );
});
