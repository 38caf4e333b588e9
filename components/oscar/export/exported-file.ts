import { join, relative, resolve, sep } from "node:path";
import { format, resolveConfig } from "prettier";
import { segment } from "../service/client/endpoint";
import type { ServiceSpec } from "../service/service-args";
import { typedArguments } from "./typed-arguments";
import { Code, commentLines, literal } from "./typescript-literal";

/** The repository's root, where Pulumi runs the program. */
export const root = join(__dirname, "../../..");

/** How the services were read, so that the program reaches the same OSCAR. */
export interface Origin {
  readonly endpoint: string;
  readonly login:
    | { readonly kind: "basic"; readonly username: string }
    | { readonly kind: "token" }
    | { readonly kind: "token-file"; readonly path: string };
}

export interface ExportedFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** The services as a module of their own, and their scripts beside it. */
export async function exportedFiles(
  specs: readonly ServiceSpec[],
  origin: Origin,
  folder: string,
): Promise<ExportedFile[]> {
  const scripts = specs
    .filter(({ script }) => script !== "")
    // A name that is none, and leads elsewhere, is refused.
    .map(({ name, script }) => ({
      name,
      path: resolve(folder, `${segment("service", name)}.sh`),
      text: script,
    }));
  const pathOf = (name: string) => scripts.find((script) => script.name === name)?.path;
  return [
    { path: resolve(folder, "services.ts"), text: await moduleOf(specs, origin, folder, pathOf) },
    ...scripts.map(({ path, text }) => ({ path, text })),
  ];
}

/** The services as one text with their scripts in it, for a module at the repository's root. */
export const exportedText = (specs: readonly ServiceSpec[], origin: Origin): Promise<string> =>
  moduleOf(specs, origin, root, () => undefined);

async function moduleOf(
  specs: readonly ServiceSpec[],
  { endpoint, login }: Origin,
  folder: string,
  scriptOf: (name: string) => string | undefined,
): Promise<string> {
  const services = specs.map((spec) => {
    const path = scriptOf(spec.name);
    // What `readScript` reads is relative to where Pulumi runs the program.
    return typedArguments(spec, { provider, ...(path && { scriptPath: slashed(relative(root, path)) }) });
  });
  const { credentials, secrets: own } = credentialsOf(login);
  const secrets = [...own, ...services.flatMap((service) => service.secrets)];
  const from = (module: string) => literal(modulePath(folder, module));
  return formatted(
    [
      ...(secrets.length > 0 ? ['import { Config } from "@pulumi/pulumi";'] : []),
      `import { OscarProvider } from ${from("components/oscar/oscar-provider")};`,
      `import { OscarService } from ${from("components/oscar/service/oscar-service")};`,
      ...(specs.some(({ name }) => scriptOf(name) !== undefined)
        ? [`import { readScript } from ${from("components/oscar/service/script")};`]
        : []),
      "",
      ...(secrets.length > 0
        ? [
            commentLines(["Secrets, each set once for a stack:", ...secrets.map(settingOf)]).trimEnd(),
            "const config = new Config();",
            "",
          ]
        : []),
      `const ${provider} = new OscarProvider("oscar", ${literal({ endpoint, credentials })});`,
      ...services.flatMap(({ statement }) => ["", statement]),
    ].join("\n"),
  );
}

const provider = "oscar";

const settingOf = (key: string): string => `  npx pulumi config set --secret ${key}`;

function credentialsOf(login: Origin["login"]): { credentials: object; secrets: string[] } {
  switch (login.kind) {
    case "basic": {
      const { kind, username } = login;
      const named = username === "oscar" ? {} : { username };
      const password = new Code('config.requireSecret("oscarPassword")');
      return { credentials: { kind, ...named, password }, secrets: ["oscarPassword"] };
    }
    case "token": {
      const token = new Code('config.requireSecret("oscarToken")', [
        "It lasts minutes, as a rule: a file that is renewed is better, with `--token-file`.",
      ]);
      return { credentials: { kind: login.kind, token }, secrets: ["oscarToken"] };
    }
    case "token-file":
      return { credentials: { kind: login.kind, path: login.path }, secrets: [] };
  }
}

function modulePath(folder: string, module: string): string {
  const path = slashed(relative(folder, join(root, module)));
  return path.startsWith(".") ? path : `./${path}`;
}

const slashed = (path: string): string => path.split(sep).join("/");

/** As this repository's files are. */
export async function formatted(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(join(root, "services.ts"))), parser: "typescript" });
}
