import { all, secret, type Output } from "@pulumi/pulumi";
import { readFdl } from "../components/oscar/fdl/read-fdl";
import { servicesFromFdl } from "../components/oscar/fdl/services-from-fdl";
import { OscarProvider, type OscarCredentials } from "../components/oscar/oscar-provider";
import type { OscarCluster } from "../components/oscar/platform/oscar-cluster";
import type { OscarService, ServiceCommands } from "../components/oscar/service/oscar-service";
import type { ServiceSpec } from "../components/oscar/service/service-args";
import { ownBuckets } from "../components/oscar/service/storage-paths";
import { defined } from "../components/defined";
import { charts } from "../components/versions";
import type { Environment } from "./environment";
import { fdlFile, type FdlFile } from "./fdl-files";
import { homePath } from "./paths";
import type { Outputs } from "./program";
import { SecretValue } from "./secrets";
import { tiers } from "./tiers";

type Section = NonNullable<Environment["oscarServices"]>;
type Existing = Extract<Section["cluster"], { kind: "existing" }>;

/** The services that the document's files describe, in its own OSCAR or in one that is there. */
export function oscarServices(environment: Environment, oscar: OscarCluster | undefined): Outputs {
  const { oscarServices: section } = environment;
  const provider = section && providerOf(environment, section, oscar);
  if (section === undefined || provider === undefined) return {};
  const services = section.fdl.flatMap((entry) => servicesOf(environment, section, fdlFile(entry), provider));
  return serviceOutputs(Object.fromEntries(services));
}

/** The checks have seen to it that there is an OSCAR. */
function providerOf(
  { name, oscar: own }: Environment,
  { cluster }: Section,
  oscar: OscarCluster | undefined,
): OscarProvider | undefined {
  if (cluster?.kind === "existing") {
    const { endpoint, version } = cluster;
    return new OscarProvider(`${name}-services`, {
      endpoint,
      credentials: credentialsOf(cluster),
      ...defined({ apiVersion: version }),
    });
  }
  if (oscar === undefined) return undefined;
  const { endpoint, username, password, ready } = oscar;
  return new OscarProvider(
    `${name}-services`,
    {
      endpoint,
      credentials: { kind: "basic", username, password },
      // So that a preview knows what OSCAR takes before it is there.
      apiVersion: own?.version ?? charts.oscar.version,
    },
    { dependsOn: [...ready] },
  );
}

/** Where neither is said, nothing is asked of OSCAR: the document is only looked at (`allowPlaceholders`). */
function credentialsOf({ username, password, tokenFile }: Existing): OscarCredentials {
  return tokenFile === undefined
    ? { kind: "basic", ...defined({ username }), password: (password ?? new SecretValue()).output() }
    : { kind: "token-file", path: homePath(tokenFile) };
}

/** A file's services. Pulumi guards those in production whose data go with them. */
function servicesOf(
  { name, tier }: Environment,
  { images = {}, import: imports = [], smokeTests = {}, allowBucketDeletion }: Section,
  { file, cluster }: FdlFile,
  provider: OscarProvider,
): [string, OscarService][] {
  const names = readFdl(file)
    .services.filter((each) => cluster === undefined || each.cluster === cluster)
    .map(({ spec }) => spec.name);
  const services = servicesFromFdl(file, provider, {
    prefix: name,
    images: pick(images, names),
    import: imports.filter((service) => names.includes(service)),
    smokeTests: Object.fromEntries(
      Object.entries(pick(smokeTests, names)).map(([service, test]) => [service, defined(test)]),
    ),
    ...defined({ cluster, allowBucketDeletion }),
    resourceOptions: (service) => ({ protect: tiers[tier].isProtected && holdsData(service) }),
  });
  return Object.entries(services);
}

/** What goes with it: buckets, and a volume that is made for it. */
const holdsData = (spec: ServiceSpec): boolean =>
  ownBuckets(spec).length > 0 ||
  (spec.volume?.size !== undefined && spec.volume.lifecyclePolicy !== "retain");

function pick<Value>(values: Readonly<Record<string, Value>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)));
}

/** How each is used: a URL, or a command line, in which `$TOKEN` stands for what is secret. */
function serviceOutputs(services: Readonly<Record<string, OscarService>>): Outputs {
  return {
    services: eachOf(services, ({ url, commands }) => all([url, commands]).apply(usage)),
    serviceTokens: secret(eachOf(services, ({ token }) => token)),
  };
}

/** A service with a folder that it watches is for files. */
export function usage([url, commands]: readonly [string | undefined, ServiceCommands | undefined]): string {
  return url ?? commands?.upload ?? commands?.synchronous ?? commands?.asynchronous ?? "";
}

function eachOf(
  services: Readonly<Record<string, OscarService>>,
  read: (service: OscarService) => Output<string>,
): Output<Record<string, string>> {
  return all(Object.fromEntries(Object.entries(services).map(([name, service]) => [name, read(service)])));
}
