import type { Definition } from "../../tools";

/** GKE's compute classes, as far as an API server needs to know them: anything may stand in one. */
export const computeClassDefinition: Definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "computeclasses.cloud.google.com" },
  spec: {
    group: "cloud.google.com",
    scope: "Cluster",
    names: {
      kind: "ComputeClass",
      listKind: "ComputeClassList",
      plural: "computeclasses",
      singular: "computeclass",
      shortNames: ["cc", "ccs"],
    },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};
