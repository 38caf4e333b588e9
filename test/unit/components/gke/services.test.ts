import { ComponentResource } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { enableServices, neededServices } from "../../../../components/host/gke/services";
import { run } from "../../../support/mocks";

const always = [
  "artifactregistry",
  "certificatemanager",
  "cloudresourcemanager",
  "compute",
  "container",
  "containerfilesystem",
  "containersecurity",
  "dns",
  "iam",
  "logging",
  "monitoring",
  "storage",
];

describe("the services that a cluster needs", () => {
  it.each([
    ["by itself", {}, []],
    ["with Filestore", { filestore: true }, ["file"]],
    ["with Secret Manager", { secretManager: true }, ["secretmanager"]],
    ["with Binary Authorization", { binaryAuthorization: true }, ["binaryauthorization"]],
  ])("%s", (_, needs, more) => {
    expect(neededServices(needs)).toEqual([...always, ...more].sort());
  });
});

describe.each([false, true])("enabled services, preview %s", (preview) => {
  it("stay enabled when the stack goes", async () => {
    const { registered, result } = await run(preview, () => {
      const parent = new ComponentResource("test:index:Host", "lab");
      return enableServices("lab", { project: "my-project", filestore: true }, { parent });
    });
    const services = registered.filter(({ type }) => type === "gcp:projects/service:Service");
    expect(services.map(({ name }) => name)).toEqual([...always, "file"].sort().map((one) => `lab-${one}`));
    expect(services[3]).toEqual({
      type: "gcp:projects/service:Service",
      name: "lab-compute",
      inputs: { project: "my-project", service: "compute.googleapis.com", disableOnDestroy: false },
      parent: "Host lab",
      dependsOn: [],
      options: {},
    });
    expect(result).toHaveLength(services.length);
  });
});
