import { ComponentResource, output } from "@pulumi/pulumi";
import { Service } from "@pulumi/gcp/projects";
import { Provider } from "@pulumi/gcp/provider";
import { describe, expect, it } from "vitest";
import { reserveGkeAddress } from "../../../../components/host/gke/addresses";
import { run, valueOf } from "../../../support/mocks";

/** Reserves one as a cluster does whose services are enabled by the stack, in a project by a provider of its own. */
const reserve = (use: "ingress" | "load-balancer") => () => {
  const provider = new Provider("mnist-google", { project: "my-project" });
  const enabled = new Service("compute", { service: "compute.googleapis.com" });
  const parent = new ComponentResource("test:index:Ui", "ui");
  const place = { project: "my-project", region: "europe-west4", after: [enabled], provider };
  return reserveGkeAddress("mnist", { parent, use }, place);
};

describe.each([false, true])("an address that is reserved, preview %s", (preview) => {
  const cases = [
    ["ingress", "GlobalAddress", {}, "kubernetes.io/ingress.global-static-ip-name"],
    ["load-balancer", "Address", { region: "europe-west4" }, undefined],
  ] as const;

  it.each(cases)("for the use %s", async (use, kind, more, annotation) => {
    const { one, registered, result } = await run(preview, reserve(use));
    expect(one(kind)).toEqual({
      type: `gcp:compute/${kind === "Address" ? "address" : "globalAddress"}:${kind}`,
      name: "mnist-address",
      inputs: { project: "my-project", ...more },
      parent: "Ui ui",
      provider: "mnist-google",
      dependsOn: ["Service compute"],
      options: {},
    });
    expect(registered.filter(({ parent }) => parent === "Ui ui")).toHaveLength(1);
    expect(Object.keys(result.annotations)).toEqual(annotation === undefined ? [] : [annotation]);
    // By its name in the cloud, which the controller looks it up by.
    if (!preview && annotation !== undefined)
      expect(await valueOf(output(result.annotations[annotation]))).toBe("mnist-address-1a2b3c4");
  });
});
