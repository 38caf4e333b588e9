import type { Properties } from "../../../provider";
import { textAt } from "../kubernetes/objects";
import { lastPart, projectOf, regionOf, zonesOf, type Defaults } from "./places";

/** What the project is asked, and does not keep. An unknown function answers nothing. */
export function answer(token: string, args: Properties, defaults: Defaults): Properties {
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
    default:
      return {};
  }
}
