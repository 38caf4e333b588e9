import { isList } from "../../provider";
import type { SimulatedResource } from "../clouds/resource-store";
import type { ComponentState } from "../cluster-view";

/** The clouds that have zones, by the types of what is in them. */
const zoneClouds: Readonly<Record<string, string>> = {
  "gcp:dns/managedZone:ManagedZone": "Cloud DNS",
  "aws:route53/zone:Zone": "Route 53",
};
const recordTypes = ["gcp:dns/recordSet:RecordSet", "aws:route53/record:Record"];

/** The zones and records among simulated clouds' resources. */
export function nameRows(resources: readonly SimulatedResource[]): readonly ComponentState[] {
  const zones = resources.flatMap(({ type, state }) => {
    const cloud = zoneClouds[type];
    return cloud === undefined
      ? []
      : [{ component: "zone", object: plain(state["dnsName"] ?? state["name"]), state: cloud }];
  });
  const records = resources
    .filter(({ type }) => recordTypes.includes(type))
    .map(({ state }) => ({
      component: "record",
      object: plain(state["name"]),
      state: [plain(state["type"]), ...valuesOf(state)].join(" "),
    }));
  return [...zones, ...records];
}

/** The first of them: name servers, for one, are four and alike. */
function valuesOf(state: SimulatedResource["state"]): string[] {
  const values = state["rrdatas"] ?? state["records"];
  if (!isList(values)) return [];
  const [first, ...others] = values;
  return [plain(first), ...(others.length === 0 ? [] : [`and ${others.length} more`])];
}

/** Without the dot at the end, which Cloud DNS writes and Route 53 does not. */
function plain(value: unknown): string {
  return typeof value === "string" ? value.replace(/\.$/, "") : "";
}
