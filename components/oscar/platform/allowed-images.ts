import { core } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { patchForce } from "../../kubernetes/annotations";
import { labelsFor } from "../../kubernetes/labels";
import { managerName } from "./namespaces";

/** By which the Manager looks for it, in its own namespace (`ADDITIONAL_CONFIG_PATH`). */
export const allowedImagesName = "config.yaml";

/**
 * What the Manager allows of services' images, as it reads it before each of them (grycap/oscar, pkg/backends/k8s.go,
 * `checkAdditionalConfig`): whatever its name says, it is no YAML. `PUT /system/config` writes the same object, whole; the
 * next `up` after a refresh writes it back.
 */
export function makeAllowedImages(
  name: string,
  allowed: readonly string[],
  namespace: Input<string>,
  self: CustomResourceOptions,
): core.v1.ConfigMap {
  return new core.v1.ConfigMap(
    `${name}-allowed-images`,
    {
      metadata: {
        name: allowedImagesName,
        namespace,
        labels: labelsFor(managerName),
        annotations: { ...patchForce },
      },
      data: { allowed_image_repositories: JSON.stringify(allowed) },
    },
    // Its name is fixed, so the old one goes first.
    { ...self, deleteBeforeReplace: true },
  );
}
