import { core } from "@pulumi/kubernetes";
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { checkName } from "../../kubernetes/checks";
import { helmRelease } from "../../kubernetes/helm-release";
import { labelsFor } from "../../kubernetes/labels";
import { refuseFaults } from "../../refuse";
import { charts } from "../../versions";
import type { CertManagerRef } from "./tls";

/** What everyone calls it: namespace, release and ServiceAccount. */
const standardName = "cert-manager";

export interface CertManagerArgs {
  readonly cluster: Pick<ClusterHandle, "provider" | "chartsFolder">;
  /**
   * Whether it may show through a Gateway that a host is ours (http-01). It looks for the Gateway API when it starts, and
   * does not start without it.
   * @default false
   */
  readonly gatewayApi?: boolean;
  /**
   * What has to be there first: with `gatewayApi`, what brings the Gateway API.
   * @default nothing
   */
  readonly after?: readonly Resource[];
}

/**
 * cert-manager, by its own chart: gets certificates for hosts, and renews them.
 *
 * ```ts
 * const certManager = new CertManager("cert-manager", { cluster });
 * ```
 *
 * Costs nothing beside three small pods, of which each asks for no certain CPU or memory. Its definitions (CRDs) stay
 * when it goes, and with them every certificate in the cluster, those of others too: `kubectl delete crd` takes them
 * away. The next installation of the same name takes them over. It makes no issuer, and is one to a cluster.
 */
export class CertManager extends ComponentResource implements CertManagerRef {
  readonly namespace: Output<string>;
  readonly serviceAccount: string = standardName;
  readonly ready: readonly Resource[];

  constructor(name: string, args: CertManagerArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:exposure:CertManager", name, {}, opts);
    refuseFaults(this, `CertManager ${name}`, checkName(name, 63));
    const { cluster, gatewayApi = false, after = [] } = args;
    const namespace = new core.v1.Namespace(
      name,
      // Named, because its identity is granted cloud permissions by this name, and because two in one cluster would
      // fight over the same certificates: the second one is refused.
      { metadata: { name: standardName, labels: labelsFor(standardName) } },
      { parent: this, provider: cluster.provider },
    );
    this.namespace = namespace.metadata.name;
    const release = helmRelease(
      name,
      {
        chart: charts.certManager,
        chartsFolder: cluster.chartsFolder,
        namespace: this.namespace,
        // Named, because the definitions that an earlier one left behind are marked with it: Helm leaves those of
        // another release alone, and fails.
        releaseName: standardName,
        values: { ...certManagerValues(this.namespace, gatewayApi) },
      },
      { parent: this, provider: cluster.provider, dependsOn: [...after] },
    );
    this.ready = [release];
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** https://github.com/cert-manager/cert-manager/blob/v1.21.2/deploy/charts/cert-manager/README.template.md */
interface CertManagerValues {
  readonly crds: { readonly enabled: true; readonly keep: true };
  readonly global: { readonly leaderElection: { readonly namespace: Input<string> } };
  readonly serviceAccount: { readonly name: string };
  readonly config?: { readonly gatewayAPI: { readonly enabled: true } };
}

function certManagerValues(namespace: Input<string>, gatewayApi: boolean): CertManagerValues {
  return {
    crds: { enabled: true, keep: true },
    // By default in kube-system, where GKE Autopilot lets no one write
    // (https://cert-manager.io/docs/installation/compatibility/#gke-autopilot).
    global: { leaderElection: { namespace } },
    serviceAccount: { name: standardName },
    ...(gatewayApi && { config: { gatewayAPI: { enabled: true } } }),
  };
}

export interface ExistingCertManagerArgs {
  /** Where it is, and looks for the Secrets of its ClusterIssuers. @default "cert-manager" */
  readonly namespace?: string | undefined;
  /** What its controller runs as. @default "cert-manager" */
  readonly serviceAccount?: string | undefined;
}

/** A cert-manager that is in the cluster already. For gateways it must have been told of the Gateway API. */
export function existingCertManager({
  namespace = standardName,
  serviceAccount = standardName,
}: ExistingCertManagerArgs = {}): CertManagerRef {
  return { namespace, serviceAccount, ready: [] };
}
