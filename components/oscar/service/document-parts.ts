import { defined } from "../../defined";
import type { ServiceSpec } from "./service-args";
import type { StorageProviders, WireFederation, WireFederationMember, WireKserve } from "./wire";

export function kserveDocument(kserve: NonNullable<ServiceSpec["kserve"]>): WireKserve {
  return defined({
    type: kserve.type,
    storage_uri: kserve.storageUri,
    inference:
      kserve.type === "inference"
        ? defined({ model_format: kserve.inference.modelFormat, runtime: kserve.inference.runtime })
        : undefined,
    llm_inference:
      kserve.type === "llm_inference" && kserve.llmInference !== undefined
        ? defined({ runtime_image: kserve.llmInference.runtimeImage })
        : undefined,
    // From 4.2 on it is the inference's, and a language model has none.
    api_version: kserve.apiVersion ?? (kserve.type === "inference" ? "v1" : undefined),
    min_scale: kserve.minScale ?? (kserve.type === "llm_inference" ? 1 : 0),
    max_scale: kserve.maxScale ?? 1,
    cpu: kserve.cpu ?? "0.2",
    memory: kserve.memory ?? "256Mi",
    args: kserve.args && [...kserve.args],
    env: kserve.env && { ...kserve.env },
    enable_gpu: kserve.enableGpu ?? false,
    // Missing is false in what the Manager answers, and true in what it is sent.
    set_auth: kserve.setAuth ?? true,
  });
}

export function federationDocument(federation: NonNullable<ServiceSpec["federation"]>): WireFederation {
  return defined({
    group_id: federation.groupId,
    topology: federation.topology ?? "none",
    delegation: federation.delegation,
    rescheduler_threshold: federation.reschedulerThreshold,
    members: federation.members?.map(memberDocument),
  });
}

type Member = NonNullable<NonNullable<ServiceSpec["federation"]>["members"]>[number];

function memberDocument(member: Member): WireFederationMember {
  const common = { priority: member.priority ?? 0, headers: member.headers && { ...member.headers } };
  return member.type === "oscar"
    ? defined({
        type: member.type,
        cluster_id: member.clusterId,
        service_name: member.serviceName,
        ...common,
      })
    : defined({ type: member.type, url: member.url, ssl_verify: member.sslVerify ?? true, ...common });
}

export function providersDocument(providers: NonNullable<ServiceSpec["storageProviders"]>): StorageProviders {
  return defined({
    minio: mapValues(providers.minio, ({ endpoint, verify, accessKey, secretKey, region }) =>
      defined({ endpoint, verify: verify ?? true, access_key: accessKey, secret_key: secretKey, region }),
    ),
    s3: mapValues(providers.s3, ({ accessKey, secretKey, region }) => ({
      access_key: accessKey,
      secret_key: secretKey,
      region,
    })),
    onedata: mapValues(providers.onedata, ({ oneproviderHost, token, space }) => ({
      oneprovider_host: oneproviderHost,
      token,
      space,
    })),
    webdav: mapValues(providers.webdav, (webdav) => ({ ...webdav })),
    rucio: mapValues(providers.rucio, (rucio) =>
      defined({
        host: rucio.host,
        account: rucio.account,
        rse: rucio.rse,
        refresh_token: rucio.refreshToken,
        auth_host: rucio.authHost,
        oidc_audience: rucio.oidcAudience,
        token_endpoint: rucio.tokenEndpoint,
      }),
    ),
  });
}

export function mapValues<From, To>(
  map: Readonly<Record<string, From>> | undefined,
  change: (value: From) => To,
): Record<string, To> | undefined {
  return map && Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
