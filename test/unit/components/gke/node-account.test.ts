import { describe, expect, it } from "vitest";
import { NodeAccount, nodeAccountId } from "../../../../components/host/gke/node-account";
import { run } from "../../../support/mocks";

describe("an account's id", () => {
  it.each([
    ["lab", "lab-nodes-1a2b3c"],
    ["a", "a-nodes-1a2b3c"],
    ["a-long-name-of-30-characters-00", "a-long-name-of-30-nodes-1a2b3c"],
    // No two hyphens where the cut meets one.
    ["a-name-with-18-ch-and-more", "a-name-with-18-ch-nodes-1a2b3c"],
    ["a-name-with-17-c--and-more", "a-name-with-17-c-nodes-1a2b3c"],
  ])("of %s is %s", (name, id) => {
    expect(nodeAccountId(name, "1a2b3c")).toBe(id);
    expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });
});

describe.each([false, true])("the nodes' account, preview %s", (preview) => {
  const account = () => new NodeAccount("lab", { project: "my-project" });

  it("is the cluster's own, by a name that no other stack has", async () => {
    const { one, registered } = await run(preview, account);
    expect(registered.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)).toEqual([
      "NodeAccount lab",
      "RandomId lab-nodes",
      "Account lab-nodes",
      "IAMMember lab-nodes-system",
      "IAMMember lab-nodes-images",
      "IAMMember lab-nodes-streaming",
    ]);
    expect(one("RandomId").inputs).toEqual({ byteLength: 3 });
    expect(one("Account")).toMatchObject({
      type: "gcp:serviceaccount/account:Account",
      inputs: {
        project: "my-project",
        accountId: preview ? "<unknown>" : "lab-nodes-1a2b3c",
        displayName: "Nodes of lab",
      },
      parent: "NodeAccount lab",
      dependsOn: ["RandomId lab-nodes"],
      options: {},
    });
  });

  it("has the roles that nodes need, and no other", async () => {
    const { registered, result } = await run(preview, account);
    const members = registered.filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember");
    const member = preview ? "<unknown>" : "serviceAccount:nodes@my-project.iam.gserviceaccount.com";
    expect(members.map(({ inputs }) => inputs)).toEqual([
      { project: "my-project", role: "roles/container.defaultNodeServiceAccount", member },
      { project: "my-project", role: "roles/artifactregistry.reader", member },
      { project: "my-project", role: "roles/serviceusage.serviceUsageConsumer", member },
    ]);
    expect(members.every(({ parent }) => parent === "NodeAccount lab")).toBe(true);
    expect(result.ready).toHaveLength(3);
  });
});

it("an account's name must be sound", async () => {
  await expect(run(false, () => new NodeAccount("1st", { project: "my-project" }))).rejects.toThrow(
    'NodeAccount 1st:\n  name: got "1st"; allowed: lower-case letters, digits and hyphens, a letter first, at most 63 characters',
  );
});
