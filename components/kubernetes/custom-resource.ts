import { apiextensions, type types } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";

/**
 * A kind that a cluster knows only once its definition is installed. Each is written down as an interface of the fields
 * that we use, with `apiVersion` and `kind` as literals:
 *
 * ```ts
 * interface Gateway {
 *   readonly apiVersion: "gateway.networking.k8s.io/v1";
 *   readonly kind: "Gateway";
 *   readonly spec: { readonly gatewayClassName: string };
 * }
 * ```
 */
export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
}

/** An object of such a kind. Without a name in its metadata, Pulumi gives it one. */
export type CustomObject<Kind extends CustomKind> = Pick<Kind, "apiVersion" | "kind" | "spec"> & {
  readonly metadata?: CustomMetadata;
  /**
   * What of its status makes it ready: `condition=Programmed`, `jsonpath={.status.phase}=Active`. Pulumi knows nothing
   * of the kind, so otherwise it is done as soon as the API has taken it.
   */
  readonly waitFor?: string;
};

export type CustomMetadata = Omit<types.input.meta.v1.ObjectMeta, "annotations"> & {
  readonly annotations?: Readonly<Record<string, Input<string>>>;
};

/**
 * Without what installs the definition, and the webhook that checks the objects, the API refuses the object on the way
 * up; and on the way down no controller is left to release it. So it must be said, even where it is only the cluster.
 */
export type CustomOptions = CustomResourceOptions &
  Required<Pick<CustomResourceOptions, "dependsOn" | "provider">>;

/** Makes an object of a kind that Kubernetes itself does not have: the one place that does (a lint rule). */
export function customResource<Kind extends CustomKind>(
  name: string,
  { apiVersion, kind, metadata = {}, spec, waitFor }: CustomObject<Kind>,
  options: CustomOptions,
): apiextensions.CustomResource {
  const annotations = {
    ...metadata.annotations,
    ...(waitFor !== undefined && { "pulumi.com/waitFor": waitFor }),
  };
  return new apiextensions.CustomResource(
    name,
    {
      apiVersion,
      kind,
      metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec,
    },
    options,
  );
}

/**
 * Reads an object of such a kind that someone else made, such as a GatewayClass; the preview fails where there is none.
 * Without a namespace, for kinds that are not in one.
 */
export function existingObject<Kind extends CustomKind>(
  name: string,
  object: Pick<Kind, "apiVersion" | "kind"> & { readonly name: string; readonly namespace?: string },
  options: CustomResourceOptions & Required<Pick<CustomResourceOptions, "provider">>,
): apiextensions.CustomResource {
  const { apiVersion, kind, namespace } = object;
  const id = namespace === undefined ? object.name : `${namespace}/${object.name}`;
  return apiextensions.CustomResource.get(name, { ...options, apiVersion, kind, id });
}
