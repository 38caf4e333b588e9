import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/**
 * A value that stands encrypted in the stack file. It shows in no log, message or JSON; only `output()` gives it
 * out, and then as a Pulumi secret. Without a value it is the stand-in of a reader that cannot decrypt (the
 * offline preview, the sandbox).
 */
export class SecretValue {
  readonly #value: string;

  constructor(value: string = "stand-in-for-a-secret") {
    this.#value = value;
  }

  output(): pulumi.Output<string> {
    return pulumi.secret(this.#value);
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [inspect.custom](): string {
    return "[secret]";
  }
}

/**
 * Parts of the document where people put secrets, in the right way or in a wrong one: no message repeats a value
 * that stands there or below.
 */
const confidential = [
  ["host", "kubeconfig"],
  ["modelServer", "env"],
  ["modelServer", "model", "source", "credentials"],
  ["modelServer", "model", "source", "endpoint"],
  ["modelServer", "model", "source", "key"],
  ["modelServer", "secretEnv"],
  ["oscar", "imagePullSecrets"],
  ["oscar", "objectStorage", "accessKey"],
  ["oscar", "objectStorage", "endpoint"],
  ["oscar", "objectStorage", "secretKey"],
  ["oscarServices", "cluster", "endpoint"],
  ["oscarServices", "cluster", "password"],
  ["oscarServices", "smokeTests"],
  ["training", "args"],
  ["training", "command"],
  ["training", "env"],
  ["training", "secretEnv"],
  ["ui", "credentials"],
  ["ui", "env"],
  ["ui", "oscar", "endpoint"],
  ["ui", "secretEnv"],
];

export function isConfidential(path: readonly PropertyKey[]): boolean {
  return confidential.some((part) => part.every((key, index) => path[index] === key));
}
