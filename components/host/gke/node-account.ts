import { IAMMember } from "@pulumi/gcp/projects";
import { Account } from "@pulumi/gcp/serviceaccount";
import {
  ComponentResource,
  interpolate,
  type ComponentResourceOptions,
  type Output,
  type Resource,
} from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import { checkName } from "../../kubernetes/checks";
import { refuseFaults } from "../../refuse";

export interface NodeAccountArgs {
  /** The id of the Google Cloud project that the cluster is in. */
  readonly project: string;
}

/** What nodes may do. Pods may not do it for that: they have identities of their own. */
const roles = {
  /**
   * Logs, metrics, autoscaling: the least that GKE's own programs on a node need
   * (https://cloud.google.com/kubernetes-engine/security/configure-node-service-accounts).
   */
  system: "roles/container.defaultNodeServiceAccount",
  /** Pulling images of this project. Those of another one's registry must be opened to the account there. */
  images: "roles/artifactregistry.reader",
  /**
   * Image streaming, without which pods of nodes that have it do not start
   * (https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#requirements).
   */
  streaming: "roles/serviceusage.serviceUsageConsumer",
} as const;

/**
 * The service account that a cluster's nodes run as, with the least roles they work with. Without one of their own, they
 * would run as Compute Engine's, which in many projects may edit everything, and in others nothing.
 *
 * ```ts
 * const nodes = new NodeAccount("mnist", { project: "my-project" });
 * ```
 *
 * Costs nothing.
 */
export class NodeAccount extends ComponentResource {
  readonly email: Output<string>;
  /** The grants. Nodes that come before them pull no images and send no logs. */
  readonly ready: readonly Resource[];

  /** `dependsOn` holds for the account itself: Google may have to enable a service before it. */
  constructor(name: string, { project }: NodeAccountArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:host:NodeAccount", name, {}, opts);
    // Google wants a letter first, as checkName does; a longer name is cut.
    refuseFaults(this, `NodeAccount ${name}`, checkName(name, 63));
    const suffix = new RandomId(`${name}-nodes`, { byteLength: suffixLength / 2 }, { parent: this });
    const account = new Account(
      `${name}-nodes`,
      {
        project,
        accountId: suffix.hex.apply((hex) => nodeAccountId(name, hex)),
        displayName: `Nodes of ${name}`,
      },
      { parent: this, ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    );
    this.email = account.email;
    this.ready = Object.entries(roles).map(
      ([purpose, role]) =>
        new IAMMember(
          `${name}-nodes-${purpose}`,
          { project, role, member: interpolate`serviceAccount:${account.email}` },
          { parent: this },
        ),
    );
    this.registerOutputs({ email: this.email });
  }
}

const suffixLength = 6;
/** Of an account's id (https://cloud.google.com/iam/docs/service-accounts-create). */
const mostCharacters = 30;

/**
 * The account's id. Pulumi would make one of the logical name, but fails where that is longer than 22 characters. Random
 * it has to be: two stacks of one project would meet; and an account that is made anew under an old id has none of the
 * old one's roles, though it seems to.
 */
export function nodeAccountId(name: string, suffix: string): string {
  const end = `-nodes-${suffix}`;
  return name.slice(0, mostCharacters - end.length).replace(/-+$/, "") + end;
}
