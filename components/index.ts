export * from "./exposure/exposure";
export * from "./host/cluster-handle";
export { ExistingCluster, type ExistingClusterArgs, type ExistingGpus } from "./host/existing-cluster";
export { Workspace, type WorkspaceArgs } from "./host/workspace";
export { InferenceUi } from "./serving/inference-ui";
export type { Credentials, InferenceUiArgs, ModelReady, Replicas } from "./serving/ui-arguments";
export { ModelVolume, type ModelVolumeArgs } from "./storage/model-volume";
export { checkVolumeUse, type VolumeConsumer } from "./storage/volume-use";
export { TrainingJob, type TrainingJobArgs } from "./training/training-job";
