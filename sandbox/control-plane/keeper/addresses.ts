import type { V1Ingress, V1Service } from "@kubernetes/client-node";
import type { Api } from "./api";
import { ifThere } from "./custom";
import type { Mirror } from "./mirror";
import type { ReservedAddress } from "./project";

/** By which annotation each asks for an address that is reserved (stages/addresses.yaml leaves these to us). */
const serviceAnnotation = "networking.gke.io/load-balancer-ip-addresses";
const ingressAnnotation = "kubernetes.io/ingress.global-static-ip-name";

/** The address that a load balancer asks for by name, where it is reserved and not in the status yet. */
export function wantedAddress(
  { metadata, spec, status }: V1Service | V1Ingress,
  reserved: readonly ReservedAddress[],
): string | undefined {
  const { [serviceAnnotation]: regional, [ingressAnnotation]: global } = metadata?.annotations ?? {};
  const isService = spec !== undefined && "type" in spec;
  if (isService && spec.type !== "LoadBalancer") return undefined;
  const [name, scope] = isService ? [regional, "regional"] : [global, "global"];
  const ip = reserved.find((each) => each.name === name && each.scope === scope)?.ip;
  return status?.loadBalancer?.ingress?.some((each) => each.ip === ip) ? undefined : ip;
}

/** Gives Services and Ingresses the addresses that they ask for. */
export async function giveAddresses(
  api: Api,
  services: Mirror<V1Service>,
  ingresses: Mirror<V1Ingress>,
  reserved: readonly ReservedAddress[],
): Promise<void> {
  const give = async <T extends V1Service | V1Ingress>(
    mirror: Mirror<T>,
    path: (namespace: string) => string,
    extra: object,
  ) => {
    for (const object of mirror.items) {
      const ip = wantedAddress(object, reserved);
      if (ip === undefined) continue;
      const { name = "", namespace = "", uid } = object.metadata ?? {};
      const body = { metadata: { uid }, status: { loadBalancer: { ingress: [{ ip, ...extra }] } } };
      await ifThere(async () => {
        mirror.put(await api.send<T>({ method: "PATCH", path: `${path(namespace)}/${name}/status`, body }));
        console.log(`gave ${namespace}/${name} the reserved address ${ip}`);
      });
    }
  };
  await give(services, (namespace) => `/api/v1/namespaces/${namespace}/services`, { ipMode: "VIP" });
  await give(ingresses, (namespace) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`, {});
}
