export interface KubeconfigArgs {
  /** What the context, the cluster and the user in it are called. */
  readonly name: string;
  /** The API's host name or address, with or without `https://`. */
  readonly server: string;
  /**
   * The authority that signed the API's certificate, in base64.
   * @default any that the machine trusts, as the DNS endpoint's is
   */
  readonly caData?: string;
}

/**
 * How kubectl and Pulumi reach a GKE cluster: as whoever is logged in to Google Cloud, by Google's own plugin. It holds
 * no credentials, and nothing that changes by itself, which would change Pulumi's provider too
 * (https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl).
 */
export function gkeKubeconfig({ name, server, caData }: KubeconfigArgs): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: {
          server: server.startsWith("https://") ? server : `https://${server}`,
          ...(caData !== undefined && { "certificate-authority-data": caData }),
        },
      },
    ],
    users: [{ name, user: { exec: login } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

const login = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "gke-gcloud-auth-plugin",
  installHint:
    "gke-gcloud-auth-plugin is missing; install it: " +
    "https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin",
  // Pulumi has no terminal to ask on; kubectl may have one.
  interactiveMode: "IfAvailable",
  provideClusterInfo: true,
};
