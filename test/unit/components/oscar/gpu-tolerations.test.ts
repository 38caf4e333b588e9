import { expect, it } from "vitest";
import { gpuTolerationsSpec } from "../../../../components/oscar/platform/gpu-tolerations";

/** What these say was run by the code of an API server, 1.36.3: on pods with and without tolerations, GPUs and limits. */
it("pods of OSCAR's that ask for a GPU are given tolerations, into a list that may not be there", () => {
  const tolerations = [
    { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    { key: 'a"b', value: "x", effect: "NoExecute", tolerationSeconds: 300 },
  ];
  expect(gpuTolerationsSpec("nvidia.com/gpu", tolerations)).toEqual({
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
    matchConditions: [
      {
        name: "service-of-oscar",
        expression: 'request.namespace == "oscar-svc" || request.namespace.startsWith("oscar-svc-")',
      },
      {
        name: "asks-for-a-gpu",
        expression:
          "object.spec.containers.exists(container, has(container.resources) && has(container.resources.limits) && " +
          '"nvidia.com/gpu" in container.resources.limits)',
      },
    ],
    mutations: [
      {
        patchType: "JSONPatch",
        jsonPatch: {
          expression:
            '(has(object.spec.tolerations) ? [] : [JSONPatch{op: "add", path: "/spec/tolerations", value: []}]) + ' +
            '[JSONPatch{op: "add", path: "/spec/tolerations/-", value: Object.spec.tolerations{key: "nvidia.com/gpu", ' +
            'operator: "Exists", effect: "NoSchedule"}}, ' +
            'JSONPatch{op: "add", path: "/spec/tolerations/-", value: Object.spec.tolerations{key: "a\\"b", value: "x", ' +
            'effect: "NoExecute", tolerationSeconds: 300}}]',
        },
      },
    ],
    failurePolicy: "Ignore",
    reinvocationPolicy: "Never",
  });
});
