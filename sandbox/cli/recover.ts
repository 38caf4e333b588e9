import { hostname } from "node:os";
import { createInterface } from "node:readline/promises";
import { Command } from "commander";
import { EngineProcesses } from "../engine/command";
import { findKubernetesObject } from "../engine/find-object";
import { findOscarResource } from "../engine/find-oscar";
import {
  applyRecovery,
  isAlive,
  isNothing,
  planRecovery,
  removeStaleLock,
  type RecoveryContext,
} from "../engine/recovery";
import { describeRecovery } from "../recover";
import { getTools } from "../tools";
import { runCommand } from "./run";
import { ToolDisplay } from "./tool-display";

const cli = new Command("npm run recover --")
  .description(
    "Puts a real stack right whose last run was killed: removes the lock of a dead process, adopts the objects that\n" +
      "the run had made without noting it, forgets those that it had not. It says what it will do, and asks.",
  )
  .argument("<stack>", "a stack, as in `npx pulumi up -s STACK`")
  .option("--yes", "do not ask")
  .showHelpAfterError()
  .action((stack: string, options: { yes?: boolean }) =>
    runCommand((signal) => recoverRealStack(stack, options, signal)),
  );

async function recoverRealStack(
  stack: string,
  options: { yes?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const processes = new EngineProcesses();
  const display = new ToolDisplay((line) => process.stderr.write(`${line}\n`), false);
  const { pulumi } = await getTools(["pulumi"], { report: display.report, signal });
  const context: RecoveryContext = {
    // Backend, account and passphrase are the caller's own, as in any `npx pulumi` of theirs.
    pulumi: (args) =>
      processes.run(pulumi.path, [...args, "--stack", stack, "--non-interactive"], {
        // npm makes it the folder of package.json and Pulumi.yaml.
        cwd: process.cwd(),
        env: process.env,
        signal,
      }),
    find: async (pending) => (await findKubernetesObject(pending)) ?? findOscarResource(pending),
    // Random values are nowhere but in the state.
    canSee: ({ type }) => /^(kubernetes|random|oscar):/.test(type),
    hostname: hostname(),
    isAlive,
    unlock: `\`npx pulumi cancel -s ${stack}\``,
  };
  const recovery = await planRecovery(context).catch((error: unknown) => {
    throw /PULUMI_ACCESS_TOKEN/.test(String(error))
      ? new Error("you are not logged in to a backend: `npx pulumi login` first")
      : error;
  });
  if (isNothing(recovery)) {
    const unlocked = await removeStaleLock(context);
    console.log(
      `Stack ${stack} has no unfinished operations; ${unlocked ? "the lock of a dead process is removed" : "nothing to recover"}.`,
    );
    return;
  }
  console.log(
    [
      `Stack ${stack} was left halfway. This will:`,
      ...describeRecovery(recovery).map((line) => `  - ${line}`),
    ].join("\n"),
  );
  if (options.yes !== true && !(await agreed(signal))) {
    console.log("Nothing was changed.");
    return;
  }
  await applyRecovery(context, recovery);
  console.log(`Done. \`npx pulumi up -s ${stack}\` goes on from here.`);
}

async function agreed(signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Error("there is no terminal to ask on; look at the plan above and give --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question("Go on? [y/N] ", { signal })).trim());
  } finally {
    terminal.close();
  }
}

cli.parse();
