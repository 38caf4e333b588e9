import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { toStruct, type Properties } from "./values";

/** A fault of one input, told beside the resource before anything is done. */
export interface CheckFailure {
  /** Path of the input, such as `spec.replicas`; empty for the whole. */
  readonly property: string;
  readonly reason: string;
}

/** An operation that this provider does not have, which the engine takes as just that. */
export class NotImplemented extends Error {}

/**
 * The object was made or changed, but is not as it should be: not ready in time, or not changed whole. The engine
 * keeps it in the state with the reasons, and the next `up` calls update on it even where nothing else differs.
 */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly made: {
      readonly id: string;
      readonly state: Properties;
      readonly inputs: Properties;
      readonly reasons: readonly string[];
    },
  ) {
    super(message);
  }
}

/** An error as gRPC has it: only its message goes out, never a stack trace. */
export function toServiceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof PartialFailure)
    metadata.set("grpc-status-details-bin", Buffer.from(details(error).serializeBinary()));
  const code = error instanceof NotImplemented ? status.UNIMPLEMENTED : status.UNKNOWN;
  return Object.assign(new Error(message), { code, details: message, metadata });
}

function details({ message, made }: PartialFailure): Status {
  const failed = new ErrorResourceInitFailed();
  failed.setId(made.id);
  failed.setProperties(toStruct(made.state));
  failed.setInputs(toStruct(made.inputs));
  failed.setReasonsList([...made.reasons]);
  const any = new Any();
  any.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const result = new Status();
  result.setCode(status.UNKNOWN);
  result.setMessage(message);
  result.setDetailsList([any]);
  return result;
}
