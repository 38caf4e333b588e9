import { admissionregistration, type types } from "@pulumi/kubernetes";
import { output, type CustomResourceOptions, type Resource, type Unwrap } from "@pulumi/pulumi";
import type { GpuScheduling } from "../../host/cluster-handle";
import { labelsFor } from "../../kubernetes/labels";
import { managerName, servicesNamespace } from "./namespaces";

type Toleration = Unwrap<types.input.core.v1.Toleration>;

/**
 * Has the API give services' pods that ask for a GPU the tolerations of the nodes that have one: OSCAR gives them none.
 * The API knows of such policies from Kubernetes 1.36 on
 * (https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/).
 */
export function makeGpuTolerations(
  name: string,
  { resource, tolerations }: Pick<GpuScheduling, "resource" | "tolerations">,
  self: CustomResourceOptions,
): Resource[] {
  const own = `${name}-gpu-tolerations`;
  const metadata = { labels: labelsFor(managerName) };
  const spec = output([...tolerations]).apply((known) => gpuTolerationsSpec(resource, known));
  const policy = new admissionregistration.v1.MutatingAdmissionPolicy(own, { metadata, spec }, self);
  const binding = new admissionregistration.v1.MutatingAdmissionPolicyBinding(
    own,
    { metadata, spec: { policyName: policy.metadata.name } },
    self,
  );
  return [policy, binding];
}

/** Which pods, and what they are given, in CEL. */
export function gpuTolerationsSpec(resource: string, tolerations: readonly Toleration[]) {
  return {
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
    matchConditions: [
      // By name, because no label is in users' namespaces and in the administrator's alike.
      {
        name: "service-of-oscar",
        expression: `request.namespace == "${servicesNamespace}" || request.namespace.startsWith("${servicesNamespace}-")`,
      },
      {
        name: "asks-for-a-gpu",
        expression:
          "object.spec.containers.exists(container, has(container.resources) && has(container.resources.limits)" +
          ` && ${text(resource)} in container.resources.limits)`,
      },
    ],
    mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: tolerationsPatch(tolerations) } }],
    // A pod without tolerations waits; refused pods would be everyone's.
    failurePolicy: "Ignore",
    reinvocationPolicy: "Never",
  };
}

/**
 * A patch, because what is merged instead (ApplyConfiguration) cannot have lists without keys. One by one, into a list that
 * may have to be made first: a value that is a list of objects crashes the API server's handler (1.36.3).
 */
function tolerationsPatch(tolerations: readonly Toleration[]): string {
  const add = (path: string, value: string) => `JSONPatch{op: "add", path: "${path}", value: ${value}}`;
  const each = tolerations.map((toleration) => add("/spec/tolerations/-", tolerationObject(toleration)));
  return `(has(object.spec.tolerations) ? [] : [${add("/spec/tolerations", "[]")}]) + [${each.join(", ")}]`;
}

function tolerationObject(toleration: Toleration): string {
  const fields = Object.entries(toleration).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${typeof value === "string" ? text(value) : String(value)}`],
  );
  return `Object.spec.tolerations{${fields.join(", ")}}`;
}

/** CEL's texts are JSON's. */
function text(value: string): string {
  return JSON.stringify(value);
}
