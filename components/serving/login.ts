import { core } from "@pulumi/kubernetes";
import { secret, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { generatedPassword } from "../generated-password";
import { metadataFor } from "../kubernetes/labels";
import type { Credentials } from "./ui-arguments";

export interface Login {
  /** The Secret with `username` and `password`. */
  readonly secretName: Input<string>;
  /** A secret to Pulumi; not known where the Secret was there already. */
  readonly password: Output<string> | undefined;
}

export interface LoginPlace {
  /** The logical name that its objects' names begin with. */
  readonly name: string;
  /** The workload that it is for. */
  readonly workload: string;
  readonly namespace: Input<string>;
  /** For what goes with the namespace. */
  readonly inert: CustomResourceOptions;
}

/**
 * The Secret that people log in by: made, or one that exists. Its name is Pulumi's choice and changes with what is in
 * it, so that the pods, which read it when they start, are started anew.
 */
export function makeLogin(
  credentials: Credentials,
  { name, workload, namespace, inert }: LoginPlace,
): Login | undefined {
  switch (credentials.kind) {
    case "none":
      return undefined;
    case "existing":
      return { secretName: credentials.secretName, password: undefined };
    case "given":
    case "generated": {
      const password = secret(
        credentials.kind === "given"
          ? credentials.password
          : generatedPassword(`${name}-password`, 24, parentOf(inert)),
      );
      const made = new core.v1.Secret(
        `${name}-login`,
        {
          metadata: metadataFor(workload, namespace),
          stringData: { username: credentials.username, password },
        },
        inert,
      );
      return { secretName: made.metadata.name, password };
    }
  }
}

/** The password is no object of the namespace's, and does not go with it. */
function parentOf({ parent }: CustomResourceOptions): Pick<CustomResourceOptions, "parent"> {
  return parent === undefined ? {} : { parent };
}
