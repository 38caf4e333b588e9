import { createHash } from "node:crypto";
import type { Properties } from "../../../provider";
import { at, listAt, textAt } from "../kubernetes/objects";
import type { ClusterBackend } from "./backends";
import { googleError, type Behaviour, type Wanted } from "./behaviour";
import { lastPart, locationOf, numberAt, projectOf, regionOfLocation, zonesOf } from "./places";

const masterVersion = "1.34.4-gke.1047000";

export function cluster(clusters: ClusterBackend): Behaviour {
  return {
    naming: { property: "name", maxLength: 40 },
    id: (inputs, defaults) =>
      `projects/${projectOf(inputs, defaults)}/locations/${locationOf(inputs, defaults)}/clusters/` +
      (textAt(inputs, "name") ?? ""),
    exists: (id) => googleError(409, `Already exists: ${id}.`, "alreadyExists"),
    refuse: (wanted) => {
      refuseWithoutNodes(wanted.inputs);
      refuseUnknownRanges(wanted);
    },
    outputs,
    nestedOutputs: [
      ["masterAuth", "clusterCaCertificate"],
      ["controlPlaneEndpointsConfig", "dnsEndpointConfig", "endpoint"],
      ["privateClusterConfig", "privateEndpoint"],
      ["privateClusterConfig", "publicEndpoint"],
    ],
    refuseDeletion: ({ state }) => {
      // True where nothing is said.
      if (at(state, "deletionProtection") !== false) {
        throw new Error(
          "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.",
        );
      }
    },
    takesAlong: ({ id, others }) => Object.keys(others).filter((other) => other.startsWith(`${id}/`)),
    create: ({ id, state, stack }) => clusters.attach({ id, name: textAt(state, "name") ?? "", stack }),
    delete: ({ id }) => clusters.detach(id),
  };
}

function outputs({ id, inputs, defaults }: Wanted): Properties {
  const location = locationOf(inputs, defaults);
  const digest = createHash("sha256").update(id).digest("hex");
  const endpoint = `203.0.113.${(Number.parseInt(digest.slice(0, 2), 16) % 254) + 1}`;
  return {
    project: projectOf(inputs, defaults),
    location,
    nodeLocations: zonesOf(location),
    selfLink: `https://container.googleapis.com/v1/${id}`,
    endpoint,
    masterVersion,
    deletionProtection: true,
    masterAuth: { clusterCaCertificate: certificate(digest) },
    controlPlaneEndpointsConfig: {
      dnsEndpointConfig: {
        endpoint: `gke-${digest.slice(0, 36)}.${regionOfLocation(location)}.gke.goog`,
      },
    },
    ...(inputs["privateClusterConfig"] !== undefined && {
      privateClusterConfig: { privateEndpoint: "10.0.0.2", publicEndpoint: endpoint },
    }),
  };
}

/** What looks like a certificate, base64 as Google gives it; no one has its key. */
function certificate(digest: string): string {
  const body = Buffer.from(`simulated ${digest}`).toString("base64");
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`).toString("base64");
}

function refuseWithoutNodes(inputs: Properties): void {
  if (at(inputs, "enableAutopilot") === true || listAt(inputs, "nodePools").length > 0) return;
  if ((numberAt(inputs, "initialNodeCount") ?? 0) > 0) return;
  throw new Error(googleError(400, "Cluster.initial_node_count must be greater than zero.", "badRequest"));
}

/** Only of a subnetwork that the project has: another one's ranges are not known. */
function refuseUnknownRanges({ inputs, defaults, others }: Wanted): void {
  const name = lastPart(textAt(inputs, "subnetwork") ?? "");
  const region = regionOfLocation(locationOf(inputs, defaults));
  const subnet = others[`projects/${projectOf(inputs, defaults)}/regions/${region}/subnetworks/${name}`];
  if (subnet === undefined) return;
  const ranges = listAt(subnet.state, "secondaryIpRanges").map((range) => textAt(range, "rangeName"));
  for (const [property, what] of [
    ["clusterSecondaryRangeName", "Pod"],
    ["servicesSecondaryRangeName", "Services"],
  ] as const) {
    const range = textAt(inputs, "ipAllocationPolicy", property);
    if (range === undefined || ranges.includes(range)) continue;
    const message = `${what} secondary range "${range}" not found in subnetwork "${name}".`;
    throw new Error(googleError(400, message, "badRequest"));
  }
}
