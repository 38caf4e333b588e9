import { output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import {
  traefikValues,
  type TraefikValuesArgs,
} from "../../../../components/exposure/gateway/traefik-values";

const always = {
  providers: { kubernetesGateway: { enabled: true } },
  gateway: { enabled: false },
  ingressClass: { isDefaultClass: false },
};
const balanced = { kind: "load-balancer" } as const;
const ofHost = {
  service: { spec: { type: "ClusterIP" } },
  tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
};
const hour = { transport: { respondingTimeouts: { readTimeout: "3600s" } } };
const ip = output("203.0.113.21");

it.each<[string, TraefikValuesArgs, object]>([
  ["by a load balancer", { reach: balanced }, {}],
  [
    "by a load balancer with an address of its own",
    { reach: balanced, reservation: { ip, annotations: {} } },
    { service: { spec: { loadBalancerIP: ip } } },
  ],
  [
    "by a load balancer that is told its address by annotations, too",
    { reach: balanced, reservation: { ip, annotations: { "example.com/address": "front" } } },
    { service: { spec: { loadBalancerIP: ip }, annotations: { "example.com/address": "front" } } },
  ],
  [
    "by a node's ports, which one pod has",
    { reach: { kind: "front-node", node: { name: "edge-1" } } },
    {
      ...ofHost,
      ports: { web: { hostPort: 80 }, websecure: { hostPort: 443 } },
      updateStrategy: { type: "Recreate" },
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchFields: [{ key: "metadata.name", operator: "In", values: ["edge-1"] }] },
            ],
          },
        },
      },
    },
  ],
  [
    "by every node's ports",
    { reach: { kind: "front-node", node: { addresses: ["203.0.113.4"] } } },
    {
      ...ofHost,
      ports: { web: { hostPort: 80 }, websecure: { hostPort: 443 } },
      deployment: { kind: "DaemonSet" },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    },
  ],
  ["with long uploads", { reach: balanced, uploadSeconds: 3600 }, { ports: { web: hour, websecure: hour } }],
  [
    "by every node's ports, with long uploads",
    { reach: { kind: "front-node", node: { addresses: ["203.0.113.4"] } }, uploadSeconds: 3600 },
    {
      ...ofHost,
      ports: { web: { hostPort: 80, ...hour }, websecure: { hostPort: 443, ...hour } },
      deployment: { kind: "DaemonSet" },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    },
  ],
])("Traefik is reached %s", (_what, args, values) => {
  expect(traefikValues(args)).toEqual({ ...always, ...values });
});
