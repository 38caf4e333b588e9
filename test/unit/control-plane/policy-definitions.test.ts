import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  controllerDefinitions,
  googleDefinitions,
  structural,
} from "../../../sandbox/control-plane/policy-definitions";

describe("a schema for a definition", () => {
  it.each<[string, z.ZodType, object]>([
    [
      "an object names its fields, and closes nothing",
      z.object({ port: z.int().min(1).max(9).optional(), type: z.enum(["A", "B"]) }),
      {
        type: "object",
        properties: {
          port: { type: "integer", minimum: 1, maximum: 9 },
          type: { type: "string", enum: ["A", "B"] },
        },
        required: ["type"],
      },
    ],
    [
      "fields may be called as schemas' own words are",
      z.object({ const: z.string(), $schema: z.string() }),
      {
        type: "object",
        properties: { const: { type: "string" }, $schema: { type: "string" } },
        required: ["const", "$schema"],
      },
    ],
    ["one value", z.literal("A"), { type: "string", enum: ["A"] }],
    [
      "a list",
      z.array(z.object({ a: z.string() })),
      {
        type: "array",
        items: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
      },
    ],
    [
      "a map keeps what its values are",
      z.record(z.string(), z.object({})),
      {
        type: "object",
        propertyNames: { type: "string" },
        additionalProperties: { type: "object", properties: {} },
      },
    ],
  ])("%s", (_, schema, expected) => expect(structural(z.toJSONSchema(schema))).toEqual(expected));
});

it("policies are kinds of their controllers' groups, in namespaces", () => {
  expect(
    [...googleDefinitions, ...controllerDefinitions].map(({ metadata, spec: { scope, names, versions } }) => [
      metadata.name,
      scope,
      names.kind,
      versions.map(({ name }) => name),
    ]),
  ).toEqual([
    ["gcpbackendpolicies.networking.gke.io", "Namespaced", "GCPBackendPolicy", ["v1"]],
    ["healthcheckpolicies.networking.gke.io", "Namespaced", "HealthCheckPolicy", ["v1"]],
    ["gcpgatewaypolicies.networking.gke.io", "Namespaced", "GCPGatewayPolicy", ["v1"]],
    ["backendtrafficpolicies.gateway.envoyproxy.io", "Namespaced", "BackendTrafficPolicy", ["v1alpha1"]],
    ["proxysettingspolicies.gateway.nginx.org", "Namespaced", "ProxySettingsPolicy", ["v1alpha1"]],
    ["clientsettingspolicies.gateway.nginx.org", "Namespaced", "ClientSettingsPolicy", ["v1alpha1"]],
  ]);
});
