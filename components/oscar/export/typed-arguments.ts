import { checkImage } from "../../kubernetes/checks";
import { replaceSecrets } from "../service/secret-fields";
import type { ServiceSpec } from "../service/service-args";
import { validateService } from "../service/validate-service";
import { Code, commentLines, literal, textOfLines } from "./typescript-literal";

export interface Written {
  /** A statement of TypeScript, not yet laid out. */
  readonly statement: string;
  /** Keys of Pulumi's configuration that it needs secrets at. */
  readonly secrets: readonly string[];
}

/**
 * A service as the program's arguments, which take it over: `new OscarService("plants", { … }, { provider, import })`.
 * No secret is in it: each is asked for in Pulumi's configuration. What the user has to know stands in comments.
 */
export function typedArguments(
  { name, script, ...spec }: ServiceSpec,
  { provider, scriptPath }: { provider: string; scriptPath?: string },
): Written {
  const secrets: string[] = [];
  const written = replaceSecrets(spec, (_, path) => {
    const key = configKey(name, path);
    secrets.push(key);
    return new Code(`config.requireSecret(${literal(key)})`, [toldOf(path)]);
  }) as typeof spec;
  const args = {
    ...written,
    image: new Code(literal(spec.image), commentsOnImage(spec)),
    script: scriptOf(script, scriptPath),
    ...(written.expose && { expose: exposeOf(written.expose) }),
  };
  const { image, script: text, ...others } = args;
  const options = { provider: new Code(provider), import: name };
  const statement = [
    commentLines(commentsOnFaults({ name, script, ...spec })),
    `new OscarService(${[name, { image, script: text, ...others }, options].map(literal).join(", ")});`,
  ].join("");
  return { statement, secrets };
}

function scriptOf(script: string, path: string | undefined): Code {
  if (script === "")
    return new Code('""', ["OSCAR has none: it loses an exposed service's script at an update."]);
  return path === undefined ? textOfLines(script) : new Code(`readScript(${literal(path)})`);
}

function commentsOnImage({
  image,
  interlinkNodeName,
}: Pick<ServiceSpec, "image" | "interlinkNodeName">): string[] {
  const isPinned = checkImage("", image.replace(/^docker:\/\//, "")).length === 0;
  // On a virtual node, images are also paths of the computer behind it.
  return isPinned || interlinkNodeName !== undefined
    ? []
    : ["It does not say which image it is, so that any pod may start another one: add a tag or a digest."];
}

/** A port that OSCAR chose cannot be told from one that was asked for. */
function exposeOf(expose: NonNullable<ServiceSpec["expose"]>): object {
  if (expose.nodePort === undefined) return expose;
  const comment = "0 where OSCAR chose the port: an update that names it would take the route away.";
  return { ...expose, nodePort: new Code(literal(expose.nodePort), [comment]) };
}

/** What runs is not always what may be made anew. */
function commentsOnFaults(spec: ServiceSpec): string[] {
  const faults = validateService(spec);
  if (faults.length === 0) return [];
  return [
    "OSCAR has it, but as arguments it is refused; to be corrected:",
    ...faults.map((fault) => `  ${fault}`),
  ];
}

/** OSCAR blanks what it keeps in a Kubernetes Secret; the rest it shows, and it is not written into a file all the same. */
const toldOf = ([first]: readonly string[]): string =>
  first === "environment"
    ? "OSCAR does not tell the values of secrets."
    : "A secret, which OSCAR keeps in clear: it is not written here.";

/** `plants-API_KEY`, `plants-storageProviders-s3-aws-secretKey`. */
function configKey(service: string, path: readonly string[]): string {
  const below = path[0] === "environment" ? path.slice(2) : path;
  return [service, ...below].join("-").replace(/[^\w.-]/g, "_");
}
