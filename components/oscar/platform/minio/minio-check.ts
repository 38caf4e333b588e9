import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { temporary } from "../../../kubernetes/container";
import { labelsFor, metadataFor } from "../../../kubernetes/labels";
import { containerSecurityContext, podSecurityContext } from "../../../kubernetes/security";

/** What MinIO's client, `mc`, calls the one MinIO that it is told of. */
const alias = "minio";

/**
 * The client's configuration. In a file, because an address with the keys in it (`MC_HOST_minio`) is cut at its colons
 * and not decoded, so that not every key could be told (minio/mc, cmd/config.go).
 */
export const clientConfigFile = "config.json";

/** Where it looks for it, and can write: not a folder below, which would be made for root alone. */
const folder = temporary.mount.mountPath;

export interface ClientTarget {
  readonly endpoint: string;
  readonly accessKey: Input<string>;
  readonly secretKey: Input<string>;
}

/** What is in that file. */
export function clientConfig({ endpoint, accessKey, secretKey }: ClientTarget) {
  return {
    version: "10",
    aliases: { [alias]: { url: endpoint, accessKey, secretKey, api: "S3v4", path: "auto" } },
  };
}

export interface MinioCheckArgs {
  readonly name: string;
  readonly namespace: Input<string>;
  /** The Secret with the client's configuration. */
  readonly secretName: Input<string>;
  readonly image: string;
  readonly tlsVerify: boolean;
}

/**
 * Asks for a part of MinIO's configuration that holds no secrets, for its log can be read. It takes the right that
 * OSCAR's first call needs (`admin:ConfigUpdate`), which a MinIO's plain users lack and other S3 storage does not have.
 */
export function minioCheckJob(args: MinioCheckArgs): types.input.batch.v1.Job {
  const { name, namespace, secretName, image, tlsVerify } = args;
  return {
    metadata: metadataFor(name, namespace),
    spec: {
      backoffLimit: 1,
      // Before Pulumi's 10 minutes, so that it is the Job that says why.
      activeDeadlineSeconds: 300,
      template: {
        metadata: { labels: labelsFor(name) },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurityContext(),
          containers: [
            {
              name: "ask",
              image,
              args: [...(tlsVerify ? [] : ["--insecure"]), "admin", "config", "get", alias, "api"],
              env: [
                // It writes beside the file that is there. Without a home it does not start, wherever that file is.
                { name: "HOME", value: folder },
                { name: "MC_CONFIG_DIR", value: folder },
              ],
              securityContext: containerSecurityContext(),
              resources: { requests: { cpu: "100m", memory: "128Mi" } },
              // What the client says is what Pulumi tells.
              terminationMessagePolicy: "FallbackToLogsOnError",
              volumeMounts: [
                temporary.mount,
                {
                  name: "config",
                  mountPath: `${folder}/${clientConfigFile}`,
                  subPath: clientConfigFile,
                  readOnly: true,
                },
              ],
            },
          ],
          volumes: [temporary.volume, { name: "config", secret: { secretName } }],
        },
      },
    },
  };
}
