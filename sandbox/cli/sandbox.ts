import { join } from "node:path";
import { Command, Option } from "commander";
import { controlPlaneStatus, stopControlPlane } from "../control-plane";
import { root } from "../project";
import type { KubernetesProvider } from "../session";
import { destroy, preview, refresh, up, type StackCommand } from "./stack-commands";
import { runCommand } from "./run";
import { printStatus } from "./summary";
import { rm } from "node:fs/promises";

interface Options {
  readonly dir: string;
  readonly kubernetes?: KubernetesProvider;
}

const cli = new Command("npm run sandbox --")
  .description(
    "Applies a stack by the real Pulumi engine to a real Kubernetes API server on this machine.\n" +
      "Nodes, pods and clouds are simulated: no container runs. For a real cluster: npx pulumi up -s STACK",
  )
  .addOption(
    new Option("--dir <folder>", "where the sandbox keeps its cluster and its stacks")
      .default(join(root, ".sandbox"), ".sandbox")
      .env("INFERENCE_INFRA_SANDBOX_DIR"),
  )
  .addOption(
    new Option(
      "--kubernetes <provider>",
      "which Kubernetes provider applies the objects (default: genuine where it can be had)",
    )
      .choices(["simulated", "genuine"])
      .env("INFERENCE_INFRA_KUBERNETES"),
  )
  .showHelpAfterError();

const stackCommand = (name: string, description: string, command: StackCommand) =>
  cli
    .command(name, { isDefault: name === "up" })
    .argument("[stack]", "a stack of stacks/", "sandbox")
    .description(description)
    .action((stack: string) => runCommand((signal) => command({ ...cli.opts<Options>(), stack, signal })));

stackCommand("up", "bring the stack up (the default)", up);
stackCommand("preview", "show what `up` would change", preview);
stackCommand("refresh", "read the cluster, and show where it differs from what was applied", refresh);
stackCommand("destroy", "take the stack down; the control plane goes on", destroy);

cli
  .command("status")
  .description("what runs, where, and how much memory it takes")
  .action(() => runCommand(async () => printStatus(await controlPlaneStatus(controlPlaneDir()))));

cli
  .command("kubeconfig")
  .description(
    "print the path of the kubeconfig: KUBECONFIG=$(npm run -s sandbox -- kubeconfig) kubectl get pods -A",
  )
  .action(() =>
    runCommand(async () => console.log((await controlPlaneStatus(controlPlaneDir())).kubeconfig)),
  );

cli
  .command("down")
  .description("stop the control plane; the next `up` goes on where it was")
  .option("--delete", "throw the cluster and its stacks away")
  .action((options: { delete?: boolean }) =>
    runCommand(async () => {
      await stopControlPlane(controlPlaneDir());
      if (options.delete === true) await rm(cli.opts<Options>().dir, { recursive: true, force: true });
      console.log(
        options.delete === true
          ? "The sandbox is gone."
          : "The sandbox is stopped; `npm run sandbox` starts it again.",
      );
    }),
  );

const controlPlaneDir = () => join(cli.opts<Options>().dir, "control-plane");

cli.parse();
