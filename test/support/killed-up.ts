import { BatchV1Api, KubeConfig } from "@kubernetes/client-node";
import { getSandboxTools, openSession } from "../../sandbox/session";

/**
 * An `up` of the `sandbox` stack whose engine is killed: `killed-up.ts DIR PROVIDER starting KIND`, as it begins to
 * make an object, or `… made Job`, when the Job is there and not yet noted. A process of its own, as it would be for a
 * person: what is left of the program in it must not reach the next run.
 */
async function main([dir = "", kubernetes = "", when = "", kind = ""]: string[]): Promise<void> {
  const tools = await getSandboxTools({ kubernetes: kubernetes === "genuine" ? "genuine" : "simulated" });
  const session = await openSession({ dir, tools });
  const kill = () => {
    for (const pid of session.processes.running) process.kill(pid, "SIGKILL");
  };
  const up = (await session.stack("sandbox")).up({
    onProgress: (progress) => {
      if (when === "starting" && progress.kind === "started" && progress.resource.startsWith(`${kind} `))
        kill();
    },
  });
  let over = false;
  const end = up.then(
    () => "came up",
    () => "killed",
  );
  void end.then(() => (over = true));
  const config = new KubeConfig();
  config.loadFromFile(session.controlPlane.kubeconfig);
  const batch = config.makeApiClient(BatchV1Api);
  while (when === "made" && !over) {
    if ((await batch.listJobForAllNamespaces()).items.length > 0) kill();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log(await end);
  // What the provider was asked for before the kill still takes effect, with no one to note it.
  setTimeout(() => process.exit(0), 2000);
}

void main(process.argv.slice(2));
