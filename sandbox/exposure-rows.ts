import type { Certificate } from "./control-plane/keeper/certificates";
import type { Gateway, HttpRoute } from "./control-plane/keeper/gateway-kinds";
import type { Condition } from "./control-plane/keeper/custom";
import type { ComponentState } from "./cluster-view";

/** `gateway  web  sandbox, ui.example.com, 192.0.2.30` */
export function gatewayRow({ metadata, spec, status }: Gateway): ComponentState {
  const hosts = unique(spec.listeners.map(({ hostname = "any host" }) => hostname));
  const addresses = (status?.addresses ?? []).map(({ value = "" }) => value);
  const listeners = (status?.listeners ?? []).flatMap(({ name, conditions }) => {
    const why = refusal(conditions, "ResolvedRefs") ?? refusal(conditions, "Accepted");
    return why === undefined ? [] : [`listener ${name}: ${why}`];
  });
  const why = refusal(status?.conditions, "Programmed");
  const address = addresses.length > 0 ? addresses.join() : "no address yet";
  const parts = [spec.gatewayClassName, hosts, address, ...listeners, ...(why === undefined ? [] : [why])];
  return { component: "gateway", object: metadata.name, state: parts.join(", ") };
}

/** `route  ui  ui.example.com, gateway web` */
export function routeRow({ metadata, spec, status }: HttpRoute): ComponentState {
  const hosts = spec.hostnames?.join() ?? "any host";
  const parents = (spec.parentRefs ?? []).map(({ name, sectionName }) => {
    const known = status?.parents?.find(
      ({ parentRef }) => parentRef.name === name && parentRef.sectionName === sectionName,
    );
    const why = refusal(known?.conditions, "Accepted") ?? refusal(known?.conditions, "ResolvedRefs");
    if (known === undefined) return `not yet taken by gateway ${name}`;
    return why === undefined ? `gateway ${name}` : `gateway ${name}: ${why}`;
  });
  return { component: "route", object: metadata.name, state: [hosts, ...parents].join(", ") };
}

/** `certificate  ui  ui.example.com, ready` */
export function certificateRow({ metadata, spec, status }: Certificate): ComponentState {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const state =
    ready?.status === "True" ? "ready" : `not ready: ${ready?.message ?? "no one has taken it up"}`;
  return {
    component: "certificate",
    object: metadata.name,
    state: [spec.dnsNames?.join() ?? "no host", state].join(", "),
  };
}

function refusal(conditions: readonly Condition[] | undefined, type: string): string | undefined {
  const found = conditions?.find((each) => each.type === type && each.status === "False");
  return found?.message === "" ? found.reason : found?.message;
}

function unique(names: readonly string[]): string {
  return [...new Set(names)].join(" and ");
}
