import type { CheckFailure, Properties } from "../../../provider";
import { quoted } from "../../messages";
import { bucketFaults } from "../resources/bucket-checks";
import type { NewBucket } from "../service/client/buckets";
import type { WireBucket } from "../service/wire";
import type { Connection } from "./connection";
import { inputFailures, isGiven, isSet, markedAs, sameSet, textIn, textsIn } from "./known-inputs";
import type { Fields } from "./service/shape";

const fields: Fields = {
  "name!": "text",
  visibility: "text",
  allowedUsers: { list: "text" },
  allowDeletion: "flag",
};

/** All that is wrong with a bucket's inputs; who logs in may not be known yet. */
export const bucketFailures = (inputs: Properties, connection: Connection | undefined): CheckFailure[] =>
  inputFailures(inputs, fields, (plain) => [...bucketFaults(plain), ...loginFaults(plain, connection)]);

function loginFaults({ visibility }: Properties, connection: Connection | undefined): string[] {
  const isBasic = connection?.isKnown === true && connection.login === "basic";
  return isBasic && (visibility === "public" || visibility === "restricted")
    ? [
        `visibility: got ${quoted(visibility)}; allowed: private, since OSCAR ignores what the administrator asks for here, or a provider with a user's token`,
      ]
    : [];
}

export const wireOf = (name: string, inputs: Properties): NewBucket => ({
  bucket_name: name,
  visibility: textIn(inputs, "visibility") ?? "private",
  allowed_users: textsIn(inputs, "allowedUsers"),
});

/** The Manager has no word for the visibility of what the administrator made: nobody else sees it. */
export const visibilityOf = ({ visibility = "" }: WireBucket): string =>
  visibility === "" ? "private" : visibility;

/** What is not as it should be. For the administrator a visibility that is not asked for may be any. */
export function differences(
  name: string,
  bucket: WireBucket,
  inputs: Properties,
  login: Connection["login"],
): string[] {
  const asked = textIn(inputs, "visibility");
  if (asked === undefined && login === "basic") return [];
  const [wanted, is] = [asked ?? "private", visibilityOf(bucket)];
  const isShared = wanted === "restricted" && is === wanted;
  return [
    ...(wanted === is ? [] : [`bucket ${quoted(name)}: its visibility is ${is}, not ${wanted}`]),
    ...(isShared && !sameSet(bucket.allowed_users ?? [], textsIn(inputs, "allowedUsers"))
      ? [
          `bucket ${quoted(name)}: its users are ${(bucket.allowed_users ?? []).join(", ")}, not those of allowedUsers`,
        ]
      : []),
  ];
}

/** The inputs that would make it so. What is a default, or not the administrator's to say, is there only if it was. */
export function foundInputs(
  name: string,
  bucket: WireBucket,
  inputs: Properties,
  login: Connection["login"],
): Properties {
  const visibility = visibilityOf(bucket);
  const isSaid = isGiven(inputs, "visibility") || (login === "bearer" && visibility !== "private");
  const users = bucket.allowed_users ?? [];
  const before = textsIn(inputs, "allowedUsers");
  const found = {
    name,
    ...(isSaid ? { visibility } : {}),
    ...(isSaid && visibility === "restricted"
      ? { allowedUsers: sameSet(users, before) ? before : users }
      : isGiven(inputs, "allowedUsers")
        ? { allowedUsers: [] }
        : {}),
    ...(isGiven(inputs, "allowDeletion") ? { allowDeletion: isSet(inputs, "allowDeletion") } : {}),
  };
  return markedAs(inputs, found);
}

export const stateOf = (inputs: Properties, { owner = "" }: WireBucket): Properties => ({
  ...inputs,
  ...(owner === "" ? {} : { owner }),
});
