import { apiServerStore } from "../../sandbox/clouds";
import { kubernetesConformance } from "../support/kubernetes-conformance";
import { TestSandbox } from "../support/sandbox";

kubernetesConformance("a real API server", async () => {
  const sandbox = await TestSandbox.start({ kubernetes: "simulated" });
  const namespace = "conformance";
  await sandbox.kubernetes.core.createNamespace({ body: { metadata: { name: namespace } } });
  const { kubeconfig, context } = sandbox.session.controlPlane;
  return { store: apiServerStore({ kubeconfig, context }), namespace, close: () => sandbox.stop() };
});
