import type { Input } from "@pulumi/pulumi";
import { checkWhole, ifKnown } from "../../kubernetes/checks";
import {
  checkBytes,
  checkCpus,
  checkEndpoint,
  checkImageName,
  checkOneOf,
  checkVariableName,
} from "./service-checks";
import {
  delegations,
  kserveApiVersions,
  topologies,
  type FederationArgs,
  type FederationMemberArgs,
  type KserveArgs,
} from "./service-args";
import { orderFaults } from "./validate-expose";

/** The faults of a model that KServe serves. */
export function validateKserve(kserve: KserveArgs): string[] {
  const { type, minScale, maxScale = 1 } = kserve;
  const least = type === "llm_inference" ? 1 : 0;
  return [
    ...checkOneOf(["inference", "llm_inference"])("kserve.type", type),
    ...ifKnown(checkStorageUri, "kserve.storageUri", kserve.storageUri),
    ...partFaults(kserve),
    ...ifKnown(checkOneOf(kserveApiVersions), "kserve.apiVersion", kserve.apiVersion),
    ...ifKnown((where, value: number) => checkWhole(where, value, least), "kserve.minScale", minScale),
    ...ifKnown((where, value: number) => checkWhole(where, value, 1), "kserve.maxScale", maxScale),
    ...orderFaults("kserve", minScale ?? least, maxScale, kserve.maxScale === undefined),
    ...ifKnown(checkCpus, "kserve.cpu", kserve.cpu),
    ...ifKnown(checkBytes, "kserve.memory", kserve.memory),
    ...Object.keys(kserve.env ?? {}).flatMap((name) => checkVariableName("kserve.env", name)),
  ];
}

function partFaults(kserve: KserveArgs): string[] {
  // Values from a file may have the part of the other type.
  if (kserve.type === "inference") {
    return [
      ...("llmInference" in kserve
        ? ['kserve.llmInference: got one; allowed: with type: "llm_inference"']
        : []),
      ...requiredText(
        "kserve.inference.modelFormat",
        kserve.inference?.modelFormat,
        "a format, such as onnx",
      ),
    ];
  }
  return [
    ...("inference" in kserve ? ['kserve.inference: got one; allowed: with type: "inference"'] : []),
    ...ifKnown(checkImageName, "kserve.llmInference.runtimeImage", kserve.llmInference?.runtimeImage),
  ];
}

const checkStorageUri = (where: string, value: string): string[] =>
  /^[a-z][a-z0-9+.-]*:\/\/\S+$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: a URI, such as hf://org/model or oci://ghcr.io/org/model:1.0`,
      ];

/** The faults of a federation. */
export function validateFederation(federation: FederationArgs): string[] {
  return [
    ...ifKnown(checkOneOf(topologies), "federation.topology", federation.topology),
    ...ifKnown(checkOneOf(delegations), "federation.delegation", federation.delegation),
    ...ifKnown(
      (where, value: number) => checkWhole(where, value, 0),
      "federation.reschedulerThreshold",
      federation.reschedulerThreshold,
    ),
    ...(federation.members ?? []).flatMap((member, index) =>
      memberFaults(`federation.members[${index}]`, member),
    ),
  ];
}

function memberFaults(where: string, member: FederationMemberArgs): string[] {
  const ofPriority = ifKnown(
    (at, value: number) => checkWhole(at, value, 0),
    `${where}.priority`,
    member.priority,
  );
  switch (member.type) {
    case "oscar":
      return [
        ...requiredText(`${where}.clusterId`, member.clusterId, "the id of one of clusters"),
        ...requiredText(`${where}.serviceName`, member.serviceName, "a service's name"),
        ...ofPriority,
      ];
    case "endpoint":
      return [...ifKnown(checkEndpoint, `${where}.url`, member.url), ...ofPriority];
    default:
      return checkOneOf(["oscar", "endpoint"])(`${where}.type`, String((member as { type: unknown }).type));
  }
}

function requiredText(where: string, value: Input<string> | undefined, allowed: string): string[] {
  return value === undefined || value === "" ? [`${where}: got nothing; allowed: ${allowed}`] : [];
}
