import { memoryStore } from "../../../sandbox/clouds";
import { kubernetesConformance } from "../../support/kubernetes-conformance";

kubernetesConformance("memory", async () => ({
  store: memoryStore(),
  namespace: "conformance",
  close: async () => undefined,
}));
