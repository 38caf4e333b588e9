import { createHash } from "node:crypto";
import type { Properties } from "../../../provider";
import { at, textAt } from "../kubernetes/objects";
import { googleError, type Behaviour } from "./behaviour";
import { lastPart, projectOf } from "./places";

export const account: Behaviour = {
  naming: { property: "accountId", maxLength: 30 },
  id: (inputs, defaults) => {
    const project = projectOf(inputs, defaults);
    return `projects/${project}/serviceAccounts/${textAt(inputs, "accountId")}@${project}.iam.gserviceaccount.com`;
  },
  exists: (id, inputs) => {
    const project = id.split("/").slice(0, 2).join("/");
    const message = `Service account ${textAt(inputs, "accountId")} already exists within project ${project}.`;
    return `Error creating service account: ${googleError(409, message, "alreadyExists")}`;
  },
  refuse: ({ inputs }) => {
    if (/^[a-z]([-a-z0-9]{4,28}[a-z0-9])$/.test(textAt(inputs, "accountId") ?? "")) return;
    const message = `Invalid service account ID "${textAt(inputs, "accountId")}": 6 to 30 lowercase letters, digits and hyphens.`;
    throw new Error(`Error creating service account: ${googleError(400, message, "badRequest")}`);
  },
  outputs: ({ id, inputs, defaults }) => {
    const email = lastPart(id);
    return {
      project: projectOf(inputs, defaults),
      name: id,
      email,
      member: `serviceAccount:${email}`,
      uniqueId: digits(id),
    };
  },
};

/** As many digits as Google's unique ids have. */
function digits(text: string): string {
  const number = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`);
  return `1${(number % 10n ** 20n).toString().padStart(20, "0")}`;
}

const grant = (inputs: Properties) => {
  const condition = textAt(inputs, "condition", "title");
  const parts = [textAt(inputs, "role"), textAt(inputs, "member"), condition];
  return parts.filter((part) => part !== undefined).join("/");
};

export const projectMember: Behaviour = {
  id: (inputs, defaults) => `${projectOf(inputs, defaults)}/${grant(inputs)}`,
  outputs: ({ inputs, defaults }) => ({ project: projectOf(inputs, defaults), etag: "BwX=" }),
};

export const bucketMember: Behaviour = {
  id: (inputs) => `b/${textAt(inputs, "bucket")}/${grant(inputs)}`,
  outputs: () => ({ etag: "CAE=" }),
};

export const service: Behaviour = {
  id: (inputs, defaults) => `${projectOf(inputs, defaults)}/${textAt(inputs, "service")}`,
  outputs: ({ inputs, defaults }) => ({
    project: projectOf(inputs, defaults),
    disableOnDestroy: at(inputs, "disableOnDestroy") ?? true,
  }),
};
