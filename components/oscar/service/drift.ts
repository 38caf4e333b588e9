import { isDeepStrictEqual } from "node:util";
import { asSent, comparable } from "./comparable";
import { differences, type Difference } from "./differences";
import { defined } from "../../defined";
import { userLabels } from "./server-labels";
import type { WireKserve, WireService } from "./wire";

/**
 * Where a service as the Manager answers it (a GET, or an item of the list) is not as desired: nothing for one that is
 * as the Manager stored it, whatever its version and back end. `added` is what is there and not desired, `removed` what
 * is desired and not there. The values of secrets are not seen: only a secret that came or went is.
 */
export function drift(desired: WireService, live: WireService): Difference[] {
  const { wanted, found } = compared(desired, live);
  return differences(wanted, found);
}

/**
 * What is there, in the form of a desired service: as desired where it means the same, and as it was found elsewhere.
 * `changeOf` tells what leads from it to the desired one. A secret that is not a desired one has an empty value.
 */
export function observed(desired: WireService, live: WireService): WireService {
  const { wanted, found } = compared(desired, live);
  const own = new Map<string, unknown>(Object.entries(desired));
  const before = new Map<string, unknown>(Object.entries(wanted));
  const after = new Map<string, unknown>(Object.entries(found));
  const keys = [...new Set([...own.keys(), ...after.keys()])];
  const fields = keys.map((key) => [
    key,
    (isDeepStrictEqual(before.get(key), after.get(key)) ? own : after).get(key),
  ]);
  const { kserve } = found;
  return defined({
    ...(Object.fromEntries(fields) as Partial<WireService>),
    name: live.name,
    environment: {
      variables: { ...found.environment?.variables },
      secrets: { ...found.environment?.secrets, ...valuesOf(desired, found) },
    },
    // What is missing in an answer is not what is missing in a body.
    kserve: kserve && { ...kserve, ...withDefaultsOfAnswers(kserve) },
  });
}

/** The values of the secrets that are there, as far as they are known. */
function valuesOf(desired: WireService, { environment }: WireService): Record<string, string> {
  const names = Object.keys(environment?.secrets ?? {});
  return Object.fromEntries(
    Object.entries(desired.environment?.secrets ?? {}).filter(([name]) => names.includes(name)),
  );
}

const withDefaultsOfAnswers = ({
  min_scale = 0,
  max_scale = 0,
  set_auth = false,
}: WireKserve): Partial<WireKserve> => ({ min_scale, max_scale, set_auth });

interface Compared {
  readonly wanted: WireService;
  readonly found: WireService;
}

function compared(desired: WireService, live: WireService): Compared {
  const wanted = comparable({
    ...asSent(withoutSecretValues(desired)),
    labels: userLabels(desired.labels),
  });
  const found = comparable({
    ...withoutSecretValues(live),
    labels: userLabels(live.labels, desired.labels ?? {}),
    vo: wanted.vo === undefined ? "" : (live.vo ?? ""),
    allowed_users: usersOf(live, desired),
  });
  if (wanted.expose !== undefined && found.expose !== undefined) {
    const ports = withDesiredPorts(listOf(wanted.expose.nodePort), listOf(found.expose.nodePort));
    if (ports !== undefined) found.expose = { ...found.expose, nodePort: ports };
  }
  if (hasLostScript(found) && wanted.script !== undefined) found.script = wanted.script;
  return { wanted, found };
}

/** Answers have the names alone. */
function withoutSecretValues(service: WireService): WireService {
  const { secrets } = service.environment ?? {};
  if (secrets === undefined) return service;
  const names = Object.fromEntries(Object.keys(secrets).map((name) => [name, ""]));
  return { ...service, environment: { ...service.environment, secrets: names } };
}

/** With a bucket for each user, the Manager adds the owner to them. */
function usersOf(live: WireService, desired: WireService): string[] {
  const users = live.allowed_users ?? [];
  if (live.isolation_level?.toUpperCase() !== "USER") return users;
  return users.filter((user) => user !== live.owner || (desired.allowed_users ?? []).includes(user));
}

const listOf = (ports: number | number[] | undefined): number[] => [ports ?? []].flat();

/** A desired 0 is any port: the answer has the number that was chosen, or 0 after a PUT. */
function withDesiredPorts(desired: readonly number[], live: readonly number[]): number[] | undefined {
  if (live.length === 0 || desired.length !== live.length) return undefined;
  return live.map((port, index) => (desired[index] === 0 ? 0 : port));
}

/**
 * The plain back end loses the script of an exposed service at each PUT, and a further one does not bring it back. Of
 * no account where nothing runs it: neither the container nor a file that is put into a bucket.
 */
function hasLostScript({ script, expose, input }: WireService): boolean {
  return script === undefined && expose?.default_command === true && input === undefined;
}
