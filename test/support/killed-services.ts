import { secret } from "@pulumi/pulumi";
import { OscarProvider, OscarService } from "../../components";
import { ManagerClient } from "../../components/oscar/service/client/manager-client";
import { EngineProcesses } from "../../sandbox/engine/command";
import { openEngineHome } from "../../sandbox/engine/environment";
import { EngineStack } from "../../sandbox/engine/stack";
import { getTools } from "../../sandbox/tools";
import { plantsIn } from "./oscar-lab";

/**
 * An `up` of one service whose engine is killed: `killed-services.ts HOME PROVIDERS ENDPOINT PASSWORD STACK starting`, as
 * the provider begins to make it, or `… made`, when it is there and not yet noted. A process of its own: what is left of the
 * program in it must not reach the next run.
 */
async function main([
  dir = "",
  providers = "",
  endpoint = "",
  password = "",
  stack = "",
  when = "",
]: string[]) {
  const { pulumi } = await getTools(["pulumi"], { report: () => undefined });
  const processes = new EngineProcesses();
  const kill = () => {
    for (const pid of processes.running) process.kill(pid, "SIGKILL");
  };
  const engine = await EngineStack.open({
    ...{ home: await openEngineHome(dir), pulumi, stack, processes },
    providers: { PULUMI_DEBUG_PROVIDERS: providers },
    program: async () => {
      const credentials = { kind: "basic", password: secret(password) } as const;
      const provider = new OscarProvider("lab", { endpoint, credentials });
      new OscarService(stack, plantsIn(stack), { provider });
    },
  });
  let over = false;
  const up = engine.up({
    onProgress: (progress) => {
      if (when === "starting" && progress.kind === "message" && /is being made/.test(progress.text)) kill();
    },
  });
  const end = up.then(
    () => "came up",
    () => "killed",
  );
  void end.then(() => (over = true));
  const { services } = new ManagerClient({
    endpoint,
    credentials: { kind: "basic", username: "oscar", password },
  });
  while (when === "made" && !over) {
    if ((await services.get(stack)) !== undefined) kill();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(await end);
  process.exit(0);
}

void main(process.argv.slice(2));
