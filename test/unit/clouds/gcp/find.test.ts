import { describe, expect, it } from "vitest";
import { findInProject, memoryProject } from "../../../../sandbox/clouds";

const id = "projects/p/locations/europe-west4/clusters/mnist-1a2b3c4";
const type = "gcp:container/cluster:Cluster";
const pending = (name: string, of = type) => ({
  urn: `urn:pulumi:dev::inference-infra::${of}::mnist`,
  type: of,
  inputs: { name },
  provider: {},
});

describe("what an interrupted run asked the simulated project for", () => {
  it("is found by its type and its name, whether the run noted it or not", async () => {
    const project = memoryProject();
    await project.change((resources) => {
      resources[id] = { type, name: "mnist-1a2b3c4", state: {} };
    });
    expect(await findInProject(project, pending("mnist-1a2b3c4"))).toBe(id);
    expect(await findInProject(project, pending("mnist-5d6e7f8"))).toBeUndefined();
    expect(
      await findInProject(project, pending("mnist-1a2b3c4", "gcp:compute/network:Network")),
    ).toBeUndefined();
  });

  it("is found by an account's id, which is its name", async () => {
    const project = memoryProject();
    const account = "gcp:serviceaccount/account:Account";
    await project.change((resources) => {
      resources["projects/p/serviceAccounts/nodes@p"] = { type: account, name: "nodes-1a2b3c", state: {} };
    });
    const asked = pending("", account);
    expect(await findInProject(project, { ...asked, inputs: { accountId: "nodes-1a2b3c" } })).toBe(
      "projects/p/serviceAccounts/nodes@p",
    );
  });
});
