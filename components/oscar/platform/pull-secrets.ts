import { core } from "@pulumi/kubernetes";
import { output, secret, type CustomResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { labelsFor } from "../../kubernetes/labels";
import { servicesNamespace } from "./namespaces";
import type { RegistryLogin } from "./oscar-args";

/** Logins to private registries, by the names that services say. */
export function makePullSecrets(
  name: string,
  logins: Readonly<Record<string, RegistryLogin>>,
  namespace: Input<string>,
  self: CustomResourceOptions,
): core.v1.Secret[] {
  return Object.entries(logins).map(
    ([secretName, login]) =>
      new core.v1.Secret(
        `${name}-${secretName}`,
        {
          metadata: { name: secretName, namespace, labels: labelsFor(servicesNamespace) },
          type: "kubernetes.io/dockerconfigjson",
          stringData: { ".dockerconfigjson": dockerConfig(login) },
        },
        // Its name is fixed, so the old one goes first.
        { ...self, deleteBeforeReplace: true },
      ),
  );
}

/** As `docker login` writes it. */
function dockerConfig({ registry, username, password }: RegistryLogin): Output<string> {
  return secret(
    output(password).apply((known) => {
      const auth = Buffer.from(`${username}:${known}`).toString("base64");
      return JSON.stringify({ auths: { [registry]: { username, password: known, auth } } });
    }),
  );
}
