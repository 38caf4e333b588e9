import { isProperties, type Properties } from "../../../provider";
import { Connection } from "./connection";
import { loadKubeconfig, type ClusterChoice } from "./kubeconfig";
import { at, listAt, refOf, textAt } from "./objects";
import {
  KubernetesError,
  type KindInfo,
  type ObjectRef,
  type ObjectStore,
  type Selectors,
  type WriteOptions,
} from "./store";

/** A Kubernetes API server. One that is away for some seconds (a restart) is waited for. */
export function apiServerStore(cluster: ClusterChoice): ObjectStore {
  const config = loadKubeconfig(cluster);
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  return new ApiServer(new Connection(config), namespace);
}

class ApiServer implements ObjectStore {
  readonly live = true;
  private readonly kinds = new Map<string, Map<string, KindInfo>>();

  constructor(
    private readonly api: Connection,
    readonly defaultNamespace: string | undefined,
  ) {}

  async kind(apiVersion: string, kind: string): Promise<KindInfo | undefined> {
    const known = this.kinds.get(apiVersion)?.get(kind);
    if (known !== undefined) return known;
    const found = await this.fetch(apiPath(apiVersion));
    const kinds = new Map<string, KindInfo>();
    for (const resource of listAt(found, "resources")) {
      const plural = textAt(resource, "name") ?? "";
      const name = textAt(resource, "kind");
      if (name !== undefined && !plural.includes("/"))
        kinds.set(name, { plural, namespaced: at(resource, "namespaced") === true });
    }
    this.kinds.set(apiVersion, kinds);
    return kinds.get(kind);
  }

  async get(ref: ObjectRef): Promise<Properties | undefined> {
    const path = await this.path(ref).catch(ifNotFound);
    return path === undefined ? undefined : this.fetch(path);
  }

  async create(object: Properties, options: WriteOptions): Promise<Properties> {
    const ref = refOf(object);
    const request = {
      method: "POST",
      path: await this.path({ ...ref, name: "" }),
      body: object,
      query: parameters(options),
      repeatable: options.dryRun === true,
    } as const;
    try {
      return await this.api.send(request);
    } catch (error) {
      if (!(error instanceof KubernetesError && error.code === 0) || request.repeatable) throw error;
      // The connection broke in the middle. A name that was taken before would have been refused, so an object of
      // that name is the one just asked for.
      return (await this.get(ref)) ?? this.api.send(request);
    }
  }

  async apply(object: Properties, options: WriteOptions & { readonly force: boolean }): Promise<Properties> {
    return this.api.send({
      method: "PATCH",
      path: await this.path(refOf(object)),
      body: object,
      query: { ...parameters(options), force: String(options.force) },
      contentType: "application/apply-patch+yaml",
      repeatable: true,
    });
  }

  async patch(ref: ObjectRef, operations: readonly Properties[], options: WriteOptions): Promise<Properties> {
    return this.api.send({
      method: "PATCH",
      path: await this.path(ref),
      body: operations,
      query: parameters(options),
      contentType: "application/json-patch+json",
      repeatable: true,
    });
  }

  async delete(ref: ObjectRef, propagationPolicy: string): Promise<boolean> {
    const path = await this.path(ref).catch(ifNotFound);
    if (path === undefined) return false;
    const gone = await this.api
      .send({ method: "DELETE", path, body: { propagationPolicy }, repeatable: true })
      .catch(ifNotFound);
    return gone !== undefined;
  }

  async list(
    apiVersion: string,
    kind: string,
    namespace: string,
    { labels = {}, fields = {} }: Selectors = {},
  ): Promise<Properties[]> {
    const path = await this.path({ apiVersion, kind, namespace, name: "" });
    const query = Object.fromEntries(
      Object.entries({ labelSelector: labels, fieldSelector: fields }).flatMap(([name, pairs]) => {
        const selector = Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
        return selector.length === 0 ? [] : [[name, selector.join()]];
      }),
    );
    const found = await this.api.send({ method: "GET", path, query, repeatable: true });
    // In a list, objects do not say what they are.
    return listAt(found, "items")
      .filter(isProperties)
      .map((item) => ({ apiVersion, kind, ...item }));
  }

  private fetch(path: string): Promise<Properties | undefined> {
    return this.api.send({ method: "GET", path, repeatable: true }).catch(ifNotFound);
  }

  private async path({ apiVersion, kind, name, namespace }: ObjectRef): Promise<string> {
    const info = await this.kind(apiVersion, kind);
    if (info === undefined) {
      throw new KubernetesError(
        404,
        "NoMatch",
        `the cluster has no kind ${kind} in ${apiVersion}; what brings it must be installed first`,
      );
    }
    const scope = info.namespaced ? `/namespaces/${namespace ?? this.defaultNamespace ?? "default"}` : "";
    return `${apiPath(apiVersion)}${scope}/${info.plural}${name === "" ? "" : `/${name}`}`;
  }
}

function apiPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

function parameters({ fieldManager, dryRun }: WriteOptions): Record<string, string> {
  // Strict: a field that the API does not know is an error, not dropped without a word.
  return { fieldManager, fieldValidation: "Strict", ...(dryRun === true && { dryRun: "All" }) };
}

function ifNotFound(error: unknown): undefined {
  if (error instanceof KubernetesError && error.code === 404) return undefined;
  throw error;
}
