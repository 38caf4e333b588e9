export * from "./exposure/exposure";
export * from "./host/cluster-handle";
export { ExistingCluster, type ExistingClusterArgs, type ExistingGpus } from "./host/existing-cluster";
export type {
  ControlPlaneAccess,
  GkeClusterArgs,
  Maintenance,
  MaintenanceExclusion,
} from "./host/gke/cluster-args";
export { GpuComputeClass, type GpuComputeClassArgs } from "./host/gke/compute-class/gpu-compute-class";
export { GkeCluster } from "./host/gke/gke-cluster";
export { grantBucketRole, workloadPrincipal, type BucketRole } from "./host/gke/identity";
export { gkeKubeconfig, type KubeconfigArgs } from "./host/gke/kubeconfig";
export { GkeNetwork, type GkeNetworkArgs } from "./host/gke/network/gke-network";
export type { NetworkArgs } from "./host/gke/network/validate-network";
export { GkeNodePool, type GkeNodePoolArgs } from "./host/gke/pools/node-pool";
export type { Capacity, CpuPoolArgs, GpuPoolArgs, GpuSharing } from "./host/gke/pools/pool-args";
export { validateGkeCluster } from "./host/gke/validate-cluster";
export { validateWorkspace, Workspace, type WorkspaceArgs } from "./host/workspace";
export type { GpuRequest, Resources, SecretKey } from "./kubernetes/container";
export {
  customResource,
  type CustomKind,
  type CustomObject,
  type CustomOptions,
} from "./kubernetes/custom-resource";
export { InferenceUi } from "./serving/inference-ui";
export type { Credentials, InferenceUiArgs, ModelReady, Replicas } from "./serving/ui-arguments";
export { validateInferenceUi } from "./serving/validate-ui";
export {
  ModelVolume,
  validateModelVolume,
  type BucketVolumeArgs,
  type ClaimVolumeArgs,
  type ModelVolumeArgs,
} from "./storage/model-volume";
export { SharedStorageClass, type SharedStorageClassArgs } from "./storage/shared-storage-class";
export { checkVolumeUse, type AccessMode, type VolumeConsumer, type VolumeUse } from "./storage/volume-use";
export { TrainingJob, validateTrainingJob, type TrainingJobArgs } from "./training/training-job";
