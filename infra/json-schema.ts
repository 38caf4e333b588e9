import { z } from "zod";
import { environmentSchema } from "./schema/environment";
import { configKey } from "./stack-file";

/**
 * The JSON Schema of a whole stack file, for editors. Draft 7, because the YAML language server knows no later one
 * in full. What Pulumi itself writes beside our key (`encryptionsalt`, `secretsprovider`, other projects' keys) is
 * let through.
 */
export function stackFileSchema(): Record<string, unknown> {
  const { $schema, ...document } = z.toJSONSchema(environmentSchema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      const { shortForms, oneOf, ...rest } = jsonSchema;
      if (!Array.isArray(shortForms) || oneOf === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, rest, {
        oneOf: shortForms.length > 0 ? [{ enum: shortForms }, ...oneOf] : oneOf,
      });
    },
  });
  return {
    $schema,
    title: "A stack of inference-infra",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        description: "Pulumi's configuration of the stack.",
        required: [configKey],
        properties: { [configKey]: { description: "The environment, in one document.", ...document } },
      },
    },
  };
}
