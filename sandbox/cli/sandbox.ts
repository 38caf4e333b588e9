import { existsSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { controlPlaneStatus, stopControlPlane } from "../control-plane";
import { nearMiss } from "../../components/near-miss";
import { stackNames } from "../project";
import type { KubernetesProvider } from "../session";
import { destroy, preview, refresh, up, type StackCommand } from "./stack-commands";
import { defaultDir, sandboxCommand } from "./command-line";
import { runCommand } from "./run";
import { stacksHere } from "./stacks-here";
import { printStatus } from "./summary";

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
      .default(defaultDir, ".sandbox")
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
    .action((stack: string) => {
      const meant = stackNames().includes(stack) ? undefined : nearMiss(stack, commandNames());
      if (meant !== undefined)
        cli.error(`error: "${stack}" is neither a command nor a stack; did you mean ${meant}?`, {
          exitCode: 2,
        });
      runCommand((signal) => command({ ...cli.opts<Options>(), dir: dir(), stack, signal }));
    });

stackCommand("up", "bring the stack up (the default)", up);
stackCommand("preview", "show what `up` would change", preview);
stackCommand("refresh", "read the cluster, and show where it differs from what was applied", refresh);
stackCommand("destroy", "take the stack down; the control plane goes on", destroy);

cli
  .command("status")
  .description("what runs, where, how much memory it takes, and which stacks there are")
  .action(() =>
    runCommand(async () =>
      printStatus(await controlPlaneStatus(controlPlaneDir()), await stacksHere(dir()), dir()),
    ),
  );

cli
  .command("kubeconfig")
  .description(
    "print the path of the kubeconfig: KUBECONFIG=$(npm run -s sandbox -- kubeconfig) kubectl get pods -A",
  )
  .action(() =>
    runCommand(async () => {
      const { running, kubeconfig } = await controlPlaneStatus(controlPlaneDir());
      if (!running) throw new Error(`the sandbox is not running; \`${sandboxCommand(dir())}\` starts it`);
      console.log(kubeconfig);
    }),
  );

cli
  .command("down")
  .description("stop the control plane; the next `up` goes on where it was")
  .option("--delete", "throw the cluster and its stacks away")
  .action((options: { delete?: boolean }) =>
    runCommand(async () => {
      await stopControlPlane(controlPlaneDir());
      if (options.delete === true) await deleteSandbox(dir());
      console.log(
        options.delete === true
          ? "The sandbox is gone."
          : `The sandbox is stopped; \`${sandboxCommand(dir())}\` starts it again.`,
      );
    }),
  );

/** A relative folder is the caller's: npm itself goes to the repository's root first. */
const dir = () => resolve(process.env["INIT_CWD"] ?? process.cwd(), cli.opts<Options>().dir);
const controlPlaneDir = () => join(dir(), "control-plane");
const commandNames = () => cli.commands.map((command) => command.name());

/** Removes what a sandbox has made, and nothing else: the folder may be anyone's. */
async function deleteSandbox(folder: string): Promise<void> {
  const ours = {
    "control-plane": "kubeconfig",
    engine: "passphrase",
    gcp: "project.json",
    aws: "account.json",
    oscar: "managers.json",
  };
  for (const [part, sign] of Object.entries(ours)) {
    if (existsSync(join(folder, part, sign))) await rm(join(folder, part), { recursive: true, force: true });
  }
  await rmdir(folder).catch(() => undefined); // Where there is more in it, it stays.
}

cli.parse();
