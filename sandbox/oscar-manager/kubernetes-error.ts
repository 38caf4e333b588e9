/** An error of the Kubernetes API; the Manager tells these apart by their reason. */
export class KubernetesError extends Error {
  constructor(
    readonly reason: "NotFound" | "AlreadyExists" | "Invalid",
    message: string,
  ) {
    super(message);
  }
}

export const isNotFound = (error: unknown): boolean =>
  error instanceof KubernetesError && error.reason === "NotFound";
