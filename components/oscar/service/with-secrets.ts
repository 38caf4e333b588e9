import { secret } from "@pulumi/pulumi";
import { replaceSecrets } from "./secret-fields";
import type { ServiceArgs } from "./service-args";

/** The arguments with their secrets as Pulumi's, for those that come from a file in clear. */
export function withSecrets(args: ServiceArgs): ServiceArgs {
  return replaceSecrets(args, (value) => secret(value)) as ServiceArgs;
}
