import { diffByEquality, NotImplemented, type Provider, type ResourceRequest } from "../../../provider";
import { allowedImagesKind } from "./allowed-images-kind";
import { bucketKind } from "./bucket-kind";
import { checkConfig } from "./config";
import { Connection, type ConnectionOptions } from "./connection";
import { explain } from "./explain";
import { quotaKind } from "./quota-kind";
import type { ResourceKind } from "./resource-kind";
import { serviceKind } from "./service/service-kind";
import { oscarProviderVersion } from "./version";
import { volumeKind } from "./volume-kind";

const kinds: Readonly<Record<string, ResourceKind>> = {
  "oscar:index:Service": serviceKind,
  "oscar:index:Bucket": bucketKind,
  "oscar:index:Volume": volumeKind,
  "oscar:index:Quota": quotaKind,
  "oscar:index:AllowedImages": allowedImagesKind,
};

/**
 * The provider of OSCAR's resources, for one visit of an engine: `serve(() => oscarProvider())`. It asks the Manager only
 * where it must; what it says when it cannot is the same for all resources.
 */
export function oscarProvider(options: ConnectionOptions = {}): Provider {
  let connection: Connection | undefined;

  /** What a kind does; its errors say what is to be done. */
  async function explained<Result>(operation: () => Promise<Result> | Result): Promise<Result> {
    try {
      return await operation();
    } catch (error) {
      throw explain(error, connection);
    }
  }

  function on<Result>(
    { type }: Pick<ResourceRequest, "type">,
    operation: (kind: ResourceKind, connection: Connection) => Promise<Result> | Result,
  ): Promise<Result> {
    return explained(() => {
      if (connection === undefined) throw new Error("the provider oscar is not configured yet");
      return operation(kindOf(type), connection);
    });
  }

  return {
    name: "oscar",
    version: oscarProviderVersion,
    checkConfig,
    diffConfig: (request) => diffByEquality(request),
    configure: (config) => {
      connection = new Connection(config, options);
    },
    check: (request) => explained(() => kindOf(request.type).check(request, connection)),
    diff: (request) => on(request, (kind, manager) => kind.diff(request, manager)),
    create: (request) => on(request, (kind, manager) => kind.create(request, manager)),
    read: (request) => on(request, (kind, manager) => kind.read(request, manager)),
    update: (request) => on(request, (kind, manager) => kind.update(request, manager)),
    delete: (request) => on(request, (kind, manager) => kind.delete(request, manager)),
  };
}

function kindOf(type: string): ResourceKind {
  const kind = kinds[type];
  if (kind === undefined) {
    throw new NotImplemented(`got the type ${type}; allowed: ${Object.keys(kinds).join(", ")}`);
  }
  return kind;
}
