import { ComponentResource } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { grantBucketRole, workloadPrincipal } from "../../../../components/host/gke/identity";
import { run } from "../../../support/mocks";

const server = {
  projectNumber: "123456789012",
  projectId: "my-project",
  namespace: "mnist-1a2b3c4d",
  serviceAccount: "ui-5e6f7a8b",
};
const principal =
  "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/" +
  "my-project.svc.id.goog/subject/ns/mnist-1a2b3c4d/sa/ui-5e6f7a8b";

describe("the identity of a service account's pods", () => {
  it("is of the project by its number, in the pool by its id", () => {
    expect(workloadPrincipal(server)).toBe(principal);
  });

  it.each([
    ["another namespace", { namespace: "other" }],
    ["another account", { serviceAccount: "other" }],
    ["another project", { projectNumber: "1", projectId: "other" }],
  ])("is another one in %s", (_, change) => {
    expect(workloadPrincipal({ ...server, ...change })).not.toBe(principal);
  });
});

describe.each([false, true])("a role on a bucket, preview %s", (preview) => {
  it("is one member's, on this bucket alone", async () => {
    const { one } = await run(preview, () => {
      const parent = new ComponentResource("test:index:Workload", "ui");
      const args = { bucket: "models", role: "roles/storage.objectViewer", member: principal } as const;
      return grantBucketRole("ui-models", args, { parent });
    });
    expect(one("BucketIAMMember")).toEqual({
      type: "gcp:storage/bucketIAMMember:BucketIAMMember",
      name: "ui-models",
      inputs: { bucket: "models", role: "roles/storage.objectViewer", member: principal },
      parent: "Workload ui",
      dependsOn: [],
      options: {},
    });
  });
});
