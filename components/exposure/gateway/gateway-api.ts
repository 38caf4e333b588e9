import { batch, core, rbac, type types } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { accountManifest } from "../../kubernetes/account";
import { checkName } from "../../kubernetes/checks";
import { labelsFor, metadataFor } from "../../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../../kubernetes/security";
import { refuseFaults } from "../../refuse";
import { gatewayApiManifest, images } from "../../versions";

export interface GatewayApiArgs {
  readonly cluster: Pick<ClusterHandle, "provider">;
  /** Where the Job is that installs them. */
  readonly namespace: Input<string>;
}

/**
 * The Gateway API's definitions (CRDs), its standard channel, for a cluster that lacks them.
 *
 * ```ts
 * const api = new GatewayApi("lab", { cluster, namespace: home.metadata.name });
 * ```
 *
 * Costs nothing: it is a Job of a few seconds, whose node must reach GitHub. The definitions stay when it goes, because
 * with them all gateways and routes of the cluster would go, those of others too. `kubectl delete -f`, with the address
 * in `versions.ts`, takes them away. Definitions that differ and that someone else installed are left alone: the Job
 * fails, and its log says whose they are.
 */
export class GatewayApi extends ComponentResource {
  /** What comes after them. */
  readonly ready: readonly Resource[];

  constructor(name: string, args: GatewayApiArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:exposure:GatewayApi", name, {}, opts);
    // Pulumi adds 9 characters to a Job's name, of which its pods' labels allow 63.
    refuseFaults(this, `GatewayApi ${name}`, checkName(name, 42));
    const { cluster, namespace } = args;
    const self = { parent: this, provider: cluster.provider };
    const own = `${name}-gateway-api`;
    const account = new core.v1.ServiceAccount(own, accountManifest(own, namespace, []), self);
    const role = new rbac.v1.ClusterRole(own, { metadata: { labels: labelsFor(own) }, rules }, self);
    const binding = new rbac.v1.ClusterRoleBinding(
      own,
      {
        metadata: { labels: labelsFor(own) },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      self,
    );
    const job = new batch.v1.Job(own, gatewayApiJob(own, namespace, account.metadata.name), {
      ...self,
      dependsOn: [binding],
    });
    this.ready = [job];
    this.registerOutputs({});
  }
}

/** What the manifest has: definitions, and a policy that keeps older ones from taking their place. */
const rules: types.input.rbac.v1.PolicyRule[] = [
  {
    apiGroups: ["apiextensions.k8s.io"],
    resources: ["customresourcedefinitions"],
    verbs: ["get", "list", "watch", "create", "patch"],
  },
  {
    apiGroups: ["admissionregistration.k8s.io"],
    resources: ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
    verbs: ["get", "create", "patch"],
  },
];

const served = ["gatewayclasses", "gateways", "httproutes", "referencegrants"];

/**
 * Not by Helm, which keeps a chart and what it makes in one Secret: with these definitions, that is more than the 1 MiB a
 * Secret holds (https://github.com/helm/helm/pull/12277), and Envoy Gateway's chart of them cannot be installed so.
 */
function gatewayApiJob(
  name: string,
  namespace: Input<string>,
  serviceAccountName: Input<string>,
): types.input.batch.v1.Job {
  const kubectl = (step: string, ...args: string[]) => ({
    name: step,
    image: images.kubectl,
    args,
    securityContext: containerSecurityContext(),
    resources: { requests: { cpu: "100m", memory: "128Mi" } },
  });
  return {
    metadata: metadataFor(name, namespace),
    spec: {
      backoffLimit: 3,
      // Before Pulumi's 10 minutes, so that it is the Job that says why.
      activeDeadlineSeconds: 540,
      template: {
        metadata: { labels: labelsFor(name) },
        spec: {
          restartPolicy: "Never",
          serviceAccountName,
          automountServiceAccountToken: true,
          enableServiceLinks: false,
          securityContext: podSecurityContext(),
          initContainers: [
            kubectl(
              "apply",
              "apply",
              "--server-side",
              "--field-manager=inference-infra",
              `--filename=${gatewayApiManifest}`,
            ),
          ],
          // A definition is served a moment after it is there.
          containers: [
            kubectl(
              "wait",
              "wait",
              "--for=condition=Established",
              "--timeout=60s",
              ...served.map((kind) => `crd/${kind}.gateway.networking.k8s.io`),
            ),
          ],
        },
      },
    },
  };
}
