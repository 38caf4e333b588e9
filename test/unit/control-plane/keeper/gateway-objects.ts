import type { V1Secret, V1Service } from "@kubernetes/client-node";
import type { Gateway, HttpRoute, Listener } from "../../../../sandbox/control-plane/keeper/gateway-kinds";
import type { GatewayScene } from "../../../../sandbox/control-plane/keeper/gateways";

export const time = "2026-11-21T10:00:00.000Z";

export const meta = (name: string, namespace = "web") => ({
  name,
  namespace,
  uid: `${namespace}/${name}`,
  resourceVersion: "1",
  generation: 3,
});

export const http: Listener = { name: "http", port: 80, protocol: "HTTP" };
export const https = (secret: string, namespace?: string): Listener => ({
  name: "https",
  port: 443,
  protocol: "HTTPS",
  hostname: "ui.example.com",
  tls: {
    mode: "Terminate",
    certificateRefs: [{ kind: "Secret", name: secret, ...(namespace !== undefined && { namespace }) }],
  },
});

export function gateway(
  listeners: readonly Listener[] = [http],
  spec: Partial<Gateway["spec"]> = {},
  status?: Gateway["status"],
): Gateway {
  return {
    metadata: meta("gateway"),
    spec: { gatewayClassName: "sandbox", listeners, ...spec },
    ...(status !== undefined && { status }),
  };
}

export function route(spec: Partial<HttpRoute["spec"]> = {}, namespace = "web"): HttpRoute {
  return {
    metadata: meta("ui", namespace),
    spec: { parentRefs: [{ name: "gateway" }], rules: [{ backendRefs: [{ name: "ui" }] }], ...spec },
  };
}

export function secret(name: string, type = "kubernetes.io/tls", namespace = "web"): V1Secret {
  return { metadata: { name, namespace }, type };
}

export function service(name: string, namespace = "web"): V1Service {
  return { metadata: { name, namespace }, spec: { type: "ClusterIP" } };
}

export function scene(of: Partial<GatewayScene> = {}): GatewayScene {
  return {
    classes: ["sandbox", "gke-l7-global-external-managed", "gke-l7-regional-external-managed"].map(
      (name) => ({
        metadata: { name },
        spec: { controllerName: `controller/${name}` },
      }),
    ),
    gateways: [],
    routes: [],
    grants: [],
    namespaces: [],
    services: [service("ui")],
    secrets: [],
    addresses: [],
    ...of,
  };
}
