import { validateObjectStorage } from "../../../components/oscar/platform/minio/validate-object-storage";
import { isTrusted } from "../../../components/oscar/platform/oscar-parts";
import { checkSharedDisk, checkVersion, untrusted } from "../../../components/oscar/platform/validate-oscar";
import { validateServices } from "../../../components/oscar/platform/validate-services";
import { validateUsers } from "../../../components/oscar/platform/validate-users";
import { inFull } from "../../certificates";
import type { Fault } from "../../faults";
import { objectStorageArgs, registryLogins } from "../../oscar-arguments";
import { oscar as oscarSchema } from "../../schema/oscar";
import { asTexts } from "../../workloads";
import { hasHoles, type Draft } from "../draft";
import { partsOf } from "../told";

/** What the component would say of the section by itself: of each part in which nothing is faulty. */
export function section({ oscar, tier }: Draft): Fault[] {
  if (oscar === undefined) return [];
  const sound = Object.entries(oscar).filter(([, part]) => !hasHoles(part));
  const parsed = oscarSchema.partial().safeParse(Object.fromEntries(sound));
  if (!parsed.success) return [];
  const { objectStorage, imagePullSecrets, kueue, tls, sharedStorage, version, ...rest } = parsed.data;
  const storage = objectStorage && objectStorageArgs(objectStorage);
  const storageHost = objectStorage?.kind === "managed" ? objectStorage.host : undefined;
  const verified = tls === undefined || tier === undefined || isTrusted(inFull(tls, tier));
  const users = { ...rest, objectStorage: storage, kueue: kueue && asTexts(kueue) };
  return [
    ...(storage === undefined ? [] : validateObjectStorage("objectStorage", storage)),
    ...(storageHost === undefined || verified ? [] : [untrusted("objectStorage.host", storageHost)]),
    ...(sharedStorage?.kind === "nfs" ? checkSharedDisk("sharedStorage.size", sharedStorage.size) : []),
    // Who they are may be what is faulty.
    ...("oidc" in oscar && rest.oidc === undefined ? [] : validateUsers(users)),
    ...validateServices({
      ...rest,
      imagePullSecrets: imagePullSecrets && registryLogins(imagePullSecrets),
    }),
    ...(version === undefined ? [] : checkVersion("version", version)),
  ].map((text) => {
    const { where, message } = partsOf(text);
    return { path: ["oscar", ...where.split(".")], message };
  });
}
