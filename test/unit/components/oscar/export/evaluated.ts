import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";

/** A resource that a program makes. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a secret of the configuration is, where a program is only tried. */
export const secretOf = (key: string): string => `secret ${key}`;

/** Runs an exported module without Pulumi, and tells what it would make. */
export function evaluated(text: string, readScript: (path: string) => string = (path) => path): Made[] {
  const made: Made[] = [];
  const noting = (type: string) =>
    function (this: object, name: string, args: Made["args"], options: Made["options"] = {}) {
      made.push({ type, name, args, options });
    };
  class Config {
    requireSecret = secretOf;
  }
  const known = { Config, OscarProvider: noting("provider"), OscarService: noting("service"), readScript };
  const { outputText, diagnostics = [] } = transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 },
  });
  if (diagnostics.length > 0) throw new Error(`${JSON.stringify(diagnostics[0]?.messageText)} in ${text}`);
  const run = new Function("require", "exports", outputText) as (need: () => object, exports: object) => void;
  run(() => known, {});
  return made;
}

/** The arguments of the services that it would make. */
export const specsIn = (text: string, readScript?: (path: string) => string): ServiceSpec[] =>
  evaluated(text, readScript)
    .filter(({ type }) => type === "service")
    .map(({ name, args }) => ({ name, ...args }) as ServiceSpec);
