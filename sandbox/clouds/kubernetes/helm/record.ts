import { gunzipSync, gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { Properties } from "../../../../provider";
import { textAt } from "../objects";
import type { ObjectStore } from "../store";
import { parseManifest, type ChartMetadata } from "./chart";

/** One revision of a release, as far as it is kept. */
export interface ReleaseRecord {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  /** Of several revisions at most one is deployed; others are superseded, or have never been up. */
  readonly status: "deployed" | "superseded" | "failed";
  readonly chart: ChartMetadata;
  /** In the clear, as Helm keeps them. */
  readonly values: Properties;
  /** As the chart says them. */
  readonly objects: readonly Properties[];
}

/** Helm's own format (helm.sh/helm/v3, pkg/storage/driver/util.go), so that `helm list` shows what is installed. */
interface HelmsRecord {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: { readonly status: ReleaseRecord["status"]; readonly [key: string]: string };
  readonly chart: { readonly metadata: ChartMetadata };
  readonly config: Properties;
  readonly manifest: string;
}

/** The Secret that keeps a revision. Its content is JSON, zipped, and base64 once more than in any Secret. */
export function toSecret(record: ReleaseRecord): Properties {
  const { name, namespace, revision, status, chart, values, objects } = record;
  const now = new Date().toISOString();
  const kept: HelmsRecord = {
    name,
    namespace,
    version: revision,
    info: {
      status,
      first_deployed: now,
      last_deployed: now,
      deleted: "",
      description: `${revision === 1 ? "Install" : "Upgrade"} ${status === "failed" ? "failed" : "complete"}`,
    },
    chart: { metadata: chart },
    config: values,
    manifest: objects.map((object) => `---\n${stringify(object)}`).join(""),
  };
  const text = gzipSync(JSON.stringify(kept)).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      namespace,
      labels: { name, owner: "helm", status, version: String(revision) },
    },
    data: { release: Buffer.from(text).toString("base64") },
  };
}

function fromSecret(secret: Properties): ReleaseRecord {
  const text = Buffer.from(textAt(secret, "data", "release") ?? "", "base64").toString();
  const kept: HelmsRecord = JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString());
  return {
    name: kept.name,
    namespace: kept.namespace,
    revision: kept.version,
    status: kept.info.status,
    chart: kept.chart.metadata,
    values: kept.config ?? {},
    objects: parseManifest(kept.manifest),
  };
}

/** All revisions of a release, the newest first; none where there is no such release. */
export async function recordsOf(
  store: ObjectStore,
  name: string,
  namespace: string,
): Promise<ReleaseRecord[]> {
  const secrets = await store.list("v1", "Secret", namespace, { labels: { owner: "helm", name } });
  return secrets.map(fromSecret).sort((a, b) => b.revision - a.revision);
}
