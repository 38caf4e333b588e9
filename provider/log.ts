import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Tells the user something beside a resource. `status` is shown while the operation runs, and then forgotten. */
export interface Log {
  status(message: string): void;
  info(message: string): void;
  warning(message: string): void;
}

/** The way back to the engine, which calls `attach` with its address when it has found the provider. */
export class EngineLog {
  private client: EngineClient | undefined;

  attach(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  for(urn: string): Log {
    const send = (severity: LogSeverity, message: string, ephemeral: boolean) => {
      const request = new LogRequest();
      request.setSeverity(severity);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(ephemeral);
      // An engine that is gone cannot be told anything, and there is no one else to tell.
      this.client?.log(request, () => undefined);
    };
    return {
      status: (message) => send(LogSeverity.INFO, message, true),
      info: (message) => send(LogSeverity.INFO, message, false),
      warning: (message) => send(LogSeverity.WARNING, message, false),
    };
  }
}
