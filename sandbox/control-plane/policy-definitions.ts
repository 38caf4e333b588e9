import { z } from "zod";
import { controllerPolicyKinds } from "../../components/exposure/gateway/controller-policies";
import { googlePolicyKinds } from "../../components/exposure/gateway/google-policies";
import type { PolicyKind } from "../../components/exposure/gateway/policy-kind";
import type { Definition } from "../tools";

/*
 * What gateways' controllers are told by policies, so that the API server refuses what these do not have. The definitions
 * are ours, made from the schemas that the components are checked by, not their publishers': what is right here can be
 * wrong on a real cluster.
 */

/** GKE's, which come with a cluster. */
export const googleDefinitions: readonly Definition[] = googlePolicyKinds.map(definitionOf);

/** The other controllers', which any stack may say are there. */
export const controllerDefinitions: readonly Definition[] = controllerPolicyKinds.map(definitionOf);

function definitionOf({ group, version, kind, plural, spec }: PolicyKind): Definition {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              required: ["spec"],
              properties: {
                spec: structural(z.toJSONSchema(spec, { io: "input" })),
                status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
              },
            },
          },
          subresources: { status: {} },
        },
      ],
    },
  };
}

/**
 * A JSON schema as definitions take it. Fields that it does not name are refused by themselves: `additionalProperties` is
 * for maps alone, and cannot stand beside `properties`.
 */
export function structural(schema: object): object {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key === "$schema" || (key === "additionalProperties" && value === false)) return [];
    if (key === "const") return [["enum", [value]]];
    if (key !== "properties") return [[key, isObject(value) ? structural(value) : value]];
    // Here the keys are the fields' names.
    const fields = Object.entries(isObject(value) ? value : {});
    return [[key, Object.fromEntries(fields.map(([name, field]) => [name, structural(field)]))]];
  });
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
