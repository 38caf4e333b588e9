import {
  CustomResource,
  mergeOptions,
  type CustomResourceOptions,
  type ID,
  type Input,
  type Output,
} from "@pulumi/pulumi";
import { defined } from "../../defined";
import { checkWhole, ifKnown, type Check } from "../../kubernetes/checks";
import { refuseBefore } from "../../refuse";
import type { ServiceArgs } from "./service-args";
import { validateService, type ValidateOptions } from "./validate-service";
import { withSecrets } from "./with-secrets";

export interface OscarServiceArgs extends Omit<ServiceArgs, "name">, OscarServiceExtras {
  /**
   * Unique in the whole cluster: lower-case letters, digits and hyphens, a letter first, at most 39 characters. Another
   * name is another service: the old one goes first.
   * @default the resource's name
   */
  name?: string;
}

/** What is no part of the service, but of how it is made and goes. */
export interface OscarServiceExtras {
  /**
   * Whether its buckets may go with all that is in them, when it is deleted or replaced. Without, that is refused while
   * they hold anything, and so is a replacement with which a volume of the service's own would go. It counts as it was at
   * the last `up`: to delete a service with its data, set it, `up`, and then take the service out.
   * @default false
   */
  allowBucketDeletion?: Input<boolean>;
  /**
   * One synchronous call each time the service was made or changed, which has to succeed; its answer is
   * `smokeTestAnswer`. Only where OSCAR runs on Knative, and not with `expose` or `kserve`.
   * @default no call
   */
  smokeTest?: SmokeTestArgs;
  /**
   * Seconds until which it has to serve, at most a day; else `up` fails, with what its pods say. 0 does not wait.
   * @default 900
   */
  readyWithinSeconds?: Input<number>;
}

export interface SmokeTestArgs {
  /** What is sent, as text; a file in Base64. */
  body: Input<string>;
  /** @default "application/json" */
  contentType?: Input<string>;
}

/** Command lines that are ready to be run; each is there where the service can be used so. None has the token in it. */
export interface ServiceCommands {
  /** Hands it a job. */
  readonly asynchronous?: string;
  /** Calls it and waits for the answer. */
  readonly synchronous?: string;
  /** Asks the port that is open all the time. */
  readonly exposed?: string;
  /** Puts a file into the folder that it watches. */
  readonly upload?: string;
}

/**
 * A service of OSCAR: an image, a script that runs in it, and what calls it.
 *
 * ```ts
 * const plants = new OscarService(
 *   "plants",
 *   {
 *     image: "ghcr.io/grycap/plants:1.2.0",
 *     script: readScript("script.sh"),
 *     memory: "4Gi",
 *     input: [{ storageProvider: "minio.default", path: "plants/input" }],
 *     output: [{ storageProvider: "minio.default", path: "plants/output" }],
 *   },
 *   { provider: lab },
 * );
 * ```
 *
 * Costs nothing while no one calls it, beside its buckets; with `expose` it costs `minScale` pods all the time, and with
 * `synchronous` its `minScale`. OSCAR makes services one at a time, in about 6 s each, since each restarts MinIO.
 *
 * Faults that can be known are told before anything is made, all at once. A service or a bucket of its name that is there
 * already is refused; `import` takes over a service. What changes outside is seen by `refresh`, and put right by the next
 * `up`; a secret that changed outside is not seen before OSCAR 4.2. It makes no nodes with GPUs, builds no images, and does
 * not wait for calls that are under way when it changes.
 */
export class OscarService extends CustomResource {
  /** As OSCAR knows it. */
  declare readonly name: Output<string>;
  declare readonly image: Output<string>;
  /** Where an exposed one is reached: a path of OSCAR's host, a host of its own, or a port of each node. */
  declare readonly url: Output<string | undefined>;
  /** By which it is called. A secret. */
  declare readonly token: Output<string>;
  /** Whose it is; `cluster_admin` for the administrator's. */
  declare readonly owner: Output<string | undefined>;
  /** The buckets in the cluster's own MinIO that OSCAR made for it, and deletes with it. */
  declare readonly buckets: Output<string[]>;
  /** The ports that every node has for it. */
  declare readonly nodePorts: Output<number[]>;
  declare readonly commands: Output<ServiceCommands>;
  declare readonly smokeTestAnswer: Output<string | undefined>;

  /** A service that is there, which this program reads and does not manage. `id` is its name. */
  static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): OscarService {
    return new OscarService(name, undefined, { ...opts, id });
  }

  constructor(name: string, args: OscarServiceArgs, opts?: CustomResourceOptions);
  /** As `get` makes it. */
  constructor(name: string, args: undefined, opts: CustomResourceOptions & { id: Input<ID> });
  constructor(name: string, args: OscarServiceArgs | undefined, opts?: CustomResourceOptions) {
    if (args !== undefined)
      refuseBefore(`OscarService ${name}`, validateOscarService({ ...args, name: args.name ?? name }));
    super(
      "oscar:index:Service",
      name,
      { ...outputs, ...(args === undefined ? {} : inputs({ ...args, name: args.name ?? name })) },
      // Its name is unique in the cluster. The provider says so too, but is not asked by `pulumi up --replace`.
      mergeOptions({ deleteBeforeReplace: true, additionalSecretOutputs: ["token"] }, opts),
    );
  }
}

type Named = OscarServiceArgs & { name: string };

/** What has to be named for Pulumi to fill it in. */
const outputs = {
  name: undefined,
  image: undefined,
  url: undefined,
  token: undefined,
  owner: undefined,
  buckets: undefined,
  nodePorts: undefined,
  commands: undefined,
  smokeTestAnswer: undefined,
};

function inputs({ allowBucketDeletion, smokeTest, readyWithinSeconds, ...service }: Named): object {
  return { ...withSecrets(service), allowBucketDeletion, smokeTest, readyWithinSeconds };
}

/** The faults of the arguments, all of them; what is not known yet is passed over. */
export function validateOscarService(args: Named, options?: ValidateOptions): string[] {
  const { smokeTest, readyWithinSeconds, allowBucketDeletion: _, ...service } = args;
  return [
    ...validateService(service, options),
    ...ifKnown(checkSeconds, "readyWithinSeconds", readyWithinSeconds),
    ...ifKnown(checkContentType, "smokeTest.contentType", smokeTest?.contentType),
    ...(smokeTest === undefined ? [] : callFaults(args)),
  ];
}

/** What is open all the time is no Knative Service, and only those are called so. */
const callFaults = ({ expose, kserve }: Named): string[] =>
  Object.keys(defined({ expose, kserve })).map(
    (key) =>
      `smokeTest: got one with ${key}; allowed: one of them, because OSCAR takes no synchronous call then`,
  );

const checkSeconds: Check<number> = (where, value) => checkWhole(where, value, 0, 86_400);

const checkContentType: Check = (where, value) =>
  /^[\w.+-]+\/[\w.+-]+( *;.*)?$/.test(value)
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: a media type, such as application/json`];
