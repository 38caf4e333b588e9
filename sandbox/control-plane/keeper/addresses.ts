import type { V1Ingress } from "@kubernetes/client-node";
import type { Api } from "./api";
import { ifThere } from "./custom";
import type { Mirror } from "./mirror";
import type { ReservedAddress } from "./project";

/** By which an Ingress asks for an address that is reserved (stages/addresses.yaml leaves these to us). */
const annotation = "kubernetes.io/ingress.global-static-ip-name";

/** The address that an Ingress asks for by name, where it is reserved and not in the status yet. */
export function wantedAddress(
  { metadata, status }: V1Ingress,
  reserved: readonly ReservedAddress[],
): string | undefined {
  const name = metadata?.annotations?.[annotation];
  const ip = reserved.find((each) => each.name === name && each.scope === "global")?.ip;
  return status?.loadBalancer?.ingress?.some((each) => each.ip === ip) ? undefined : ip;
}

/** Gives Ingresses the addresses that they ask for. */
export async function giveAddresses(
  api: Api,
  ingresses: Mirror<V1Ingress>,
  reserved: readonly ReservedAddress[],
): Promise<void> {
  for (const object of ingresses.items) {
    const ip = wantedAddress(object, reserved);
    if (ip === undefined) continue;
    const { name = "", namespace = "", uid } = object.metadata ?? {};
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}/status`;
    const body = { metadata: { uid }, status: { loadBalancer: { ingress: [{ ip }] } } };
    await ifThere(async () => {
      ingresses.put(await api.send<V1Ingress>({ method: "PATCH", path, body }));
      console.log(`gave ${namespace}/${name} the reserved address ${ip}`);
    });
  }
}
