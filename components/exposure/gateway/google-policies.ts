import { z } from "zod";
import type { Policy, PolicyKind } from "./policy-kind";

/*
 * What GKE's gateways are told by policies beside the Gateway API: the fields that we use, and the bounds that Google's
 * own definitions of the kinds have (https://github.com/GoogleCloudPlatform/gke-gateway-api/tree/main/config/crd, as of
 * 2026-11-21). As schemas, so that a cluster without GKE can be given the kinds too: plain ones, for a definition knows
 * neither `const` nor alternatives; what one field asks of another is in the comments.
 */

const seconds = (least: number, most: number) => z.int().min(least).max(most);

const serviceRef = z
  .object({
    group: z.enum([""]).describe("Kubernetes' own group."),
    kind: z.enum(["Service"]),
    name: z.string().min(1).max(253).describe("The Service's name, in the policy's namespace."),
  })
  .describe("The Service that it holds for. Each has one policy of a kind at most.");

/**
 * How requests reach the pods of a Service
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources#configure_backend_timeout, 2026-11-21).
 */
export const backendPolicySpec = z.object({
  default: z
    .object({
      timeoutSec: seconds(1, 2147483647).describe("How long an answer may take; 30 by itself.").optional(),
      sessionAffinity: z
        .object({
          type: z.enum(["CLIENT_IP", "GENERATED_COOKIE"]).describe("By what a person is known again."),
          cookieTtlSec: seconds(0, 1209600)
            .describe(
              "How long the cookie lasts; with 0, until the browser is closed. For GENERATED_COOKIE only.",
            )
            .optional(),
        })
        .describe("Keeps a person's requests at one pod.")
        .optional(),
      connectionDraining: z
        .object({
          drainingTimeoutSec: seconds(0, 3600).describe(
            "How long requests that run may go on at a pod that goes.",
          ),
        })
        .optional(),
      securityPolicy: z.string().describe("A policy of Cloud Armor's, by its name.").optional(),
      iap: z
        .object({
          enabled: z.boolean().describe("Whether people must sign in with Google."),
          clientID: z.string().describe("The OAuth client that people sign in by.").optional(),
          oauth2ClientSecret: z
            .object({ name: z.string().describe("A Secret in the policy's namespace, under `key`.") })
            .optional(),
        })
        .describe("Identity-Aware Proxy.")
        .optional(),
      logging: z
        .object({
          enabled: z.boolean().describe("Whether requests are logged."),
          sampleRate: z.int().min(0).max(1000000).describe("How many of a million are.").optional(),
        })
        .optional(),
    })
    .optional(),
  targetRef: serviceRef,
});

/**
 * When a pod gets requests
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources#configure_health_check, 2026-11-21).
 */
export const healthCheckPolicySpec = z.object({
  default: z
    .object({
      checkIntervalSec: seconds(1, 300).describe("How often it is asked; 5 by itself.").optional(),
      timeoutSec: seconds(1, 300)
        .describe("How long it may take to answer, no longer than checkIntervalSec; 5 by itself.")
        .optional(),
      healthyThreshold: z.int().min(1).max(10).describe("Good answers till it gets requests.").optional(),
      unhealthyThreshold: z.int().min(1).max(10).describe("Bad answers till it gets none.").optional(),
      logConfig: z.object({ enabled: z.boolean().describe("Whether changes are logged.") }).optional(),
      config: z
        .object({
          type: z.enum(["HTTP"]),
          httpHealthCheck: z.object({
            requestPath: z
              .string()
              .max(2048)
              .describe("The path that answers with 200; / by itself.")
              .optional(),
            portSpecification: z
              .enum(["USE_FIXED_PORT", "USE_SERVING_PORT"])
              .describe("The port below, or the one that requests go to.")
              .optional(),
            port: z.int().min(1).max(65535).describe("The pod's port, for USE_FIXED_PORT only.").optional(),
          }),
        })
        .optional(),
    })
    .optional(),
  targetRef: serviceRef,
});

/**
 * How people reach the gateway
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources#configure_ssl_policies, 2026-11-21).
 */
export const gatewayPolicySpec = z.object({
  default: z
    .object({
      sslPolicy: z
        .string()
        .describe("Which TLS it speaks: an SSL policy of Compute Engine's, by its name.")
        .optional(),
      allowGlobalAccess: z
        .boolean()
        .describe("Whether an internal gateway of a region is reached from others.")
        .optional(),
      region: z.string().describe("Of a gateway of several clusters: where it is.").optional(),
    })
    .optional(),
  targetRef: z
    .object({
      group: z.enum(["gateway.networking.k8s.io"]),
      kind: z.enum(["Gateway"]),
      name: z.string().min(1).max(253).describe("The Gateway's name, in the policy's namespace."),
    })
    .describe("The Gateway that it holds for."),
});

const ofGoogle = { group: "networking.gke.io", version: "v1" } as const;

/** The kinds, as whoever installs them needs them. */
export const googlePolicyKinds: readonly PolicyKind[] = [
  { ...ofGoogle, kind: "GCPBackendPolicy", plural: "gcpbackendpolicies", spec: backendPolicySpec },
  { ...ofGoogle, kind: "HealthCheckPolicy", plural: "healthcheckpolicies", spec: healthCheckPolicySpec },
  { ...ofGoogle, kind: "GCPGatewayPolicy", plural: "gcpgatewaypolicies", spec: gatewayPolicySpec },
];

type GooglePolicy<Kind extends string, Spec> = Policy<"networking.gke.io/v1", Kind, Spec>;

export type GcpBackendPolicy = GooglePolicy<"GCPBackendPolicy", z.infer<typeof backendPolicySpec>>;
export type HealthCheckPolicy = GooglePolicy<"HealthCheckPolicy", z.infer<typeof healthCheckPolicySpec>>;
export type GcpGatewayPolicy = GooglePolicy<"GCPGatewayPolicy", z.infer<typeof gatewayPolicySpec>>;
