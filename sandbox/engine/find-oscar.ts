import { Connection } from "../../components/oscar/provider/connection";
import { documentOf } from "../../components/oscar/provider/service/properties";
import { isEmpty, lookAt } from "../../components/oscar/service/bucket-look";
import type { ManagerClient } from "../../components/oscar/service/client/manager-client";
import { drift } from "../../components/oscar/service/drift";
import type { Properties } from "../../provider";
import type { PendingCreate } from "./recovery";

/**
 * Looks a pending create up in the Manager that its provider points at, where it is OSCAR's. Names are unique there, and
 * others make such things, too: what is found under the name has to be what was asked for. Gives Pulumi's id for it, its
 * name. Quotas and the list of allowed images are set twice without harm, and not looked for.
 */
export async function findOscarResource({
  type,
  inputs,
  provider,
}: PendingCreate): Promise<string | undefined> {
  const { name } = inputs;
  const isAsked = isAskedFor[type];
  if (isAsked === undefined || typeof name !== "string") return undefined;
  const { client } = new Connection(asProperties(provider));
  return (await isAsked(client, name, asProperties(inputs))) ? name : undefined;
}

type Look = (client: ManagerClient, name: string, inputs: Properties) => Promise<boolean>;

const isAskedFor: Readonly<Record<string, Look>> = {
  "oscar:index:Service": async ({ services }, name, inputs) => {
    const found = await services.get(name);
    return found !== undefined && drift(documentOf(inputs), found).length === 0;
  },
  // One that was just made has nothing in it.
  "oscar:index:Bucket": async (client, name) => isEmpty(await lookAt(client, name)),
  "oscar:index:Volume": async ({ volumes }, name, { size }) => (await volumes.get(name))?.size === size,
};

/** Of an exported state, which is JSON, its secrets in the clear. */
const asProperties = (json: Readonly<Record<string, unknown>>): Properties =>
  JSON.parse(JSON.stringify(json));
