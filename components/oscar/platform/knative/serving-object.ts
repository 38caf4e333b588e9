import { knativeServingVersion } from "../../../versions";

/**
 * The kind that Knative's operator installs Serving by, the fields that we use
 * (https://knative.dev/docs/install/operator/configuring-serving-cr/).
 */
export interface KnativeServingObject {
  readonly apiVersion: "operator.knative.dev/v1beta1";
  readonly kind: "KnativeServing";
  readonly spec: KnativeServingSpec;
}

export interface KnativeServingSpec {
  /** One that the operator has in it: those of its own minor version, and of a few before. */
  readonly version: string;
  readonly ingress: {
    readonly kourier: { readonly enabled: true; readonly "service-type": "ClusterIP" };
  };
  /** What its ConfigMaps say, by their names without `config-`. */
  readonly config: {
    readonly network: { readonly "ingress-class": string };
    readonly features: Readonly<Record<ServingFeature, "enabled">>;
  };
  readonly podDisruptionBudgets: readonly { readonly name: string; readonly maxUnavailable: number }[];
}

/** What pods of services may have that Knative by itself refuses. */
export type ServingFeature =
  "kubernetes.podspec-persistent-volume-claim" | "kubernetes.podspec-persistent-volume-write";

/** Serving as OSCAR needs it. */
export const servingSpec: KnativeServingSpec = {
  version: knativeServingVersion,
  // Nothing comes in from outside: it is the Manager that hands requests on.
  ingress: { kourier: { enabled: true, "service-type": "ClusterIP" } },
  config: {
    network: { "ingress-class": "kourier.ingress.networking.knative.dev" },
    // OSCAR mounts a claim into every service, and a user's own one to be written to
    // (https://github.com/grycap/oscar/blob/v4.1.2/pkg/types/service.go, `ToPodSpec`). Its services say nothing else that is
    // refused; those for interLink's nodes are none of Knative's.
    features: {
      "kubernetes.podspec-persistent-volume-claim": "enabled",
      "kubernetes.podspec-persistent-volume-write": "enabled",
    },
  },
  // Of each there is one pod, of which by itself 80 % have to stay: the node that it is on could not be drained
  // (https://github.com/knative/serving/issues/9990).
  podDisruptionBudgets: ["activator-pdb", "webhook-pdb", "3scale-kourier-gateway-pdb"].map((name) => ({
    name,
    maxUnavailable: 1,
  })),
};
