import type { Resource } from "@pulumi/pulumi";
import type { ClusterHandle } from "../../host/cluster-handle";
import { customResource } from "../../kubernetes/custom-resource";
import { labelsFor } from "../../kubernetes/labels";
import { privateKey } from "./certificate";
import type { MadeIssuer } from "./issuer";
import { certManagerApi, issuerRef, type Certificate, type ClusterIssuer } from "./kinds";
import type { CertManagerRef } from "./tls";

export interface SelfSignedArgs {
  readonly cluster: Pick<ClusterHandle, "provider">;
  readonly certManager: CertManagerRef;
  readonly parent: Resource;
}

/** Ten years. Whoever has told a browser to trust it does not want to do so again soon. */
const authorityDuration = "87600h";

/**
 * A certificate authority of the cluster's own, for trying things locally: it signs itself, and then the certificates.
 * Its key is in cert-manager's namespace, out of the workloads' reach; no browser trusts it until it is told to
 * (`kubectl get secret -n cert-manager`, `ca.crt`).
 */
export function selfSignedIssuer(name: string, { cluster, certManager, parent }: SelfSignedArgs): MadeIssuer {
  const options = { parent, provider: cluster.provider };
  const metadata = { labels: labelsFor(name) };
  const root = customResource<ClusterIssuer>(
    `${name}-self-signed`,
    {
      apiVersion: certManagerApi,
      kind: "ClusterIssuer",
      metadata,
      spec: { selfSigned: {} },
      waitFor: "condition=Ready",
    },
    { ...options, dependsOn: [...certManager.ready] },
  );
  const secretName = `${name}-ca`;
  const authority = customResource<Certificate>(
    `${name}-ca`,
    {
      apiVersion: certManagerApi,
      kind: "Certificate",
      metadata: { ...metadata, namespace: certManager.namespace },
      spec: {
        secretName,
        isCA: true,
        commonName: `${name} (not trusted by browsers)`,
        duration: authorityDuration,
        privateKey: { ...privateKey },
        issuerRef: issuerRef(root.metadata.name),
      },
      waitFor: "condition=Ready",
    },
    { ...options, dependsOn: [root] },
  );
  const issuer = customResource<ClusterIssuer>(
    `${name}-ca`,
    {
      apiVersion: certManagerApi,
      kind: "ClusterIssuer",
      metadata,
      spec: { ca: { secretName } },
      waitFor: "condition=Ready",
    },
    { ...options, dependsOn: [authority] },
  );
  return { ref: issuerRef(issuer.metadata.name), ready: [issuer] };
}
