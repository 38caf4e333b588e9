import {
  isList,
  isProperties,
  Unknown,
  unknown as notKnown,
  type Properties,
  type Value,
} from "../../../../provider";
import { defined } from "../../../defined";
import type { ServiceArgs } from "../../service/service-args";
import { isOwnMinio } from "../../service/storage-paths";
import { validateService } from "../../service/validate-service";
import { covers, placeholder } from "./known";

export interface Given {
  /** The inputs as they came. */
  readonly given: Properties;
  /** Paths of what is not known yet. */
  readonly unknown: readonly string[];
}

/**
 * The faults of a service's arguments, as far as `read` could make sense of them. Single values that are not known yet are
 * passed over by every check; what depends on a list or a map that is not known is left out here.
 */
export function argumentFaults(fields: Properties, { given, unknown }: Given): string[] {
  const { name, image, script, allowBucketDeletion, readyWithinSeconds, smokeTest, ...others } = fields;
  const isUnknown = (path: string): boolean => unknown.some((each) => covers(each, path));
  const args: Record<string, Value | undefined> = {
    ...others,
    name: typeof name === "string" ? name : placeholder,
    // One that is there and no text has its fault already.
    image: image ?? (given["image"] === undefined ? undefined : notKnown),
    script: script ?? (given["script"] === undefined ? undefined : notKnown),
    expose: isProperties(others["expose"]) ? withoutDoubtfulPorts(others["expose"]) : undefined,
  };
  if (isUnknown("storageProviders")) Object.assign(args, ofOwnMinio(others));
  if (isUnknown("kserve.type") || isUnknown("kserve.inference")) delete args["kserve"];
  if (isProperties(args["federation"])) {
    args["federation"] = withoutDoubtfulMembers(args["federation"], isUnknown("environment.secrets"));
  }
  const known: object = defined(args);
  return isArguments(known) ? validateService(known) : [];
}

/** `read` has seen to the types; the values that are not known are objects of a class, as Pulumi's outputs are. */
const isArguments = (value: object): value is ServiceArgs => "name" in value;

/** There have to be as many node ports as ports. */
function withoutDoubtfulPorts(expose: Properties): Properties {
  const { nodePort, ...others } = expose;
  return expose["apiPort"] instanceof Unknown || nodePort instanceof Unknown ? others : expose;
}

/** Places elsewhere refer to `storageProviders`. */
function ofOwnMinio({ input, output, mount }: Properties): Record<string, Value | undefined> {
  const isOwn = (place: Value): boolean =>
    isProperties(place) &&
    typeof place["storageProvider"] === "string" &&
    isOwnMinio(place["storageProvider"]);
  const own = (places: Value | undefined) => (isList(places) ? places.filter(isOwn) : undefined);
  return {
    input: own(input),
    output: own(output),
    mount: mount !== undefined && isOwn(mount) ? mount : undefined,
  };
}

/** Members need a secret of the service's. */
function withoutDoubtfulMembers({ members, ...others }: Properties, areSecretsUnknown: boolean): Properties {
  if (!isList(members) || areSecretsUnknown) return others;
  const known = members.filter((each) => isProperties(each) && !(each["type"] instanceof Unknown));
  return { ...others, members: known };
}
