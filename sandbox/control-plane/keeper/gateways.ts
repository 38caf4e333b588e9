import type { V1Secret } from "@kubernetes/client-node";
import { conditions, stated, type Stated } from "./custom";
import {
  isGranted,
  type Address,
  type Gateway,
  type HttpRoute,
  type Listener,
  type ListenerStatus,
} from "./gateway-kinds";
import type { ReservedAddress } from "./project";
import { attachedRoutes, type RouteScene } from "./routes";

/** An address of the range that documentation may use (RFC 5737); nothing answers there. */
const anyAddress = "192.0.2.30";

export interface GatewayScene extends RouteScene {
  readonly routes: readonly HttpRoute[];
  readonly secrets: readonly V1Secret[];
  readonly addresses: readonly ReservedAddress[];
}

/** What its class' controller would say of a gateway; `undefined` where there is no such class, and so no controller. */
export function gatewayStatus(
  gateway: Gateway,
  scene: GatewayScene,
  time: string,
): Required<NonNullable<Gateway["status"]>> | undefined {
  const { spec, status, metadata } = gateway;
  if (!scene.classes.some(({ metadata: { name } }) => name === spec.gatewayClassName)) return undefined;
  const listeners = spec.listeners.map((listener) => listenerStatus(gateway, listener, scene, time));
  const { addresses, missing } = addressesOf(gateway, scene.addresses);
  const works = listeners.filter(isProgrammed).length;
  const now = [
    works === listeners.length
      ? stated("Accepted", true, "Accepted")
      : stated("Accepted", works > 0, "ListenersNotValid", "see the listeners' conditions"),
    missing !== undefined
      ? stated("Programmed", false, "AddressNotUsable", missing)
      : works > 0
        ? stated("Programmed", true, "Programmed")
        : stated("Programmed", false, "Invalid", "no listener is valid"),
  ];
  return { addresses, conditions: conditions(now, status?.conditions, metadata.generation, time), listeners };
}

function isProgrammed({ conditions }: ListenerStatus): boolean {
  return conditions.some(({ type, status }) => type === "Programmed" && status === "True");
}

function listenerStatus(
  gateway: Gateway,
  listener: Listener,
  scene: GatewayScene,
  time: string,
): ListenerStatus {
  const { name, protocol } = listener;
  const isHttp = protocol === "HTTP" || protocol === "HTTPS";
  const resolved = certificates(gateway, listener, scene);
  const now = [
    isHttp
      ? stated("Accepted", true, "Accepted")
      : stated("Accepted", false, "UnsupportedProtocol", `${protocol}: the sandbox plays HTTP and HTTPS`),
    isHttp && resolved.status === "True"
      ? stated("Programmed", true, "Programmed")
      : stated("Programmed", false, "Invalid", resolved.message),
    resolved,
    stated("Conflicted", false, "NoConflicts"),
  ];
  const before = gateway.status?.listeners?.find((each) => each.name === name)?.conditions;
  return {
    name,
    supportedKinds: isHttp ? [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }] : [],
    attachedRoutes: attachedRoutes(gateway, listener, scene.routes, scene),
    conditions: conditions(now, before, gateway.metadata.generation, time),
  };
}

/** Whether the Secrets with a listener's certificates are there, are such, and may be used. */
function certificates({ metadata }: Gateway, { tls }: Listener, { secrets, grants }: GatewayScene): Stated {
  const refused = (reason: string, message: string) => stated("ResolvedRefs", false, reason, message);
  for (const { kind = "Secret", namespace = metadata.namespace, name } of tls?.certificateRefs ?? []) {
    if (kind !== "Secret") return refused("InvalidCertificateRef", `${kind} ${name}: allowed: Secret`);
    const of = { kind, namespace, name } as const;
    if (!isGranted({ kind: "Gateway", namespace: metadata.namespace }, of, grants))
      return refused("RefNotPermitted", `no ReferenceGrant lets the gateway use Secret ${namespace}/${name}`);
    const secret = secrets.find(
      (each) => each.metadata?.name === name && each.metadata.namespace === namespace,
    );
    if (secret === undefined)
      return refused("InvalidCertificateRef", `Secret ${namespace}/${name} not found`);
    if (secret.type !== "kubernetes.io/tls")
      return refused(
        "InvalidCertificateRef",
        `Secret ${namespace}/${name} is of type ${secret.type}; needed: kubernetes.io/tls`,
      );
  }
  return stated("ResolvedRefs", true, "ResolvedRefs");
}

/** The addresses that it asks for; of one that is asked for by name, what is reserved under it. */
function addressesOf(
  { spec }: Gateway,
  reserved: readonly ReservedAddress[],
): { readonly addresses: readonly Address[]; readonly missing?: string } {
  const asked = spec.addresses ?? [];
  if (asked.length === 0) return { addresses: [{ type: "IPAddress", value: anyAddress }] };
  // Google's regional load balancers have regional addresses, its global ones global ones.
  const scope = /-regional-|-rilb/.test(spec.gatewayClassName) ? "regional" : "global";
  const found = asked.map(({ type = "IPAddress", value = "" }) =>
    type === "NamedAddress"
      ? reserved.find((each) => each.name === value && each.scope === scope)?.ip
      : value || anyAddress,
  );
  const missing = asked.filter((_, index) => found[index] === undefined).map(({ value }) => `"${value}"`);
  const addresses = found.flatMap((value) => (value === undefined ? [] : [{ type: "IPAddress", value }]));
  if (missing.length === 0) return { addresses };
  return { addresses, missing: `the project has no ${scope} address of the name ${missing.join(", ")}` };
}
