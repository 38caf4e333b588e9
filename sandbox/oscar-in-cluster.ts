import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";

/** What is another after OSCAR was installed anew: the uid of the namespace that holds its services. */
export async function oscarIn(kubeconfig: string): Promise<string | undefined> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const { items } = await core.listNamespace({ fieldSelector: "metadata.name=oscar-svc" });
  return items[0]?.metadata?.uid;
}
