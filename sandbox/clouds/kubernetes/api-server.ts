import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import got, { type Got, HTTPError, type Method, RequestError } from "got";
import { isList, isProperties, type Properties, type Value } from "../../../provider";
import { at, refOf, textAt } from "./objects";
import { KubernetesError, type KindInfo, type ObjectRef, type ObjectStore, type WriteOptions } from "./store";

export interface ApiServerOptions {
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  /** @default the current one */
  readonly context?: string;
}

/** A Kubernetes API server. One that is away for some seconds (a restart) is waited for. */
export function apiServerStore(options: ApiServerOptions): ObjectStore {
  return new ApiServer(options);
}

/** How long an API server that does not answer is tried again: 1, 2, 4, 5, 5… s, some 30 s in all. */
const retries = { limit: 8, maxDelayMs: 5000 };

class ApiServer implements ObjectStore {
  readonly live = true;
  private readonly http: Got;
  private readonly server: string;
  private readonly kinds = new Map<string, Map<string, KindInfo>>();

  constructor({ kubeconfig, context }: ApiServerOptions) {
    const config = new KubeConfig();
    config.loadFromString(readFileSync(kubeconfig, "utf8"));
    if (context !== undefined) config.setCurrentContext(context);
    const cluster = config.getCurrentCluster();
    const user = config.getCurrentUser();
    if (cluster === null || user === null)
      throw new Error(`${kubeconfig}: there is no context "${config.getCurrentContext()}"`);
    this.server = cluster.server;
    const pem = (data: string | undefined) =>
      data === undefined ? {} : { pem: Buffer.from(data, "base64").toString() };
    const { pem: certificateAuthority } = pem(cluster.caData);
    const { pem: certificate } = pem(user.certData);
    const { pem: key } = pem(user.keyData);
    this.http = got.extend({
      prefixUrl: cluster.server,
      agent: { https: new Agent({ keepAlive: true, maxSockets: 32 }) },
      https: {
        ...(certificateAuthority !== undefined && { certificateAuthority }),
        ...(certificate !== undefined && { certificate }),
        ...(key !== undefined && { key }),
        rejectUnauthorized: !cluster.skipTLSVerify,
      },
      headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
      timeout: { request: 60_000 },
      retry: {
        limit: retries.limit,
        methods: ["GET", "PATCH", "DELETE", "POST"],
        statusCodes: [429, 503],
        // A POST whose connection broke may have taken effect: `create` looks before it tries again.
        errorCodes: ["ECONNREFUSED", "ETIMEDOUT"],
        maxRetryAfter: retries.maxDelayMs,
        backoffLimit: retries.maxDelayMs,
      },
    });
  }

  async kind(apiVersion: string, kind: string): Promise<KindInfo | undefined> {
    const known = this.kinds.get(apiVersion)?.get(kind);
    if (known !== undefined) return known;
    const found = await this.request("GET", apiPath(apiVersion)).catch(ifNotFound);
    const resources = at(found, "resources");
    const kinds = new Map<string, KindInfo>();
    for (const resource of isList(resources) ? resources : []) {
      const plural = textAt(resource, "name") ?? "";
      const name = textAt(resource, "kind");
      if (name !== undefined && !plural.includes("/"))
        kinds.set(name, { plural, namespaced: at(resource, "namespaced") === true });
    }
    if (kinds.size > 0) this.kinds.set(apiVersion, kinds);
    return kinds.get(kind);
  }

  async get(ref: ObjectRef): Promise<Properties | undefined> {
    return this.patiently(async () => this.request("GET", await this.path(ref))).catch(ifNotFound);
  }

  async create(object: Properties, options: WriteOptions): Promise<Properties> {
    const ref = refOf(object);
    const path = await this.path({ ...ref, name: "" });
    try {
      return await this.request("POST", path, object, parameters(options));
    } catch (error) {
      if (!(error instanceof KubernetesError && error.code === 0) || options.dryRun === true) throw error;
      // A name that was taken before would have been refused, so an object of that name is the one just asked for.
      const made = await this.get(ref);
      return made ?? this.request("POST", path, object, parameters(options));
    }
  }

  async apply(object: Properties, options: WriteOptions & { readonly force: boolean }): Promise<Properties> {
    const path = await this.path(refOf(object));
    const query = { ...parameters(options), force: String(options.force) };
    return this.patiently(() => this.request("PATCH", path, object, query, "application/apply-patch+yaml"));
  }

  async patch(ref: ObjectRef, operations: readonly Properties[], options: WriteOptions): Promise<Properties> {
    return this.request(
      "PATCH",
      await this.path(ref),
      operations,
      parameters(options),
      "application/json-patch+json",
    );
  }

  async delete(ref: ObjectRef, propagationPolicy: string): Promise<boolean> {
    const path = await this.path(ref).catch(ifNotFound);
    if (path === undefined) return false;
    const gone = await this.patiently(() => this.request("DELETE", path, { propagationPolicy })).catch(
      ifNotFound,
    );
    return gone !== undefined;
  }

  async list(
    apiVersion: string,
    kind: string,
    namespace: string,
    labels: Readonly<Record<string, string>> = {},
  ): Promise<Properties[]> {
    const labelSelector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join();
    const path = await this.path({ apiVersion, kind, namespace, name: "" });
    const found = await this.patiently(() =>
      this.request("GET", path, undefined, labelSelector === "" ? {} : { labelSelector }),
    );
    const items = at(found, "items");
    return isList(items) ? items.filter(isProperties) : [];
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
    const scope = info.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
    return `${apiPath(apiVersion)}${scope}/${info.plural}${name === "" ? "" : `/${name}`}`;
  }

  /** Tries once more where the connection broke in the middle; only for what may be done twice. */
  private async patiently<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof KubernetesError && error.code === 0) return request();
      throw error;
    }
  }

  private async request(
    method: Method,
    path: string,
    body?: Properties | readonly Properties[],
    searchParams: Record<string, string> = {},
    contentType = "application/json",
  ): Promise<Properties> {
    try {
      const text = await this.http(path, {
        method,
        searchParams,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": contentType } }),
      }).text();
      return JSON.parse(text);
    } catch (error) {
      throw this.explain(error);
    }
  }

  private explain(error: unknown): unknown {
    if (error instanceof HTTPError) {
      const { message, reason } = statusOf(error.response.body);
      return new KubernetesError(error.response.statusCode, reason, message);
    }
    if (error instanceof RequestError) {
      return new KubernetesError(
        0,
        "Unreachable",
        `the Kubernetes API server at ${this.server} does not answer: ${error.message}`,
      );
    }
    return error;
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

/** The API server answers an error with a Status object. */
function statusOf(body: unknown): { message: string; reason: string } {
  const text = String(body);
  try {
    const status: Value = JSON.parse(text);
    return { message: textAt(status, "message") ?? text, reason: textAt(status, "reason") ?? "" };
  } catch {
    return { message: text.trim(), reason: "" };
  }
}
