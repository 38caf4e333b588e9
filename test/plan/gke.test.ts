import { beforeAll, describe, expect, it } from "vitest";
import type { PreviewStep } from "../../sandbox/engine/stack";
import { programFor } from "../../sandbox/offline-program";
import { offlineForTests } from "../support/offline";
import { changed, editedEnvironment } from "../support/sandbox";

const offline = offlineForTests();

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";
const kindOf = (urn: string) => urn.split("::").at(-2)?.split(":").at(-1) ?? "";
const shown = (urn: string) => `${kindOf(urn)} ${nameOf(urn)}`;

describe.each(["gke-dev", "gke-staging", "gke-prod"])("the plan of %s", (stack) => {
  let steps: readonly PreviewStep[];
  beforeAll(async () => {
    const { code, digest } = await (await offline.engine.stack(stack)).preview();
    expect(code).toBe(0);
    steps = digest.steps ?? [];
  });
  const stateOf = (type: string, name?: string) => {
    const found = steps.filter(
      ({ urn, newState }) =>
        newState?.type.endsWith(`:${type}`) && (name === undefined || nameOf(urn) === name),
    );
    const [only] = found;
    if (found.length !== 1 || only?.newState === undefined)
      throw new Error(`${found.length} of ${type} ${name ?? ""}`);
    return only.newState;
  };
  const cluster = stack === "gke-dev" ? "mnist" : stack.replace("gke", "mnist");

  it("makes all of Google's in the document's project, and all of Kubernetes' in the new cluster", () => {
    const providers = (prefix: string) =>
      new Set(
        steps.flatMap(({ newState }) =>
          newState?.type.startsWith(prefix) === true
            ? [shown((newState.provider ?? "").replace(/::[^:]*$/, ""))]
            : [],
        ),
      );
    expect([...providers("gcp:")]).toEqual([`gcp ${cluster}-google`]);
    expect([...providers("kubernetes:")]).toEqual([`kubernetes ${cluster}`]);
  });

  it("goes from the network to the nodes, from system nodes to GPU nodes, and then into the cluster", () => {
    const dependsOn = (type: string, name: string) => (stateOf(type, name).dependencies ?? []).map(shown);
    expect(dependsOn("Cluster", cluster)).toContain(`Subnetwork ${cluster}-nodes`);
    expect(dependsOn("NodePool", `${cluster}-system`)).toEqual(
      expect.arrayContaining([`Cluster ${cluster}`, `RouterNat ${cluster}-nat`]),
    );
    expect(dependsOn("NodePool", `${cluster}-l4`)).toContain(`NodePool ${cluster}-system`);
    expect(dependsOn("kubernetes", cluster)).toEqual(
      expect.arrayContaining([`NodePool ${cluster}-system`, `NodePool ${cluster}-l4`]),
    );
  });

  it("guards what its tier says, by Pulumi and by Google", () => {
    const isProduction = stack === "gke-prod";
    expect(stateOf("Cluster").protect ?? false).toBe(isProduction);
    expect(stateOf("Cluster").inputs).toMatchObject({ deletionProtection: isProduction });
    expect(stateOf("Bucket").protect ?? false).toBe(isProduction);
    expect(stateOf("Bucket").retainOnDelete ?? false).toBe(isProduction);
    expect(stateOf("Bucket").inputs).toMatchObject({ forceDestroy: !isProduction });
  });

  it("gives nothing a name of ours but the UI's Service", () => {
    // Google's names come from Pulumi's, so that a new one may be there before the old one goes.
    const named = steps.filter(
      ({ urn, newState }) =>
        newState?.type.startsWith("gcp:") && newState.inputs?.["name"] && kindOf(urn) !== "RecordSet",
    );
    expect(named.map(({ urn, newState }) => [shown(urn), newState?.inputs?.["name"]])).toEqual(
      named.map(({ urn }) => [
        shown(urn),
        expect.stringMatching(new RegExp(`^${nameOf(urn).toLowerCase()}-[0-9a-f]{7}$`)),
      ]),
    );
    expect(named.map(({ urn }) => kindOf(urn)).sort()).toEqual(
      [
        ...["Bucket", "Certificate", "CertificateMap", "CertificateMapEntry", "Cluster", "DnsAuthorization"],
        ...[
          "GlobalAddress",
          "Network",
          "NodePool",
          "NodePool",
          "Router",
          "RouterNat",
          "SSLPolicy",
          "Subnetwork",
        ],
        ...(stack === "gke-staging" ? [] : ["ManagedZone"]),
      ].sort(),
    );
  });

  it("keeps the kubeconfig a secret", () => {
    const provider = stateOf("kubernetes", cluster);
    expect(JSON.stringify(provider.inputs)).not.toContain("gke-gcloud-auth-plugin");
  });
});

describe("a cluster in memory, by the real engine", () => {
  // By its address: then its certificate stands in the kubeconfig.
  const office = {
    "host.controlPlaneAccess": { kind: "ip", authorizedCidrs: [{ cidr: "203.0.113.0/24", name: "office" }] },
  };
  const stack = (edits: Readonly<Record<string, unknown>> = {}) =>
    offline.engine.stack(
      "replaced",
      programFor(() => editedEnvironment("gke-dev", { ...office, ...edits }), offline.engine.standIns),
    );
  const up = async (edits: Readonly<Record<string, unknown>> = {}) =>
    changed((await (await stack(edits)).up()).changes);
  /** The Kubernetes objects that are made meanwhile. */
  const made = async (work: () => Promise<unknown>) => {
    const before = offline.engine.clouds.calls.length;
    await work();
    return offline.engine.clouds.calls
      .slice(before)
      .filter(({ provider, method, preview }) => provider === "kubernetes" && method === "create" && !preview)
      .map(({ urn }) => shown(urn))
      .sort();
  };
  let everything: string[];

  it("comes up, and a second up changes nothing", async () => {
    everything = await made(() => up());
    expect(everything).toContain("Job mnist-training-job");
    expect(await up()).toEqual({});
  });

  it("is replaced by no new certificate and no new version", async () => {
    await offline.engine.project.change((resources) => {
      for (const [id, each] of Object.entries(resources)) {
        if (!each.type.endsWith(":Cluster")) continue;
        const masterAuth = { clusterCaCertificate: "cm90YXRlZA==" };
        resources[id] = { ...each, state: { ...each.state, masterAuth, masterVersion: "1.99.1-gke.1" } };
      }
    });
    await (await stack()).refresh();
    // The provider's kubeconfig has another certificate now; nothing that it made is touched.
    expect(await made(async () => expect(await up()).toEqual({ update: 1 }))).toEqual([]);
  });

  const elsewhere = { "host.region": "europe-west1", "host.zones": ["europe-west1-b"] };

  it.each([
    ["by another beside it", { "host.maxPodsPerNode": 110 }],
    ["by one elsewhere", elsewhere],
  ])("takes everything in it along when it is replaced %s", async (_how, edits) => {
    expect(await made(() => up(edits))).toEqual(everything);
    expect(await up(edits)).toEqual({});
  });

  it("leaves nothing in the project when it goes", async () => {
    await (await stack(elsewhere)).destroy();
    const { resources } = await offline.engine.project.read();
    // A service that is enabled stays so: others may use it by then.
    const left = Object.values(resources).filter(({ type }) => !type.endsWith(":Service"));
    // The zone of others, below which stack gke-staging has its own.
    expect(left.map(({ name }) => name)).toEqual(["example-com"]);
  });
});
