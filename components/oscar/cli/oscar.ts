import { Command, Option } from "commander";
import { messageOf } from "../../messages";
import { exportServices, listServices, type ExportOptions } from "./commands";
import { connect, type Connection, type ConnectionOptions } from "./connection";

const cli = new Command("npm run -s oscar --")
  .description(
    "Looks at the services of an OSCAR cluster, and writes them as a program that takes them over. It changes nothing there. " +
      "The password is taken from OSCAR_PASSWORD in the environment, a user's access token from OSCAR_TOKEN; " +
      "without --endpoint, address and password come from oscar-cli's file (~/.oscar-cli/config.yaml).",
  )
  .addOption(new Option("--endpoint <url>", "OSCAR's address, such as https://oscar.example.com"))
  .addOption(new Option("--username <name>", "whose password it is (default: as oscar-cli has it, or oscar)"))
  .addOption(new Option("--token-file <file>", "a file with an access token").conflicts("username"))
  .addOption(
    new Option("--cluster <id>", "one of oscar-cli's clusters (default: its default one)").conflicts(
      "endpoint",
    ),
  )
  .showHelpAfterError();

cli
  .command("list")
  .description("names and images of the services, and which are exposed")
  .action(() => run(listServices));

cli
  .command("export")
  .description("write services as typed arguments, with which the next `up` takes them over")
  .argument("[names...]", "of the services")
  .option("--all", "all that these credentials may see")
  .option("--out <folder>", "write services.ts there, and a script for each (default: all to the terminal)")
  .action((names: string[], options: Omit<ExportOptions, "from">, command: Command) => {
    if ((options.all === true) === names.length > 0) command.error("error: export: allowed: names, or --all");
    run((connection) => exportServices(connection, names, { ...options, from: folder }));
  });

/** npm itself goes to the repository's root first. */
const folder = process.env["INIT_CWD"] ?? process.cwd();

/** Writes what a command gives. A mistake is told in one line, and the exit code is 1. */
function run(command: (connection: Connection) => Promise<string>): void {
  // A reader that has seen enough (`| head`) is no mistake.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  written(command).catch((error: unknown) => {
    process.stderr.write(`error: ${messageOf(error)}\n`);
    process.exitCode = 1;
  });
}

async function written(command: (connection: Connection) => Promise<string>): Promise<void> {
  const connection = connect(cli.opts<ConnectionOptions>(), { env: process.env, folder });
  for (const note of connection.notes) process.stderr.write(`note: ${note}\n`);
  process.stdout.write(await command(connection));
}

cli.parse();
