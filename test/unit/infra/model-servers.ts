import { SecretValue } from "../../../infra/secrets";
import { byClass, existing, stack } from "./grounds";

/** Documents of a model server; tests change a part. */
export const runId = "7251ac3655934299aad4cfebf5ffddbe";
export const next = "0c1d2e3f4a5b46978899aabbccddeeff";
export const api = "api.acme.dev";
export const image = "ghcr.io/acme/mnist-fastapi:1.0.0";

export const mounted = { kind: "gcs-fuse", bucket: "mnist-artifacts", runId };
export const baked = { kind: "image", path: "/srv/model" };
export const copied = (source: object, more: object = {}) => ({ kind: "copy", source, runId, ...more });
export const gcs = (more: object = {}) => ({ kind: "gcs", bucket: "mnist-artifacts", ...more });
export const key = { kind: "given", json: new SecretValue("{}") };
export const s3 = { kind: "s3", bucket: "mnist-artifacts", region: "eu-central-1" };
export const minio = { kind: "minio", bucket: "mnist-artifacts", endpoint: "http://minio.minio:9000" };
export const none = { credentials: "none" };
export const secretAccessKey = new SecretValue("s3cret");
export const given = { kind: "given", accessKeyId: "mnist", secretAccessKey };
export const ofSecret = { kind: "existing", secretName: "bucket-key" };

export const lab = existing({
  gateway: byClass,
  ingressClass: "traefik",
  certManager: "existing",
  publicAddress: "203.0.113.7",
});
export const gateway = { host: api, exposure: "gateway", tls: "google-managed" };
export const atLab = { ...gateway, tls: "self-signed" };
export const ingress = { exposure: { kind: "ingress", host: api } };
export const inNamespace = { namespace: { kind: "existing", name: "ml" } };

/** A document with a server: where it runs, what it says, and whatever more. */
export const served = (at: object, server: object, more: object = {}) => ({
  name: "mnist",
  tier: "development",
  host: at,
  modelServer: { image, model: baked, ...server },
  ...more,
});
/** The same beside a UI. */
export const both = (at: object, ui: object, server: object, more: object = {}) => ({
  ...stack(at, ui),
  modelServer: { image, model: baked, ...server },
  ...more,
});
