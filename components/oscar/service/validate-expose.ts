import type { Input } from "@pulumi/pulumi";
import { checkWhole, ifKnown, type Check } from "../../kubernetes/checks";
import { checkOneOf } from "./service-checks";
import { authTypes, probeModes, type ExposeArgs, type ScaleArgs } from "./service-args";

/** The faults of a port that is open all the time. */
export function validateExpose(expose: ExposeArgs): string[] {
  const { apiPort, nodePort, minScale = 1, maxScale = 10, setAuth, authType } = expose;
  const ports = listOf(apiPort);
  return [
    ...portFaults("expose.apiPort", apiPort, checkPort),
    ...(ports.length === 0 ? ["expose.apiPort: got an empty list; allowed: at least one port"] : []),
    ...(nodePort === undefined ? [] : nodePortFaults(nodePort, ports.length)),
    ...ifKnown((where, value: number) => checkWhole(where, value, 1), "expose.minScale", minScale),
    ...ifKnown((where, value: number) => checkWhole(where, value, 1), "expose.maxScale", maxScale),
    ...orderFaults("expose", minScale, maxScale, expose.maxScale === undefined),
    ...ifKnown(
      (where, value: number) => checkWhole(where, value, 1, 100),
      "expose.cpuThreshold",
      expose.cpuThreshold,
    ),
    ...ifKnown(checkHealthPath, "expose.healthPath", expose.healthPath),
    ...ifKnown(checkOneOf(authTypes), "expose.authType", authType),
    ...ifKnown(checkOneOf(probeModes), "expose.probeMode", expose.probeMode),
    ...(typeof authType === "string" && (setAuth ?? false) === false
      ? [`expose.authType: got ${JSON.stringify(authType)} without a login; allowed: with setAuth: true`]
      : []),
    ...(nodePort !== undefined && setAuth === true
      ? [
          "expose.setAuth: got true with a nodePort; allowed: one of them, because node ports ask for no login",
        ]
      : []),
  ];
}

/** The faults of the pods that wait for synchronous calls. */
export function validateSynchronous({ minScale = 0, maxScale = 0 }: ScaleArgs): string[] {
  const checkScale: Check<number> = (where, value) => checkWhole(where, value, 0);
  return [
    ...ifKnown(checkScale, "synchronous.minScale", minScale),
    ...ifKnown(checkScale, "synchronous.maxScale", maxScale),
    // 0 is no bound.
    ...(maxScale === 0 ? [] : orderFaults("synchronous", minScale, maxScale, false)),
  ];
}

/** That the least is not above the most. */
export function orderFaults(
  where: string,
  least: Input<number>,
  most: Input<number>,
  isDefault: boolean,
): string[] {
  return typeof least === "number" && typeof most === "number" && most < least
    ? [
        `${where}.maxScale: got ${most}${isDefault ? ", its default" : ""}; allowed: at least minScale, which is ${least}`,
      ]
    : [];
}

const listOf = (ports: Input<number> | readonly Input<number>[]): readonly Input<number>[] =>
  isList(ports) ? ports : [ports];

const isList = (ports: Input<number> | readonly Input<number>[]): ports is readonly Input<number>[] =>
  Array.isArray(ports);

const checkPort: Check<number> = (where, value) => checkWhole(where, value, 1, 65535);

/** Kubernetes' range, which clusters may change, but hardly do. */
const checkNodePort: Check<number> = (where, value) =>
  value === 0 || (Number.isInteger(value) && value >= 30000 && value <= 32767)
    ? []
    : [`${where}: got ${value}; allowed: a whole number from 30000 to 32767, or 0 to be given one`];

/** The faults of one port or a list, and ports that stand there twice. */
function portFaults(
  where: string,
  ports: Input<number> | readonly Input<number>[],
  check: Check<number>,
): string[] {
  const all = listOf(ports);
  return all.flatMap((port, index) => [
    ...ifKnown(check, isList(ports) ? `${where}[${index}]` : where, port),
    ...(typeof port === "number" && port !== 0 && all.indexOf(port) < index
      ? [`${where}[${index}]: got ${port} twice; allowed: each port once`]
      : []),
  ]);
}

/** The Manager takes a wrong number of node ports in an update, and then nothing reaches the service. */
function nodePortFaults(nodePort: Input<number> | readonly Input<number>[], count: number): string[] {
  const given = listOf(nodePort).length;
  return [
    ...portFaults("expose.nodePort", nodePort, checkNodePort),
    ...(given === count
      ? []
      : [`expose.nodePort: got ${given}; allowed: as many as apiPort has, which is ${count}`]),
  ];
}

const checkHealthPath: Check = (where, value) =>
  /^\/[^\s?#]*$/.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: an absolute path, such as /health`];
