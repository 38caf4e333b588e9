import { containsSecret, isList, Secret, unknown, type Properties, type Value } from "../../../../provider";
import { bucketUse } from "../../service/bucket-use";
import { isExposed } from "../../service/readiness";
import type { WireService } from "../../service/wire";
import { commandsOf } from "./commands";

/** What outputs are made of, beside the inputs. */
export interface Known {
  /** The service as it is wanted; nothing where some of it is not known yet. */
  readonly document: WireService | undefined;
  /** The service as the Manager has it; nothing before it is made. */
  readonly live: WireService | undefined;
  /** The Manager's address; nothing where it is not known yet. */
  readonly base: string | undefined;
  /** Nothing where the Manager cannot be asked. */
  readonly isKnative: boolean | undefined;
  /** What the service's state was before. */
  readonly old?: Properties;
  /** What the smoke test was answered, if there is one. */
  readonly answer?: string | undefined;
  /** Those there are, where they are sure to be the same. */
  readonly commands?: Value | undefined;
}

/** The state of a service: its inputs, and what becomes of them. In a preview some of it is not known. */
export function stateOf(inputs: Properties, known: Known): Properties {
  const { document, live, old = {} } = known;
  // Names that came as secrets are told as secrets.
  const isHidden = ["name", "input", "output", "mount"].some((key) => containsSecret(inputs[key] ?? null));
  const told = (value: Value): Value => (isHidden && !(value instanceof Secret) ? new Secret(value) : value);
  const url = urlOf(known);
  const test = inputs["smokeTest"] === undefined ? undefined : testOf(known);
  return {
    ...inputs,
    ...(url === undefined ? {} : { url: told(url) }),
    token: live?.token === undefined ? (old["token"] ?? new Secret(unknown)) : new Secret(live.token),
    ...ownerOf(live, old),
    buckets: told(bucketsOf(document, live)),
    nodePorts: nodePortsOf(known),
    commands: told(commandsIn(known, url)),
    ...(test === undefined ? {} : { smokeTestAnswer: test }),
  };
}

function commandsIn({ document, base, isKnative, commands }: Known, url: Value | undefined): Value {
  if (commands !== undefined) return commands;
  if (document === undefined || base === undefined || isKnative === undefined) return unknown;
  return { ...commandsOf(document, { base, isKnative, url: typeof url === "string" ? url : undefined }) };
}

const testOf = ({ live, answer, old = {} }: Known): Value | undefined =>
  answer ?? (live === undefined ? unknown : old["smokeTestAnswer"]);

function ownerOf(live: WireService | undefined, old: Properties): Properties {
  if (live === undefined) return { owner: old["owner"] ?? unknown };
  return live.owner === undefined || live.owner === "" ? {} : { owner: live.owner };
}

/** Those that OSCAR makes; with a bucket for each user, those of its users, too. */
function bucketsOf(document: WireService | undefined, live: WireService | undefined): Value {
  const service = live ?? document;
  if (service === undefined) return unknown;
  const isOfUsers = service.isolation_level?.toUpperCase() === "USER";
  if (isOfUsers && live === undefined) return unknown;
  return [...new Set([...bucketUse(service).made, ...(isOfUsers ? (live?.bucket_list ?? []) : [])])];
}

const listOf = (ports: number | number[] | undefined): number[] => [ports ?? []].flat();

/** Chosen ones are told by the first answer, and no more after an update. */
function nodePortsOf({ document, live, old = {} }: Known): Value {
  if (document === undefined) return unknown;
  const wanted = listOf(document.expose?.nodePort);
  const found = listOf(live?.expose?.nodePort);
  const before = isList(old["nodePorts"]) ? old["nodePorts"] : [];
  const ports = wanted.map((port, index) => {
    if (port !== 0) return port;
    const chosen = found[index] ?? 0;
    return chosen !== 0 ? chosen : (before[index] ?? (live === undefined ? unknown : 0));
  });
  return ports.filter((port) => port !== 0);
}

/**
 * Where an exposed service is reached: by a path of the Manager's address, or, with a node port of the user's own, at that
 * port of the same host; OSCAR then makes no path. Where OSCAR gives each service a host name (from 4.2, by an option of
 * its installation that it does not tell), it is below that name instead.
 */
function urlOf({ document, base }: Known): Value | undefined {
  if (document === undefined) return unknown;
  if (!isExposed(document)) return undefined;
  if (base === undefined) return unknown;
  const [port = 0] = listOf(document.expose?.nodePort);
  if (port !== 0) return `http://${new URL(base).hostname}:${port}/`;
  return `${base}/system/services/${document.name}/exposed/`;
}
