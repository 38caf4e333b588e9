export type { DnsZone, RecordArgs, RecordData } from "./dns/dns";
export { publicAddress } from "./dns/public-address";
export { Zone, type ExistingZone, type NewZone, type ZoneArgs, type ZoneCloud } from "./dns/zone";
export * from "./exposure/exposure";
export { classGateways, type Controller } from "./exposure/gateway/controllers";
export { existingGateway, type ExistingGatewayArgs } from "./exposure/gateway/existing-gateway";
export { GatewayApi } from "./exposure/gateway/gateway-api";
export { GatewayController, type GatewayControllerArgs } from "./exposure/gateway/gateway-controller";
export type { GatewayPlatform, GatewayRef } from "./exposure/gateway/platform";
export type { GatewayHost } from "./exposure/gateway/listeners";
export { SharedGateway, type SharedGatewayArgs } from "./exposure/gateway/shared-gateway";
export { routeTo, type RouteToArgs } from "./exposure/gateway/workload-route";
export { publish, type PublishArgs, type Published } from "./exposure/publish";
export { CertManager, existingCertManager, type CertManagerArgs } from "./exposure/tls/cert-manager";
export { certificateMaker, type CertificateMakerArgs } from "./exposure/tls/make-certificate";
export * from "./exposure/tls/tls";
export { validateExposure } from "./exposure/validate-exposure";
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
export { helmRelease, type HelmReleaseArgs } from "./kubernetes/helm-release";
export { servicesFromFdl, type ServicesFromFdlOptions } from "./oscar/fdl/services-from-fdl";
export {
  OscarProvider,
  validateOscarProvider,
  type OscarCredentials,
  type OscarProviderArgs,
} from "./oscar/oscar-provider";
export { OscarFront, type OscarExposure, type OscarFrontArgs } from "./oscar/platform/front";
export { KnativeServing, type KnativeServingArgs } from "./oscar/platform/knative/knative-serving";
export { MetricsServer, type MetricsServerArgs } from "./oscar/platform/metrics-server";
export type {
  ExternalMinioArgs,
  ManagedMinioArgs,
  ObjectStorageArgs,
} from "./oscar/platform/minio/object-storage-args";
export type { ObjectStorage } from "./oscar/platform/object-storage";
export type * from "./oscar/platform/oscar-args";
export { OscarCluster } from "./oscar/platform/oscar-cluster";
export { validateOscarCluster } from "./oscar/platform/validate-oscar";
export { OscarAllowedImages, type OscarAllowedImagesArgs } from "./oscar/resources/oscar-allowed-images";
export { OscarBucket, type OscarBucketArgs } from "./oscar/resources/oscar-bucket";
export {
  OscarQuota,
  type BucketQuotaArgs,
  type OscarQuotaArgs,
  type VolumeQuotaArgs,
} from "./oscar/resources/oscar-quota";
export { OscarVolume, type OscarVolumeArgs } from "./oscar/resources/oscar-volume";
export {
  OscarService,
  validateOscarService,
  type OscarServiceArgs,
  type ServiceCommands,
  type SmokeTestArgs,
} from "./oscar/service/oscar-service";
export { readScript } from "./oscar/service/script";
export type { ServiceArgs, ServiceSpec } from "./oscar/service/service-args";
export { OscarUi } from "./oscar/ui/oscar-ui";
export type { OscarUiArgs, UiDeployment, UiService } from "./oscar/ui/ui-args";
export { validateOscarUi } from "./oscar/ui/validate-oscar-ui";
export { InferenceUi } from "./serving/inference-ui";
export { ModelServer } from "./serving/model-server/model-server";
export type { Canary, ModelServerArgs } from "./serving/model-server/model-server-args";
export type * from "./serving/model-server/model-source";
export { serverEnvironment } from "./serving/model-server/server-pod";
export { validateModelServer } from "./serving/model-server/validate-model-server";
export type { Credentials, InferenceUiArgs, ModelReady, Replicas } from "./serving/ui-arguments";
export { validateInferenceUi } from "./serving/validate-ui";
export {
  ModelVolume,
  validateModelVolume,
  type BucketVolumeArgs,
  type ClaimVolumeArgs,
  type ModelVolumeArgs,
} from "./storage/model-volume";
export { NfsStorage, type NfsStorageArgs } from "./storage/nfs-storage";
export { SharedStorageClass, type SharedStorageClassArgs } from "./storage/shared-storage-class";
export { checkVolumeUse, type AccessMode, type VolumeConsumer, type VolumeUse } from "./storage/volume-use";
export { TrainingJob, validateTrainingJob, type TrainingJobArgs } from "./training/training-job";
