import { Command, Option } from "commander";
import { getSandboxTools, type KubernetesProvider } from "../session";
import { runCommand } from "./run";
import { ToolDisplay } from "./tool-display";

const cli = new Command("npm run tools --")
  .description("Gets the tools of the sandbox: from PATH, the cache, a download, or a build with Go.")
  .addOption(
    new Option("--kubernetes <provider>", "which Kubernetes provider to get").choices([
      "simulated",
      "genuine",
    ]),
  )
  .showHelpAfterError()
  .action((options: { kubernetes?: KubernetesProvider }) =>
    runCommand(async (signal) => {
      const display = new ToolDisplay((line) => console.log(line), false);
      const { genuine, ...tools } = await getSandboxTools({ ...options, report: display.report, signal });
      for (const { name, version, origin, path } of Object.values(tools))
        console.log(`${name} ${version} (${origin}) ${path}`);
      console.log(
        genuine === undefined ? "Kubernetes provider: simulated" : `Kubernetes provider: genuine, ${genuine}`,
      );
    }),
  );

cli.parse();
