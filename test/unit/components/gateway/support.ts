import { RecordSet } from "@pulumi/gcp/dns";
import { core } from "@pulumi/kubernetes";
import { output, type ResourceTransformation } from "@pulumi/pulumi";
import { classGateways } from "../../../../components/exposure/gateway/controllers";
import { googleGateways } from "../../../../components/exposure/gateway/google";
import type { MakeCertificate } from "../../../../components/exposure/gateway/host-certificate";
import { hostLabel } from "../../../../components/exposure/gateway/host-names";
import type { Tls } from "../../../../components/exposure/tls/tls";
import type { DnsZone } from "../../../../components/dns/dns";
import type { ClusterHandle } from "../../../../components/host/cluster-handle";
import type { GatewayPlatform } from "../../../../components/exposure/gateway/platform";
import { testCluster } from "../fixtures";

/** A zone that makes records of Google's, as plain as can be. */
export const testZone: DnsZone = {
  kind: "cloud-dns",
  domain: "example.com",
  ttlSeconds: 60,
  nameServers: output(["ns-1.example.net"]),
  ready: [],
  record: ({ name, actualName, data }, options) =>
    new RecordSet(
      `${name}-${data.type}`,
      {
        managedZone: "zone",
        name: actualName ?? name,
        type: data.type,
        ttl: 60,
        rrdatas: output(data.type === "ALIAS" ? [data.target] : data.values).apply((values) => [...values]),
      },
      options,
    ),
  acmeSolver: { cloudDNS: { project: "my-project", hostedZoneName: "zone" } },
  grantChanges: () => {
    throw new Error("no one asks for this");
  },
};

/** Gives proofs of ownership the records that Certificate Manager would ask for. */
export const withProofs: ResourceTransformation = ({ type, props, opts }) =>
  type === "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"
    ? {
        props: {
          ...props,
          dnsResourceRecords: [
            {
              name: `_acme-challenge_1a2b.${props["domain"]}.`,
              type: "CNAME",
              data: `${props["domain"]}.goog.`,
            },
          ],
        },
        opts,
      }
    : undefined;

/** A cluster that has gateways by a platform. */
export function clusterWith(
  gateways?: GatewayPlatform,
  publicAddress?: string,
): Pick<ClusterHandle, "provider" | "gateways" | "publicAddress"> {
  const { provider } = testCluster();
  return {
    provider,
    ...(gateways !== undefined && { gateways }),
    ...(publicAddress !== undefined && { publicAddress }),
  };
}

export const onGke = (scope: "global" | "regional" = "global") =>
  googleGateways({ project: "my-project", region: "europe-west4", scope, ready: [] });
export const byClass = () => classGateways({ className: "eg", controller: "envoy-gateway", ready: [] });

/** Certificates by a Secret for each host, of which it notes what was asked. */
export const certificates: MakeCertificate = ({ host, gatewayName, namespace, parent }) => {
  const { provider } = testCluster();
  const certificate = new core.v1.ConfigMap(
    `${hostLabel(host)}-for-${gatewayName}`,
    { metadata: { namespace } },
    { parent, provider },
  );
  return { secretName: `tls-${hostLabel(host)}`, ready: [certificate] };
};

export const secret: Tls = { kind: "secret", secretName: "wild", namespace: "certs" };
export const acme: Tls = {
  kind: "cert-manager",
  issuer: { kind: "acme", email: "me@example.com", challenge: "http-01" },
};
