import type { ObjectStorageArgs } from "../components/oscar/platform/minio/object-storage-args";
import type { OscarClusterArgs } from "../components/oscar/platform/oscar-args";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import { SecretValue } from "./secrets";

type Section = NonNullable<Environment["oscar"]>;

/** What the document says of storage, as the component takes it; its secret is a secret of Pulumi's. */
export function objectStorageArgs(section: Section["objectStorage"]): ObjectStorageArgs {
  return section.kind === "managed"
    ? defined(section)
    : {
        ...defined(section),
        accessKey: section.accessKey instanceof SecretValue ? section.accessKey.output() : section.accessKey,
        secretKey: section.secretKey.output(),
      };
}

/** The same of logins to registries. */
export function registryLogins(
  section: NonNullable<Section["imagePullSecrets"]>,
): NonNullable<OscarClusterArgs["imagePullSecrets"]> {
  return Object.fromEntries(
    Object.entries(section).map(([name, { password, ...login }]) => [
      name,
      { ...login, password: password.output() },
    ]),
  );
}
