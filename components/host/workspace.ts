import { core } from "@pulumi/kubernetes";
import {
  ComponentResource,
  output,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
} from "@pulumi/pulumi";
import { checkDnsLabel, checkName } from "../kubernetes/checks";
import { labelsFor } from "../kubernetes/labels";
import { podSecurity } from "../kubernetes/security";
import { refuseFaults } from "../refuse";
import type { ClusterHandle } from "./cluster-handle";

export interface WorkspaceArgs {
  readonly cluster: ClusterHandle;
  /**
   * The name of a namespace that exists already, and is left as it is.
   * @default a namespace of its own is made
   */
  readonly existing?: string;
  /**
   * Secrets in it, by which images are pulled from private registries.
   * @default none: the nodes may pull what they need
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Whether the namespace stays when the stack goes, which it must where a volume in it is to stay.
   * @default false
   */
  readonly retain?: boolean;
}

/**
 * The namespace that workloads live in. Its pods are held to the *restricted* Pod Security Standard.
 *
 * ```ts
 * const workspace = new Workspace("mnist", { cluster });
 * ```
 *
 * Costs nothing. It sets no quotas and makes no network policy of its own.
 */
export class Workspace extends ComponentResource {
  /** The namespace's name, which Pulumi chooses. */
  readonly namespace: Output<string>;
  /**
   * For what means nothing without the namespace (accounts, secrets, policies): it goes with it, in one deletion.
   * Not for what must be deleted by itself, before: a load balancer, whose controller must still be there to give the
   * address back; a claim; and what runs pods, for a claim is not deleted while a pod uses it (its finalizer
   * `kubernetes.io/pvc-protection`).
   */
  readonly inert: Pick<CustomResourceOptions, "deletedWith">;
  /** Whether the namespace stays when the stack goes. */
  readonly retained: boolean;
  /** For the accounts of its pods. */
  readonly imagePullSecrets: readonly { readonly name: string }[];

  constructor(name: string, args: WorkspaceArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:Workspace", name, {}, opts);
    const { cluster, existing, retain = false } = args;
    refuseFaults(this, `Workspace ${name}`, validateWorkspace(name, args));
    if (existing !== undefined) {
      this.namespace = output(existing);
      this.inert = {};
    } else {
      const namespace = new core.v1.Namespace(
        name,
        {
          metadata: {
            labels: {
              ...labelsFor(name),
              ...podSecurity("restricted", ["enforce", "warn", "audit"]),
            },
          },
        },
        { parent: this, provider: cluster.provider, retainOnDelete: retain },
      );
      this.namespace = namespace.metadata.name;
      this.inert = retain ? {} : { deletedWith: namespace };
    }
    this.imagePullSecrets = (args.imagePullSecrets ?? []).map((secretName) => ({ name: secretName }));
    this.retained = existing !== undefined || retain;
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** The faults of the arguments, all of them. Pulumi adds 9 characters to the name. */
export function validateWorkspace(name: string, { existing }: Pick<WorkspaceArgs, "existing">): string[] {
  return existing === undefined ? checkName(name, 54) : checkDnsLabel("existing", existing);
}
