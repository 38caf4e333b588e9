import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parseEnvironment, type Environment } from "./environment";
import { isMapping } from "./faults";
import { SecretValue } from "./secrets";
import { configKey, displayPath, readStackFile } from "./stack-file";

/**
 * The document of the stack that Pulumi runs, checked. Pulumi hands over the decrypted values but does not say which
 * of them were encrypted; the stack file does, so both are read.
 */
export function deployedEnvironment(stacks: string): Environment {
  const file = join(stacks, `Pulumi.${pulumi.getStack()}.yaml`);
  const { document } = readStackFile(file);
  const given = pulumi.runtime.getConfig(configKey);
  const values: unknown = given === undefined ? document : fromJson(given);
  return parseEnvironment(markSecrets(values, document), {
    where: displayPath(file),
    allowPlaceholders: false,
    isDeployed: true,
  });
}

/** The values, with what is a secret in the file kept as one. */
export function markSecrets(values: unknown, file: unknown): unknown {
  if (file instanceof SecretValue) return typeof values === "string" ? new SecretValue(values) : file;
  if (Array.isArray(values))
    return values.map((item, index) => markSecrets(item, Array.isArray(file) ? file[index] : undefined));
  if (!isMapping(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, item]) => [
      key,
      markSecrets(item, isMapping(file) ? file[key] : undefined),
    ]),
  );
}

/** Pulumi hands a document over as JSON, and a text as it is (which the schema then refuses). */
function fromJson(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}
