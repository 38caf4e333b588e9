import type { Recipe } from "./catalogue";

/** A set of custom resource definitions, as one file of JSON. */
export type DefinitionsName = "gateway-api" | "cert-manager" | "knative-operator";

const gatewayApiVersion = "1.4.0";
const certManagerVersion = "1.21.2";
/** The newest whose Go module can be had; the installed operator is newer, and knows a few fields more. */
const knativeOperatorVersion = "1.15.2";

/**
 * Definitions lie in a release's YAML file and in the publisher's Go module. The sum is of what they define, which is
 * the same in both: it was taken from the module, whose own sum Go's checksum database vouches for.
 */
function definitions(of: {
  readonly version: string;
  readonly releases: string;
  readonly mirror: string;
  readonly file: string;
  readonly module: string;
  readonly yaml: string;
  readonly sha256: string;
}): Recipe {
  const { version, releases, mirror, file, module, yaml, sha256 } = of;
  return {
    version,
    accepts: { range: version, words: version },
    download: {
      base: releases,
      mirror,
      artifact: () => ({ file, checksum: { definitions: sha256 } }),
    },
    build: { kind: "definitions", folder: "definitions", module, yaml, sha256, expectedSeconds: 3 },
  };
}

export const definitionSets: Readonly<Record<DefinitionsName, Recipe>> = {
  "gateway-api": definitions({
    version: gatewayApiVersion,
    releases: "https://github.com/kubernetes-sigs/gateway-api/releases/download",
    mirror: "INFERENCE_INFRA_MIRROR_GATEWAY_API",
    file: `v${gatewayApiVersion}/standard-install.yaml`,
    module: "sigs.k8s.io/gateway-api",
    yaml: "config/crd/standard",
    sha256: "2151e02c6760dab9b5f0bb9ebfb297a3c28145a3f5d970ef01a97f4552beeee2",
  }),
  "cert-manager": definitions({
    version: certManagerVersion,
    releases: "https://github.com/cert-manager/cert-manager/releases/download",
    mirror: "INFERENCE_INFRA_MIRROR_CERT_MANAGER",
    file: `v${certManagerVersion}/cert-manager.crds.yaml`,
    module: "github.com/cert-manager/cert-manager",
    yaml: "deploy/crds",
    sha256: "e30f374bb596086094077588f73d4297565295689c9d1c8d2544999feb1df33a",
  }),
  // Its Go module counts otherwise: v0.42.2 is of the same commit.
  "knative-operator": definitions({
    version: knativeOperatorVersion,
    releases: "https://github.com/knative/operator/releases/download",
    mirror: "INFERENCE_INFRA_MIRROR_KNATIVE_OPERATOR",
    file: `knative-v${knativeOperatorVersion}/operator.yaml`,
    module: "knative.dev/operator",
    yaml: "config/crd/bases",
    sha256: "5b3572f40de1845417804ec0077f6a0b911f20760dd8673634ad34d93eb1ae76",
  }),
};
