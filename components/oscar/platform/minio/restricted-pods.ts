/**
 * For a namespace whose pods are held to the *restricted* Pod Security Standard: of the version that a Workspace's are
 * (components/host/workspace.ts), so that a cluster's upgrade changes nothing.
 */
export const restrictedPods = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "v1.36",
} as const;
