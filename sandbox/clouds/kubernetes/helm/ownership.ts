import type { Properties } from "../../../../provider";
import { annotation, refOf, textAt, withValue } from "../objects";
import type { ObjectStore } from "../store";

export interface ReleaseName {
  readonly name: string;
  readonly namespace: string;
}

/** A release and its objects, as the chart says them. */
export interface Manifest extends ReleaseName {
  readonly objects: readonly Properties[];
}

/** What Helm marks its objects with. */
const owner = { name: "meta.helm.sh/release-name", namespace: "meta.helm.sh/release-namespace" };

/** A release's objects in their namespaces, with Helm's marks. */
export async function ownedBy(release: Manifest, store: ObjectStore): Promise<Properties[]> {
  return Promise.all(
    release.objects.map(async (object) => {
      const { apiVersion, kind, name } = refOf(object);
      const here = await placed(object, release, store);
      if (here !== undefined) return marked(here, release);
      throw new Error(
        `unable to build kubernetes objects from release manifest: resource mapping not found for name: "${name}": no matches for kind "${kind}" in version "${apiVersion}"; ensure CRDs are installed first`,
      );
    }),
  );
}

/** A release's objects in their namespaces, without those of kinds that are gone. */
export async function placesOf(release: Manifest, store: ObjectStore): Promise<Properties[]> {
  const found = await Promise.all(release.objects.map((object) => placed(object, release, store)));
  return found.filter((object) => object !== undefined);
}

async function placed(
  object: Properties,
  { namespace }: ReleaseName,
  store: ObjectStore,
): Promise<Properties | undefined> {
  const { apiVersion, kind, namespace: own } = refOf(object);
  const info = await store.kind(apiVersion, kind);
  if (info === undefined) return undefined;
  const isIn = !info.namespaced || own !== undefined;
  return isIn ? object : withValue(object, ["metadata", "namespace"], namespace);
}

function marked(object: Properties, { name, namespace }: ReleaseName): Properties {
  const marks = [
    ["labels", "app.kubernetes.io/managed-by", "Helm"],
    ["annotations", owner.name, name],
    ["annotations", owner.namespace, namespace],
  ];
  return marks.reduce(
    (marked, mark) => withValue(marked, ["metadata", ...mark.slice(0, -1)], mark.at(-1) ?? ""),
    object,
  );
}

/** What is there and is no object of this release's, stays whose it is. */
export async function refuseForeign(
  object: Properties,
  release: ReleaseName,
  store: ObjectStore,
): Promise<void> {
  const ref = refOf(object);
  const live = await store.get(ref);
  // In memory some things are only thought to be there, and no one has made them.
  if (live === undefined || textAt(live, "metadata", "uid") === undefined) return;
  const isOurs =
    annotation(live, owner.name) === release.name && annotation(live, owner.namespace) === release.namespace;
  if (isOurs) return;
  throw new Error(
    `Unable to continue with install: ${ref.kind} "${ref.name}" in namespace "${ref.namespace ?? ""}" exists and cannot be imported into the current release: invalid ownership metadata`,
  );
}
