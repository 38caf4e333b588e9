/** What a GPU of NVIDIA's is called on a node, and the taint of nodes that have them, as their device plugin and GKE have it. */
export const nvidiaGpu = "nvidia.com/gpu";

/** Whatever the taint's value: GKE's is `present`. */
export const nvidiaToleration = { key: nvidiaGpu, operator: "Exists", effect: "NoSchedule" } as const;
