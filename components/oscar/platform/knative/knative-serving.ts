import { core } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../../host/cluster-handle";
import { checkName } from "../../../kubernetes/checks";
import { customResource } from "../../../kubernetes/custom-resource";
import { helmRelease } from "../../../kubernetes/helm-release";
import { labelsFor } from "../../../kubernetes/labels";
import { refuseFaults } from "../../../refuse";
import { charts } from "../../../versions";
import { servingSpec, type KnativeServingObject } from "./serving-object";

/** Where people look for the operator: its documentation has it so. */
const operatorNamespace = "knative-operator";
/** Of the namespace and of the object: Serving's parts and what is made for it look for each other there. */
const servingName = "knative-serving";
/** Nine images are pulled, on nodes that may have to be made first. */
const timeout = "20m";

export interface KnativeServingArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder">;
}

/**
 * Knative Serving for OSCAR, with Kourier before it, by Knative's operator: it answers synchronous invocations, and has no
 * pod of a service that no one calls.
 *
 * ```ts
 * const knative = new KnativeServing("lab", { cluster });
 * ```
 *
 * Costs nine pods, which reserve 1.2 CPUs and 1 GiB of memory. It needs Kubernetes 1.31. It cannot be twice in a cluster,
 * and the operator's chart does not install beside another operator. Kinds: the operator's own go with it; those of Serving
 * the operator leaves behind, with every service of the cluster in them, and nothing serves these then: `kubectl delete crd`
 * takes them away. The next installation takes them over. It leads nothing in from outside, and an OSCAR service with
 * `enable_sgx` is refused, for it wants a capability (`kubernetes.containerspec-addcapabilities`).
 */
export class KnativeServing extends ComponentResource {
  /** What services come after. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: KnativeServingArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:KnativeServing", name, {}, opts);
    // Pulumi adds 9 characters to a release's name, of which Helm allows 53.
    refuseFaults(this, `KnativeServing ${name}`, checkName(name, 44));
    const { cluster } = args;
    const self = { parent: this, provider: cluster.provider };
    const operatorHome = new core.v1.Namespace(
      `${name}-operator`,
      { metadata: { name: operatorNamespace, labels: labelsFor(operatorNamespace) } },
      self,
    );
    const operator = helmRelease(
      name,
      {
        chart: charts.knativeOperator,
        chartsFolder: cluster.chartsFolder,
        namespace: operatorHome.metadata.name,
        values: {},
      },
      self,
    );
    const home = new core.v1.Namespace(
      `${name}-serving`,
      // The operator labels it, too: of the labels that both set, app.kubernetes.io/name, the value is the same.
      { metadata: { name: servingName, labels: labelsFor(servingName) } },
      // Its pods may take ten minutes to end their requests, which is all that Pulumi waits by itself.
      { ...self, customTimeouts: { delete: timeout } },
    );
    const serving = customResource<KnativeServingObject>(
      name,
      {
        apiVersion: "operator.knative.dev/v1beta1",
        kind: "KnativeServing",
        metadata: { name: servingName, namespace: home.metadata.name, labels: labelsFor(servingName) },
        spec: servingSpec,
        waitFor: "condition=Ready",
      },
      {
        ...self,
        // On the way down the operator takes Serving away, and only then lets go of the object.
        dependsOn: [operator],
        customTimeouts: { create: timeout, update: timeout, delete: timeout },
      },
    );
    this.ready = [serving];
    this.registerOutputs({});
  }
}
