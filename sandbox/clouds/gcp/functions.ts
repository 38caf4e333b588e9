import type { Properties } from "../../../provider";
import { dsRecord } from "../domain-names";
import { textAt } from "../kubernetes/objects";
import { googleError } from "./behaviour";
import { lastPart, projectOf, regionOf, zonesOf, type Defaults } from "./places";
import type { Resources } from "./project";

/** What the project is asked. An unknown function answers nothing. */
export function answer(
  token: string,
  args: Properties,
  defaults: Defaults,
  resources: Resources,
): Properties {
  switch (token) {
    case "gcp:organizations/getProject:getProject": {
      const projectId = textAt(args, "projectId") ?? projectOf({}, defaults);
      return {
        id: `projects/${projectId}`,
        projectId,
        name: projectId,
        number: "123456789012",
        billingAccount: "",
        folderId: "",
        orgId: "",
        labels: {},
        effectiveLabels: {},
        pulumiLabels: {},
        tags: {},
        autoCreateNetwork: false,
        deletionPolicy: "DELETE",
      };
    }
    case "gcp:organizations/getClientConfig:getClientConfig":
      return {
        id: "projects/simulated",
        accessToken: "simulated",
        project: defaults.project ?? "",
        region: defaults.region ?? "",
        zone: defaults.zone ?? "",
        defaultLabels: {},
      };
    case "gcp:compute/getZones:getZones": {
      const region = lastPart(regionOf(args, defaults));
      const project = projectOf(args, defaults);
      return { id: `projects/${project}/regions/${region}`, project, region, names: zonesOf(region) };
    }
    case "gcp:dns/getManagedZone:getManagedZone": {
      const project = projectOf(args, defaults);
      const id = `projects/${project}/managedZones/${textAt(args, "name")}`;
      const zone = resources[id];
      if (zone === undefined) {
        const message = `The 'parameters.managedZone' resource named '${lastPart(id)}' does not exist.`;
        throw new Error(
          `Error when reading or editing dataSourceDnsManagedZone: ${googleError(404, message, "notFound")}`,
        );
      }
      const { description, dnsName, managedZoneId, name, nameServers, visibility } = zone.state;
      return Object.fromEntries(
        Object.entries({ id, project, description, dnsName, managedZoneId, name, nameServers, visibility })
          // What nothing is known of is left out.
          .flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
      );
    }
    case "gcp:dns/getKeys:getKeys":
      return keysOf(args, defaults, resources);
    default:
      return {};
  }
}

/** A zone that is not signed has no keys, and neither has one that is not there. */
function keysOf(args: Properties, defaults: Defaults, resources: Resources): Properties {
  const project = projectOf(args, defaults);
  const managedZone = lastPart(textAt(args, "managedZone") ?? "");
  const id = `projects/${project}/managedZones/${managedZone}`;
  const isSigned = textAt(resources[id]?.state, "dnssecConfig", "state") === "on";
  return {
    id,
    project,
    managedZone,
    keySigningKeys: isSigned ? [signingKey(id, 2048)] : [],
    zoneSigningKeys: isSigned ? [signingKey(`${id} zone`, 1024)] : [],
  };
}

/** Of rsasha256, number 8, which Cloud DNS takes where nothing is said. */
function signingKey(zone: string, keyLength: number): Properties {
  const { keyTag, digest, record } = dsRecord(zone, 8);
  return {
    algorithm: "rsasha256",
    creationTime: "2026-01-01T00:00:00.000Z",
    description: "",
    digests: [{ type: "sha256", digest }],
    dsRecord: record,
    id: "0",
    isActive: true,
    keyLength,
    keyTag,
    publicKey: Buffer.from(digest).toString("base64"),
  };
}
