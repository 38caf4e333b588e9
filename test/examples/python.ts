import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** Python with the examples' dependencies, where someone has made it. */
export function findPython(): string | undefined {
  const given = process.env["EXAMPLES_PYTHON"];
  if (given !== undefined && given !== "") return given;
  const made = join(root, "examples", ".venv", "bin", "python");
  return existsSync(made) ? made : undefined;
}

export const howToMake =
  "the examples are not tested: there is no examples/.venv (make it: apt-get install python3-torch python3-venv; " +
  "/usr/bin/python3 -m venv --system-site-packages examples/.venv; " +
  "examples/.venv/bin/pip install --require-hashes -r examples/mnist/requirements/test.txt)";

export interface PythonPlaces {
  /** The virtual environment. */
  readonly venv: string;
  /** The Python that it is of. */
  readonly base: string;
}

export function pythonPlaces(python: string): PythonPlaces {
  const text = askPython(python, "import json, sys; print(json.dumps([sys.prefix, sys.base_prefix]))");
  const [venv, base] = JSON.parse(text) as [string, string];
  return { venv, base };
}

/** What a program prints that knows the examples' modules. */
export function askPython(python: string, program: string): string {
  return execFileSync(python, ["-c", program], {
    cwd: join(root, "examples", "mnist"),
    env: {
      PATH: process.env["PATH"] ?? "",
      PYTHONPATH: join(root, "examples", "mnist"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
    encoding: "utf8",
  });
}
