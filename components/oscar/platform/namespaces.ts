import { core } from "@pulumi/kubernetes";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { labelsFor } from "../../kubernetes/labels";
import { podSecurity } from "../../kubernetes/security";

/** Known to MinIO, which calls `http://oscar.oscar:8080/job/…`, and so its release is `oscar`, too. */
export const managerName = "oscar";
/** Known to the Manager's own code, which looks for users' credentials there; and users' namespaces begin with it. */
export const servicesNamespace = "oscar-svc";

export interface OscarNamespaces {
  readonly manager: core.v1.Namespace;
  readonly services: core.v1.Namespace;
}

/**
 * The Manager's namespace, and the one of the administrator's services, which are recorded in it and nowhere else. What
 * they come after has to outlive them: it takes away what is in them, which no one does without (finalizers, mounts).
 */
export function makeNamespaces(
  name: string,
  { protect }: { readonly protect: boolean },
  self: CustomResourceOptions,
): OscarNamespaces {
  // Pods that serve end their requests first.
  const patient = { ...self, customTimeouts: { delete: "30m" } };
  const manager = new core.v1.Namespace(
    `${name}-manager`,
    { metadata: { name: managerName, labels: { ...labelsFor(managerName), ...podSecurity("baseline") } } },
    patient,
  );
  const services = new core.v1.Namespace(
    `${name}-services`,
    {
      metadata: {
        name: servicesNamespace,
        // What shows a service a bucket as a folder is privileged.
        labels: { ...labelsFor(servicesNamespace), ...podSecurity("privileged") },
      },
    },
    { ...patient, protect },
  );
  return { manager, services };
}
