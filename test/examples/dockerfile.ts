import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** An image as its Dockerfile describes it: what a container has and does where its pod says nothing else. */
export interface Image {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** `USER`, as it is written. */
  readonly user: string;
  readonly files: readonly Files[];
}

/** A file or a folder of this machine that is in the image; `python` is the environment with the dependencies. */
export interface Files {
  readonly from: string | { readonly kind: "python" };
  readonly to: string;
}

/** What the base image, Python's own, sets. */
export const base: Image = {
  entrypoint: [],
  cmd: ["python3"],
  env: { PATH: "/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
  workdir: "/",
  user: "0",
  files: [],
};

/** Of a program in `examples/mnist`: the last stage, which is the one that is built where no other is named. */
export function imageOf(program: string): Image {
  const context = join(__dirname, "..", "..", "examples", "mnist");
  return parseDockerfile(readFileSync(join(context, program, "Dockerfile"), "utf8"), context);
}

/** As far as the Dockerfiles here use the language; what is not known is a fault, so that nothing is passed over. */
export function parseDockerfile(text: string, context: string): Image {
  let image = base;
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    const [, word = "", rest = ""] = /^\s*([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (line.trim() === "" || line.startsWith("#")) continue;
    image = word === "FROM" ? base : { ...image, ...instruction(word, rest.trim(), image, context) };
  }
  return image;
}

function instruction(word: string, rest: string, image: Image, context: string): Partial<Image> {
  switch (word) {
    case "ARG":
    case "RUN":
    case "EXPOSE":
      return {};
    case "USER":
      return { user: rest };
    case "WORKDIR":
      return { workdir: posix.resolve(image.workdir, rest) };
    case "CMD":
      return { cmd: words(rest) };
    case "ENTRYPOINT":
      return { entrypoint: words(rest), cmd: [] };
    case "ENV":
      return { env: { ...image.env, ...variables(rest, image.env) } };
    case "COPY": {
      const [from = "", to = "", ...more] = rest.split(/\s+/).filter((each) => !each.startsWith("--"));
      if (more.length > 0) throw new Error(`COPY ${rest}: allowed: one file or folder`);
      const python = rest.startsWith("--from=") && from === "/opt/venv";
      const source = python ? ({ kind: "python" } as const) : join(context, from);
      return { files: [...image.files, { from: source, to: posix.resolve(image.workdir, to) }] };
    }
    default:
      throw new Error(`${word} ${rest}: not known; allowed: what test/examples/dockerfile.ts reads`);
  }
}

/** The form without a shell, which heeds signals. */
function words(text: string): string[] {
  const found: unknown = JSON.parse(text);
  if (!Array.isArray(found)) throw new Error(`${text}: allowed: a list`);
  return found.map(String);
}

function variables(text: string, known: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    text.split(/\s+/).map((pair) => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return [name, value.replace(/\$(\w+)/g, (_, other: string) => known[other] ?? "")];
    }),
  );
}
