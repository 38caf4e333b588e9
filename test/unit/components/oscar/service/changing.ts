import type { Target } from "../../../../../components/oscar/service/changes";
import type { ServiceSpec } from "../../../../../components/oscar/service/service-args";
import { serviceDocument } from "../../../../../components/oscar/service/service-document";
import { featuresOf } from "../../../../../components/oscar/service/version";

export type More = Partial<ServiceSpec>;
export const document = (more: More = {}) =>
  serviceDocument({ name: "lab", image: "nginx:1.29.1", script: "#!/bin/sh\n", ...more });

export const knative: Target = { features: featuresOf([4, 1, 2]), isKnative: true, login: "basic" };
export const plain: Target = { ...knative, isKnative: false };
export const bearer: Target = { ...knative, login: "bearer" };
export const minio = (...paths: string[]) => paths.map((path) => ({ storageProvider: "minio", path }));
export const exposed: More = { expose: { apiPort: 80 } };
export const secrets = (more: Record<string, string>): More => ({ environment: { secrets: more } });
