import {
  isProperties,
  reveal,
  same,
  type CheckRequest,
  type CheckResult,
  type Properties,
} from "../../../../provider";
import { changeOf } from "../../service/changes";
import { featuresOf } from "../../service/version";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";
import { argumentFaults } from "./check-arguments";
import { blankSecrets, documentOf, hider, secretsMarked, withoutNulls } from "./properties";
import { blankFault, wireFaults } from "./refuse";
import { read } from "./shape";
import { serviceShape } from "./service-shape";
import { newest } from "./target";

/**
 * All that is wrong with the inputs, at once. The path stands in the reason: where it is told apart, the engine shows the
 * whole value beside it, and that may be a secret.
 */
export async function check(request: CheckRequest, connection?: Connection): Promise<CheckResult> {
  const oldInputs = isMade(request.oldInputs) ? request.oldInputs : undefined;
  const named = nameOf({ ...request, oldInputs }, withoutNulls(request.inputs));
  const inputs = secretsMarked(named.inputs);
  rememberOwned(oldInputs, connection);
  const { value, failures, unknown } = read(serviceShape, reveal(inputs));
  const known = isProperties(value) ? value : {};
  const faults = [
    ...named.faults,
    ...failures,
    ...argumentFaults(known, { given: inputs, unknown }),
    ...ownFaults(known),
  ];
  if (faults.length === 0 && unknown.length === 0) {
    const document = documentOf(inputs);
    faults.push(
      ...blankFaults(document, oldInputs),
      ...(await versionFaults(document, oldInputs, connection)),
    );
  }
  const hide = hider(inputs);
  return { inputs, failures: faults.map((fault) => ({ property: "", reason: hide(fault) })) };
}

/** A resource that is not made yet may come with inputs that are there and empty. */
const isMade = (oldInputs: Properties | undefined): boolean => Object.keys(oldInputs ?? {}).length > 0;

function rememberOwned(oldInputs: Properties | undefined, connection: Connection | undefined): void {
  const name = reveal(oldInputs?.["name"] ?? null);
  if (typeof name === "string") connection?.owned.add(name);
}

/** A service without a name gets the resource's: never a random one, since buckets and addresses hang on it. */
function nameOf(
  { name, autonaming, oldInputs }: Pick<CheckRequest, "name" | "autonaming" | "oldInputs">,
  inputs: Properties,
): { inputs: Properties; faults: string[] } {
  if (inputs["name"] !== undefined) return { inputs, faults: [] };
  switch (autonaming?.mode) {
    case "disable":
      return { inputs, faults: ["name: got nothing; allowed: a name, since pulumi:autonaming is disabled"] };
    case "enforce":
      return { inputs: { ...inputs, name: oldInputs?.["name"] ?? autonaming.name }, faults: [] };
    default:
      return { inputs: { ...inputs, name }, faults: [] };
  }
}

/** A day is longer than anyone waits. */
const mostSeconds = 86_400;

function ownFaults({ readyWithinSeconds: seconds, smokeTest, expose, kserve }: Properties): string[] {
  const isSound =
    typeof seconds !== "number" || (Number.isInteger(seconds) && seconds >= 0 && seconds <= mostSeconds);
  const server = expose === undefined ? "kserve" : "expose";
  return [
    ...(isSound
      ? []
      : [
          `readyWithinSeconds: got ${String(seconds)}; allowed: a whole number from 0, which does not wait, to ${mostSeconds}`,
        ]),
    ...(smokeTest === undefined || (expose === undefined && kserve === undefined)
      ? []
      : [`smokeTest: got one with ${server}; allowed: without, since OSCAR then has no synchronous calls`]),
  ];
}

/** After an import, secrets are blank, and may be so until one of them changes: OSCAR is never sent a blank one. */
function blankFaults(document: WireService, oldInputs: Properties | undefined): string[] {
  const blank = blankSecrets(document);
  if (blank.length === 0) return [];
  const before = oldInputs === undefined ? undefined : documentOf(oldInputs).environment?.secrets;
  return same(before, document.environment?.secrets) ? [] : blank.map(blankFault);
}

const oldest = featuresOf([3, 4, 0]);

/** What OSCAR's version at hand cannot do. It is asked only about what not all versions can do. */
async function versionFaults(
  document: WireService,
  oldInputs: Properties | undefined,
  connection: Connection | undefined,
): Promise<string[]> {
  const isForAll = [oldest, newest.features].every((features) => wireFaults(document, features).length === 0);
  if (isForAll || connection?.isKnown !== true || isAsBefore(document, oldInputs)) return [];
  // A Manager that cannot be asked is no fault of the inputs; what needs it will say so.
  const features = await connection.features().catch(() => undefined);
  return features === undefined ? [] : wireFaults(document, features);
}

const isAsBefore = (document: WireService, oldInputs: Properties | undefined): boolean =>
  oldInputs !== undefined && changeOf(documentOf(oldInputs), document, newest).kind === "nothing";
