import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findPython, howToMake } from "./python";

/** `npm run test:examples`: the programs' own tests, and those of the contract between them and the pods. */
const root = join(__dirname, "..", "..");
const python = findPython();
if (python === undefined) console.log(howToMake);
else {
  run(python, ["-m", "pytest", "-q", "examples/mnist/tests"]);
  run(process.execPath, [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--project", "examples"]);
}

function run(command: string, args: string[]): void {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
