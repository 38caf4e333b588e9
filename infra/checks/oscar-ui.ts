import { checkUiEndpoint, managerInCluster } from "../../components/oscar/ui/ui-endpoint";
import type { Fault } from "../faults";
import { faulty, type Draft } from "./draft";
import { at } from "./told";

/** The OSCAR that a UI of its services talks to (`ui.oscar`), said or by default. */
export function uiOscarEndpoint({ ui, oscar, oscarServices }: Draft): string | undefined {
  const cluster = oscarServices?.cluster;
  const ofServices = cluster?.kind === "existing" ? cluster.endpoint : undefined;
  return ui?.oscar?.endpoint ?? ofServices ?? (oscar === undefined ? undefined : managerInCluster);
}

/** Whether a UI of OSCAR's services knows which OSCAR that is, and pods reach it. */
export function oscarUi(draft: Draft): Fault[] {
  const { ui, oscarServices } = draft;
  if (ui?.oscar === undefined) return [];
  const instead = { oscarEndpoint: "ui.oscar.endpoint", credentials: "none, because people log in at OSCAR" };
  const faults = (["oscarEndpoint", "credentials"] as const)
    .filter((key) => key in ui)
    .map((key) => ({ path: ["ui", key], message: `given with ui.oscar; allowed: ${instead[key]}` }));
  if (faulty(ui.oscar, "endpoint") || faulty(draft, "oscarServices") || faulty(oscarServices, "cluster"))
    return faults;
  const endpoint = uiOscarEndpoint(draft);
  const path = ["ui", "oscar", "endpoint"];
  if (endpoint === undefined) {
    if ("oscar" in draft || oscarServices?.cluster !== undefined) return faults;
    const message = "missing; needed: OSCAR's address; or oscar, or oscarServices, in this document";
    return [...faults, { path, message }];
  }
  const check = checkUiEndpoint({ clearText: ui.oscar.clearText ?? false });
  return [...faults, ...at(path, (where) => check(where, endpoint))];
}
