import { connect } from "node:net";
import { serve } from "../../../provider";
import { messageOf } from "../../messages";
import { oscarProvider } from "./oscar-provider";

/** Milliseconds between two looks whether the engine is there. */
const lookMs = 5000;

/**
 * The process that Pulumi starts for this package. It tells its port in the first line of its output, and writes nothing
 * else there. The engine ends it by SIGINT, after it has called off what is under way; one that was killed cannot, so its
 * address (the last argument) is tried now and then. Started by hand, without an address, it runs until it is interrupted.
 */
async function main(): Promise<void> {
  const server = await serve(() => oscarProvider());
  process.stdout.write(`${server.port}\n`);
  const end = (): void => {
    void server.close().finally(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const engine = process.argv.slice(2).findLast((argument) => /^[^-].*:\d+$/.test(argument));
  if (engine !== undefined) watch(engine, end);
}

function watch(engine: string, end: () => void): void {
  setInterval(() => {
    const [, host = "127.0.0.1", port = ""] = /^(.*):(\d+)$/.exec(engine) ?? [];
    const socket = connect(Number(port), host.replace(/^\[|\]$/g, ""));
    socket.once("connect", () => socket.destroy());
    socket.once("error", end);
  }, lookMs).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`pulumi-resource-oscar: ${messageOf(error)}\n`);
  process.exit(1);
});
