import type {
  BucketCredentials,
  CopySource,
  ModelSource,
} from "../components/serving/model-server/model-source";
import { defined } from "../components/defined";
import type { Environment } from "./environment";

type ServerSection = NonNullable<Environment["modelServer"]>;
type ModelSection = ServerSection["model"];
type SourceSection = Extract<ModelSection, { kind: "copy" }>["source"];

/** Where the model comes from, as the component takes it. */
export function servedModel(model: ModelSection): ModelSource {
  if (model.kind !== "copy") return model;
  const { size, source, ...rest } = model;
  return {
    ...rest,
    source: sourceOf(source),
    ...(size !== undefined && { into: { kind: "empty-dir", size } }),
  };
}

function sourceOf(source: SourceSection): CopySource {
  if (source.kind !== "gcs") return { ...source, credentials: credentialsOf(source.credentials) };
  const { key, ...bucket } = source;
  return {
    ...bucket,
    ...defined({ key: key?.kind === "given" ? { ...key, json: key.json.output() } : key }),
  };
}

function credentialsOf(
  credentials: Extract<SourceSection, { kind: "s3" }>["credentials"],
): BucketCredentials {
  return credentials.kind === "given"
    ? { ...credentials, secretAccessKey: credentials.secretAccessKey.output() }
    : credentials;
}
