import { all } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../../../components/host/cluster-handle";
import type { ExistingClusterArgs } from "../../../../components/host/existing-cluster";
import { bucketVolumes } from "../../../../components/host/gke/bucket-volumes";
import { Workspace } from "../../../../components/host/workspace";
import { ModelServer } from "../../../../components/serving/model-server/model-server";
import type { ModelServerArgs } from "../../../../components/serving/model-server/model-server-args";
import type { MountedModel } from "../../../../components/serving/model-server/model-source";
import type { Registered } from "../../../support/mocks";
import { testCluster } from "../fixtures";
import { runId } from "./copying";

export const image = "ghcr.io/you/mnist-fastapi:1.4.0";
export const mounted: MountedModel = { kind: "gcs-fuse", bucket: "mnist-artifacts", runId };
export const modelPath = `/models/${runId}/artifacts/model/data/model`;

/** A cluster whose pods have an identity of Google's, with the driver for buckets or without. */
export function googleCluster({ driver = true } = {}): ClusterHandle {
  const plain = testCluster();
  const workloadPrincipal: NonNullable<ClusterHandle["workloadPrincipal"]> = (namespace, account) =>
    all([namespace, account]).apply(([inNamespace, name]) => `principal://${inNamespace}/${name}`);
  const buckets = bucketVolumes({
    region: "europe-west4",
    labels: {},
    undeleteDays: 7,
    principal: workloadPrincipal,
  });
  return Object.assign(plain, {
    storage: { ...plain.storage, ...(driver && { buckets }) },
    workloadPrincipal,
  });
}

export function serve(cluster: ClusterHandle, args: Partial<ModelServerArgs> = {}): ModelServer {
  const workspace = new Workspace("mnist", { cluster });
  return new ModelServer("mnist-server", { cluster, workspace, image, model: mounted, ...args });
}

/** The server on a cluster like GKE, or on another one. */
export const onGoogle = (args: Partial<ModelServerArgs> = {}) => serve(googleCluster(), args);
export const elsewhere = (args: Partial<ModelServerArgs>, cluster: Partial<ExistingClusterArgs> = {}) =>
  serve(testCluster(cluster), args);

/** What the server is made of, by kind and name. */
export const madeOf = (registered: readonly Registered[]) =>
  registered
    .filter(({ parent }) => parent === "ModelServer mnist-server")
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();

export const named = (registered: readonly Registered[], name: string): Registered => {
  const found = registered.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
};

interface PodTemplate {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: {
    readonly containers: readonly [Readonly<Record<string, unknown>>];
    readonly initContainers: readonly [Readonly<Record<string, unknown>>];
    readonly volumes: readonly object[];
  };
}

/** The pods of a Deployment. */
export const podsOf = ({ inputs }: Registered): PodTemplate =>
  (inputs as { spec: { template: PodTemplate } }).spec.template;
