import { createHash } from "node:crypto";
import { readDefinitions, type Definition } from "../tools";
import { definitionNames, type ToolPaths } from "./commands";
import { Api, ApiError } from "./keeper/api";
import { controllerDefinitions } from "./policy-definitions";
import { unless } from "./unless";

const definitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** On a definition of ours: its checksum, so that one of another version is told from it. */
const sumAnnotation = "inference-infra.sandbox/definition";

interface Installed extends Definition {
  readonly metadata: Definition["metadata"] & {
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Makes the API server know the kinds that every sandbox has: the sets, in the versions that `tools` has, and policies. */
export async function installDefinitions(
  kubeconfig: string,
  tools: Pick<ToolPaths, (typeof definitionNames)[number]>,
  pause: () => Promise<void>,
): Promise<void> {
  const sets = await Promise.all(definitionNames.map((name) => readDefinitions(tools[name].path)));
  await defineKinds(new Api(kubeconfig), [...sets.flat(), ...controllerDefinitions], pause);
}

/**
 * Creates what is missing, brings what is of another version up to date, and waits until the API server serves them all.
 * What a stack has put in place of ours is the stack's.
 */
export async function defineKinds(
  api: Api,
  definitions: readonly Definition[],
  pause: () => Promise<void>,
): Promise<void> {
  await removeStuck(api, definitions);
  for (;;) {
    const known = await installed(api);
    const settled = await Promise.all(
      definitions.map((definition) => settle(api, marked(definition), known.get(definition.metadata.name))),
    );
    if (settled.every((each) => each)) break;
    await pause();
  }
  // What is established is in the list of kinds a moment later.
  while (!(await areServed(api, definitions))) await pause();
}

/** Removes definitions, and with them all objects of their kinds. */
export async function removeKinds(api: Api, definitions: readonly Definition[]): Promise<void> {
  for (const { metadata } of definitions) {
    await unless(404, api.send({ method: "DELETE", path: `${definitionsPath}/${metadata.name}` }));
  }
}

/**
 * An API server that ends between the two steps of establishing a definition never takes the second one. Such a one of
 * ours has no objects, and is made anew.
 */
async function removeStuck(api: Api, definitions: readonly Definition[]): Promise<void> {
  const known = await installed(api);
  const isStuck = (one: Installed | undefined) =>
    one !== undefined && one.metadata.annotations?.[sumAnnotation] !== undefined && !isEstablished(one);
  await removeKinds(
    api,
    definitions.filter(({ metadata }) => isStuck(known.get(metadata.name))),
  );
}

/** Does what is to be done for one, and tells whether there is nothing left to do or to wait for. */
async function settle(api: Api, definition: Definition, known: Installed | undefined): Promise<boolean> {
  if (known === undefined) {
    await unless(409, api.send({ method: "POST", path: definitionsPath, body: definition }));
    return false;
  }
  // On its way out, with the objects of its kind.
  if (known.metadata.deletionTimestamp !== undefined) return false;
  const [then, now] = [known, definition].map(({ metadata }) => metadata.annotations?.[sumAnnotation]);
  if (then === undefined || then === now) return isEstablished(known);
  const metadata = { ...definition.metadata, resourceVersion: known.metadata.resourceVersion };
  const path = `${definitionsPath}/${definition.metadata.name}`;
  await unless(409, api.send({ method: "PUT", path, body: { ...definition, metadata } }));
  return false;
}

function marked(definition: Definition): Definition {
  const sum = createHash("sha256").update(JSON.stringify(definition)).digest("hex");
  const annotations = { ...definition.metadata.annotations, [sumAnnotation]: sum };
  return { ...definition, metadata: { ...definition.metadata, annotations } };
}

async function installed(api: Api): Promise<ReadonlyMap<string, Installed>> {
  const { items } = await api.send<{ readonly items: readonly Installed[] }>({ path: definitionsPath });
  return new Map(items.map((item) => [item.metadata.name, item]));
}

function isEstablished({ status }: Installed): boolean {
  const conditions = status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}

/** Whether the API server lists the kinds and tells their schemas, both of which kwok looks for when it starts. */
async function areServed(api: Api, definitions: readonly Definition[]): Promise<boolean> {
  const wanted = definitions.map(({ spec: { group, names, versions } }) => {
    const version = versions.find(({ storage }) => storage)?.name ?? "";
    return { path: `/apis/${group}/${version}`, kind: names.kind };
  });
  const paths = [...new Set(wanted.map(({ path }) => path))];
  const known = await Promise.all(
    paths.map(async (path): Promise<boolean> => {
      const kinds = wanted.filter((each) => each.path === path).map(({ kind }) => kind);
      const { resources = [] } = await get<{ resources: readonly { kind: string }[] }>(api, path);
      if (!kinds.every((kind) => resources.some((each) => each.kind === kind))) return false;
      const { components: { schemas = {} } = {} } = await get<OpenApi>(api, `/openapi/v3${path}`);
      return kinds.every((kind) => Object.keys(schemas).some((name) => name.endsWith(`.${kind}`)));
    }),
  );
  return known.every((each) => each);
}

interface OpenApi {
  readonly components: { readonly schemas?: Readonly<Record<string, object>> };
}

/** Nothing of what is not there yet. */
async function get<T>(api: Api, path: string): Promise<Partial<T>> {
  try {
    return await api.send<T>({ path });
  } catch (error) {
    if (error instanceof ApiError && [404, 503].includes(error.code)) return {};
    throw error;
  }
}
