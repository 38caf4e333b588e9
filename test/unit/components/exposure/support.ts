import { existingGateway } from "../../../../components/exposure/gateway/existing-gateway";
import type { GatewayRef } from "../../../../components/exposure/gateway/platform";
import { Zone } from "../../../../components/dns/zone";
import type { ClusterHandle } from "../../../../components/host/cluster-handle";
import type { ExistingClusterArgs } from "../../../../components/host/existing-cluster";
import { reserveGkeAddress } from "../../../../components/host/gke/addresses";
import { Workspace } from "../../../../components/host/workspace";
import { InferenceUi } from "../../../../components/serving/inference-ui";
import type { InferenceUiArgs } from "../../../../components/serving/ui-arguments";
import type { Registered } from "../../../support/mocks";
import { image, testCluster } from "../fixtures";

/** A cluster whose cloud has addresses to reserve, as GKE's has. */
export function reservingCluster(args: Partial<ExistingClusterArgs> = {}): ClusterHandle {
  const place = { project: "my-project", region: "europe-west4", after: [], provider: undefined };
  return Object.assign(testCluster({ ingressClass: "gce", ...args }), {
    reserveAddress: (name: string, asked: Parameters<NonNullable<ClusterHandle["reserveAddress"]>>[1]) =>
      reserveGkeAddress(name, asked, place),
  });
}

/** A new zone: what is made in it depends on it. */
export const zoneOf = (kind: "route53" | "cloud-dns", domain = "example.com") =>
  new Zone("site", {
    cloud: kind === "route53" ? { kind } : { kind, project: "dns-project" },
    zone: { kind: "new", domain },
  });

/** Someone else's Gateway, at an address that is known or not. */
export const sharedGateway = (args: Partial<Parameters<typeof existingGateway>[0]> = {}): GatewayRef =>
  existingGateway({
    gatewayName: "front",
    namespace: "infra",
    sectionName: "https",
    scheme: "https",
    hosts: ["*.example.com"],
    platform: { sessions: { kind: "kept" }, servicePolicies: () => undefined },
    ...args,
  });

/** The UI, reached as the arguments say. */
export function expose(
  cluster: ClusterHandle,
  args: Pick<InferenceUiArgs, "exposure"> & Partial<InferenceUiArgs>,
): InferenceUi {
  const workspace = new Workspace("mnist", { cluster });
  return new InferenceUi("mnist-inference", { cluster, workspace, image, ...args });
}

/** The resources of a kind. */
export const all = (registered: readonly Registered[], kind: string): Registered[] =>
  registered.filter(({ type }) => type.split(":").at(-1) === kind);
