import { secret, type CustomResourceOptions, type Output } from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";

/**
 * A password, which is a secret. Of letters and digits alone: people type it, and shells and URLs leave it as it is. 24 of
 * them are 142 bits, 32 are 190.
 */
export function generatedPassword(
  name: string,
  length: 24 | 32,
  options: Pick<CustomResourceOptions, "parent">,
): Output<string> {
  return secret(new RandomPassword(name, { length, special: false }, options).result);
}
