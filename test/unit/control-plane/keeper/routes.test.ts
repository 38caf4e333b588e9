import { describe, expect, it } from "vitest";
import type { HttpRoute, Listener } from "../../../../sandbox/control-plane/keeper/gateway-kinds";
import {
  attachedRoutes,
  haveHostInCommon,
  routeParents,
} from "../../../../sandbox/control-plane/keeper/routes";
import { gateway, http, route, scene, service, time } from "./gateway-objects";

function told(
  of: HttpRoute,
  rest: Parameters<typeof scene>[0] = {},
  listeners: readonly Listener[] = [http],
) {
  const all = scene({ gateways: [gateway(listeners)], ...rest });
  return routeParents(of, all, time).flatMap(({ conditions }) =>
    conditions.map(
      ({ type, status, reason, message }) =>
        `${type} ${status} ${reason}${message === "" ? "" : `: ${message}`}`,
    ),
  );
}

const accepted = "Accepted True Accepted";
const resolved = "ResolvedRefs True ResolvedRefs";

describe("a route", () => {
  it("is told of by its gateway's controller", () => {
    const same = { observedGeneration: 3, lastTransitionTime: time, message: "", status: "True" };
    expect(routeParents(route(), scene({ gateways: [gateway()] }), time)).toEqual([
      {
        parentRef: { name: "gateway" },
        controllerName: "controller/sandbox",
        conditions: [
          { ...same, type: "Accepted", reason: "Accepted" },
          { ...same, type: "ResolvedRefs", reason: "ResolvedRefs" },
        ],
      },
    ]);
  });

  it.each([
    ["that is not there", { gateways: [] }],
    ["of no known class", { classes: [] }],
  ])("is told of by no one, with a gateway %s", (_, of) => expect(told(route(), of)).toEqual([]));

  const all = { allowedRoutes: { namespaces: { from: "All" } } };
  const chosen = {
    allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { team: "a" } } } },
  };
  const abroad = route({ parentRefs: [{ name: "gateway", namespace: "web" }] }, "apps");
  const team = (name: string) => ({
    services: [service("ui", "apps")],
    namespaces: [{ metadata: { name: "apps", labels: { team: name } } }],
  });
  const noListener = "Accepted False NoMatchingParent: the gateway has no such listener";
  const notAllowed = "Accepted False NotAllowedByListeners: no listener allows routes of this namespace";
  const otherHost = "Accepted False NoMatchingListenerHostname: no listener serves one of the route's hosts";
  it.each<[string, HttpRoute, Partial<Listener>, Parameters<typeof scene>[0], string]>([
    ["by section", route({ parentRefs: [{ name: "gateway", sectionName: "http" }] }), {}, {}, accepted],
    [
      "by a wrong section",
      route({ parentRefs: [{ name: "gateway", sectionName: "x" }] }),
      {},
      {},
      noListener,
    ],
    ["by a wrong port", route({ parentRefs: [{ name: "gateway", port: 81 }] }), {}, {}, noListener],
    ["of a host", route({ hostnames: ["a.example.com"] }), { hostname: "*.example.com" }, {}, accepted],
    ["of another host", route({ hostnames: ["a.other.com"] }), { hostname: "*.example.com" }, {}, otherHost],
    ["of another namespace", abroad, {}, team("a"), notAllowed],
    ["of any namespace", abroad, all, team("a"), accepted],
    ["of a chosen namespace", abroad, chosen, team("a"), accepted],
    ["of a namespace not chosen", abroad, chosen, team("b"), notAllowed],
  ])("%s", (_, of, listener, rest, expected) => {
    expect(told(of, rest, [{ ...http, ...listener }])).toEqual([expected, resolved]);
  });

  it.each<[string, HttpRoute, readonly Partial<Listener>[], string, readonly string[]]>([
    ["all listeners that let it in", abroad, [{}, all, all], accepted, ["1", "2"]],
    ["none where none lets it in", abroad, [{}, {}], notAllowed, []],
    ["its own namespace's too", route(), [{}, all], accepted, ["0", "1"]],
    [
      "the one that it means",
      route({ parentRefs: [{ name: "gateway", namespace: "web", sectionName: "2" }] }, "apps"),
      [all, all, all],
      accepted,
      ["2"],
    ],
    [
      "not the one that it means and that keeps it out",
      route({ parentRefs: [{ name: "gateway", namespace: "web", sectionName: "0" }] }, "apps"),
      [{}, all],
      notAllowed,
      [],
    ],
    [
      "those of its hosts among them",
      { ...abroad, spec: { ...abroad.spec, hostnames: ["a.example.com"] } },
      [{ hostname: "*.example.com" }, { ...all, hostname: "*.example.com" }, { ...all, hostname: "b.com" }],
      accepted,
      ["1"],
    ],
  ])("attaches to %s", (_, of, rest, expected, names) => {
    const listeners = rest.map((each, index) => ({ ...http, name: String(index), ...each }));
    const web = gateway(listeners);
    const around = scene({ gateways: [web], ...team("a") });
    expect(told(of, team("a"), listeners)[0]).toEqual(expected);
    const attached = listeners.filter((listener) => attachedRoutes(web, listener, [of], around) > 0);
    expect(attached.map(({ name }) => name)).toEqual(names);
  });

  it.each<[string, HttpRoute["spec"]["rules"], string]>([
    ["not there", [{ backendRefs: [{ name: "x" }] }], "BackendNotFound: Service web/x not found"],
    [
      "in another namespace",
      [{ backendRefs: [{ name: "ui", namespace: "apps" }] }],
      "RefNotPermitted: no ReferenceGrant lets the route lead to Service apps/ui",
    ],
    [
      "no Service",
      [{ backendRefs: [{ kind: "Bucket", name: "b" }] }],
      "InvalidKind: Bucket b: allowed: Service",
    ],
  ])("leads to what is %s", (_, rules = [], why) => {
    expect(told(route({ rules }))).toEqual([accepted, `ResolvedRefs False ${why}`]);
  });
});

describe("hosts", () => {
  it.each([
    ["a.example.com", "a.example.com", true],
    ["*.example.com", "a.example.com", true],
    ["a.b.example.com", "*.example.com", true],
    ["*.b.example.com", "*.example.com", true],
    ["example.com", "*.example.com", false],
    ["a.example.com", "b.example.com", false],
    ["aexample.com", "*.example.com", false],
  ])("%s and %s: %s", (one, other, common) => expect(haveHostInCommon(one, other)).toBe(common));
});
