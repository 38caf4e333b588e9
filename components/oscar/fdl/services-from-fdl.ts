import { log, RunError, type CustomResourceOptions, type Input } from "@pulumi/pulumi";
import { defined } from "../../defined";
import { messageOf } from "../../messages";
import { refuseBefore } from "../../refuse";
import type { OscarProvider } from "../oscar-provider";
import { OscarService, validateOscarService, type SmokeTestArgs } from "../service/oscar-service";
import type { ServiceSpec } from "../service/service-args";
import { readFdl, type Fdl, type FdlService } from "./read-fdl";

export interface ServicesFromFdlOptions {
  /**
   * The key that the services of this cluster stand under, such as `oscar-cluster`: a file may be for several clusters,
   * each with a provider of its own.
   * @default the file's only one
   */
  readonly cluster?: string | undefined;
  /**
   * Names of the services to make.
   * @default all of the cluster
   */
  readonly only?: readonly string[] | undefined;
  /** By service, an image in place of the file's: with a tag, where the file has none. */
  readonly images?: Readonly<Record<string, Input<string>>> | undefined;
  /**
   * Whether each image has to say which one it is, by a tag other than `latest` or a digest. Without, it is warned of.
   * @default false
   */
  readonly pinnedImages?: boolean | undefined;
  /**
   * Names of services that are there already, made with oscar-cli perhaps: they are taken over, and not made. It may stay
   * when they are.
   * @default none
   */
  readonly import?: readonly string[] | undefined;
  /** For all of them, as of an `OscarService`. @default false */
  readonly allowBucketDeletion?: Input<boolean> | undefined;
  /** By service, as of an `OscarService`. */
  readonly smokeTests?: Readonly<Record<string, SmokeTestArgs>> | undefined;
  /** For all of them, as of an `OscarService`. @default 900 */
  readonly readyWithinSeconds?: Input<number> | undefined;
  /**
   * What the resources' names begin with, and a hyphen: two clusters may have services of one name, a program may not have
   * two such resources. What OSCAR calls them stays.
   * @default nothing
   */
  readonly prefix?: string | undefined;
  /** For all of them, or by what a service is: a parent, protection, what they come after. */
  readonly resourceOptions?: ServiceOptions | ((service: ServiceSpec) => ServiceOptions) | undefined;
}

export type ServiceOptions = Omit<CustomResourceOptions, "provider" | "id" | "import">;

/**
 * The services of an FDL file, as `oscar-cli apply` takes it, by their names.
 *
 * ```ts
 * const services = servicesFromFdl("services.yaml", lab, { images: { nginx: "nginx:1.29.1" } });
 * export const url = services["nginx"]?.url;
 * ```
 *
 * The path is relative to where the program runs, scripts' paths to the file. What is odd in the file is warned of; all
 * faults of all services are told at once, each with file and line. What the file says in clear (environment secrets,
 * storage keys) is secret in the state, but in clear in the file.
 */
export function servicesFromFdl(
  path: string,
  provider: OscarProvider,
  options: ServicesFromFdlOptions = {},
): Record<string, OscarService> {
  const fdl = read(path);
  refuseBefore(`FDL ${path}`, choiceFaults(fdl, options));
  const services = chosen(fdl, options).map((service) => ({
    ...service,
    args: argsOf(service, options),
  }));
  refuseBefore(
    `FDL ${path}`,
    services.flatMap(({ place, args }) => {
      // An image that is given in place of the file's says which one it is.
      const pinnedImage = options.pinnedImages === true || args.name in (options.images ?? {});
      return validateOscarService(args, { pinnedImage }).map((fault) => `${place}: ${args.name}: ${fault}`);
    }),
  );
  for (const warning of warningsFor(fdl, options)) void log.warn(warning);
  const { prefix, import: imports = [], resourceOptions } = options;
  return Object.fromEntries(
    services.map(({ spec, args }) => [
      args.name,
      new OscarService(prefix === undefined ? args.name : `${prefix}-${args.name}`, args, {
        ...(typeof resourceOptions === "function" ? resourceOptions(spec) : resourceOptions),
        ...(imports.includes(args.name) && { import: args.name }),
        provider,
      }),
    ]),
  );
}

function read(path: string): Fdl {
  try {
    return readFdl(path);
  } catch (error) {
    // Without a stack trace, which would lead into this program.
    throw new RunError(messageOf(error));
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

const inCluster = ({ services }: Fdl, cluster: string | undefined): FdlService[] =>
  services.filter((service) => cluster === undefined || service.cluster === cluster);

function chosen(fdl: Fdl, { cluster, only }: ServicesFromFdlOptions): FdlService[] {
  return inCluster(fdl, cluster).filter(({ spec }) => only?.includes(spec.name) ?? true);
}

/** The faults of which cluster and which services are meant. */
function choiceFaults(fdl: Fdl, options: ServicesFromFdlOptions): string[] {
  const { cluster, only = [], images = {}, import: imports = [], smokeTests = {} } = options;
  const clusters = unique(fdl.services.map((service) => service.cluster));
  if (cluster === undefined && clusters.length > 1)
    return [`cluster: got none; allowed: one of those in the file: ${clusters.join(", ")}`];
  if (cluster !== undefined && !clusters.includes(cluster))
    return [
      `cluster: got ${JSON.stringify(cluster)}; allowed: one of those in the file: ${clusters.join(", ")}`,
    ];
  const all = inCluster(fdl, cluster).map(({ spec }) => spec.name);
  const made = chosen(fdl, options).map(({ spec }) => spec.name);
  const unknown = (where: string, given: readonly string[], names: readonly string[]) =>
    given
      .filter((name) => !names.includes(name))
      .map(
        (name) =>
          `${where}: got ${JSON.stringify(name)}; allowed: a service of the file: ${names.join(", ")}`,
      );
  return [
    ...unknown("only", only, all),
    ...unknown("images", Object.keys(images), made),
    ...unknown("import", imports, made),
    ...unknown("smokeTests", Object.keys(smokeTests), made),
  ];
}

function argsOf({ spec }: FdlService, options: ServicesFromFdlOptions) {
  const { images = {}, allowBucketDeletion, smokeTests = {}, readyWithinSeconds } = options;
  return {
    ...spec,
    image: images[spec.name] ?? spec.image,
    ...defined({ allowBucketDeletion, smokeTest: smokeTests[spec.name], readyWithinSeconds }),
  };
}

/**
 * The file's warnings as far as they are of what is made: not of other clusters' services, nor of images that others are
 * used for.
 */
function warningsFor(fdl: Fdl, options: ServicesFromFdlOptions): string[] {
  const { cluster, images = {} } = options;
  const made = chosen(fdl, options).filter(({ spec }) => !(spec.name in images));
  const used = new Set(made.map(({ spec }) => JSON.stringify(spec.image)));
  const others = unique(fdl.services.map((service) => service.cluster)).filter(
    (each) => cluster !== undefined && each !== cluster,
  );
  return fdl.warnings.filter((warning) => {
    const [, field = ""] = /:\d+: functions\.oscar\[\d+\]\.(.*)$/.exec(warning) ?? [];
    if (others.some((other) => field.startsWith(`${other}.`))) return false;
    const [, image] = /\.image: got (".*"); better: /.exec(field) ?? [];
    return image === undefined || used.has(image);
  });
}
