import type { Properties, Value } from "../../../provider";
import { at, listAt, textAt, withValue } from "./objects";
import type { ObjectRef } from "./store";

/** An address that no one has (RFC 5737), for load balancers. */
const externalAddress = "192.0.2.10";

/**
 * What every cluster has that a program may look for by name: a node with its addresses, a class of gateways. Of other
 * kinds there is what the program makes.
 */
export function existing({ apiVersion, kind, name }: ObjectRef): Properties | undefined {
  const object = { apiVersion, kind, metadata: { name } };
  switch (`${apiVersion.replace(/\/.*/, "")} ${kind}`) {
    case "v1 Node":
      return status(object, {
        addresses: [
          { type: "InternalIP", address: "10.0.0.4" },
          { type: "ExternalIP", address: "203.0.113.4" },
        ],
        conditions: [condition("Ready")],
      });
    case "gateway.networking.k8s.io GatewayClass":
      return status(
        { ...object, spec: { controllerName: "example.com/gateways" } },
        { conditions: [condition("Accepted")] },
      );
    case "gateway.networking.k8s.io Gateway":
      return status(object, { conditions: [condition("Programmed")] });
    default:
      return undefined;
  }
}

/** What the rest of a cluster would fill in, as far as programs read it: addresses, ports, a status of all well. */
export class Plausible {
  private services = 0;

  complete(object: Properties): Properties {
    switch (`${textAt(object, "apiVersion")} ${textAt(object, "kind")}`) {
      case "v1 Service":
        return this.service(object);
      case "networking.k8s.io/v1 Ingress":
        return status(object, { loadBalancer: { ingress: [{ ip: externalAddress }] } });
      case "v1 Namespace":
        return status(object, { phase: "Active" });
      case "v1 PersistentVolumeClaim":
        return this.claim(object);
      case "v1 Pod":
        return status(object, { phase: "Running", conditions: [condition("Ready")] });
      case "batch/v1 Job":
        return status(object, {
          succeeded: at(object, "spec", "completions") ?? 1,
          conditions: [condition("Complete")],
        });
      case "apps/v1 Deployment":
      case "apps/v1 StatefulSet":
        return this.replicated(object);
      default:
        return object;
    }
  }

  private service(object: Properties): Properties {
    const type = textAt(object, "spec", "type") ?? "ClusterIP";
    if (type === "ExternalName") return object;
    const clusterIP =
      textAt(object, "spec", "clusterIP") ?? `10.96.${this.services >> 8}.${(this.services++ & 255) + 1}`;
    const addressed = withValue(object, ["spec", "clusterIP"], clusterIP);
    if (type === "ClusterIP") return addressed;
    const ports = listAt(addressed, "spec", "ports").map((port) => ({
      ...Object.fromEntries(Object.entries(port ?? {})),
      // Kubernetes' own range for node ports is 30000 to 32767; the same port gets the same one each time.
      nodePort: at(port, "nodePort") ?? 30000 + (Number(at(port, "port")) % 2768),
    }));
    const ported = withValue(addressed, ["spec", "ports"], ports);
    return type === "LoadBalancer"
      ? status(ported, { loadBalancer: { ingress: [{ ip: externalAddress }] } })
      : ported;
  }

  private claim(object: Properties): Properties {
    const volumeName = textAt(object, "spec", "volumeName") ?? `pvc-${textAt(object, "metadata", "uid")}`;
    return status(withValue(object, ["spec", "volumeName"], volumeName), {
      phase: "Bound",
      capacity: at(object, "spec", "resources", "requests") ?? {},
      accessModes: listAt(object, "spec", "accessModes"),
    });
  }

  private replicated(object: Properties): Properties {
    const replicas = at(object, "spec", "replicas") ?? 1;
    return status(withValue(object, ["spec", "replicas"], replicas), {
      replicas,
      readyReplicas: replicas,
      availableReplicas: replicas,
      updatedReplicas: replicas,
      conditions: [condition("Available")],
    });
  }
}

function status(object: Properties, value: Properties): Properties {
  return { ...object, status: value };
}

function condition(type: string): Value {
  return { type, status: "True" };
}
