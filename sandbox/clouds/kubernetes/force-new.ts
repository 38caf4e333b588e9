import { contains, parsePath } from "./paths";

const podTemplateFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork " +
  "hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName " +
  "readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName " +
  "shareProcessNamespace subdomain terminationGracePeriodSeconds volumes containers initContainers";
const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs " +
  "hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

const under = (parent: string, fields: string) => fields.split(" ").map((field) => `${parent}.${field}`);

/**
 * The fields that cannot be changed in place: the object is replaced. Pulumi's own provider holds the same table
 * (provider/pkg/provider/forcenew.go); what is not in it, the API server refuses at the update.
 */
const table: Record<string, readonly string[]> = {
  "apps DaemonSet": ["spec.selector"],
  "apps Deployment": ["spec.selector"],
  "apps StatefulSet": under(
    "spec",
    "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates",
  ),
  "batch Job": under("spec", "completions parallelism selector template"),
  "rbac.authorization.k8s.io ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io RoleBinding": ["roleRef"],
  "storage.k8s.io StorageClass": ["parameters", "provisioner"],
  " ConfigMap": ["binaryData", "data"],
  " PersistentVolume": under("spec", volumeSources),
  " PersistentVolumeClaim": under("spec", "accessModes selector storageClassName volumeName"),
  " Pod": under("spec", podTemplateFields),
  " ResourceQuota": ["spec.scopes"],
  " Secret": ["type", "stringData", "data"],
  " Service": ["spec.clusterIP"],
};
const always = ["kind", "metadata.name", "metadata.namespace"];

export interface Mutable {
  /** From the provider's `enableConfigMapMutable` and `enableSecretMutable`. */
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

/**
 * Whether a change at this path makes a new object. Of a value that is not known yet, it may: so asks the engine, for
 * what depends on something that is deleted before it is made anew.
 */
export function replaces(
  { apiVersion, kind, immutable }: { apiVersion: string; kind: string; immutable: boolean },
  path: string,
  mutable: Mutable,
  isUnknown = false,
): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  const key = `${group} ${kind}`;
  const inPlace =
    !immutable && ((key === " ConfigMap" && mutable.configMaps) || (key === " Secret" && mutable.secrets));
  const fields = [...always, ...(inPlace ? [] : (table[key] ?? []))];
  const changed = parsePath(path);
  return fields
    .map(parsePath)
    .some((field) => contains(field, changed) || (isUnknown && contains(changed, field)));
}
