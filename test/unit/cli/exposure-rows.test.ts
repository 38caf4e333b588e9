import { describe, expect, it } from "vitest";
import { certificateRow, gatewayRow, routeRow } from "../../../sandbox/exposure-rows";
import type { Condition } from "../../../sandbox/control-plane/keeper/custom";
import { gateway, http, https, meta, route } from "../control-plane/keeper/gateway-objects";

const is = (type: string, status: "True" | "False", reason: string, message = ""): Condition => ({
  type,
  status,
  reason,
  message,
});

describe("the summary's row", () => {
  const addresses = [{ type: "IPAddress", value: "192.0.2.30" }];
  const listener = { name: "https", supportedKinds: [], attachedRoutes: 0 };
  it.each<[string, Parameters<typeof gateway>, string]>([
    [
      "that is well",
      [[http, https("t")], {}, { addresses }],
      "sandbox, any host and ui.example.com, 192.0.2.30",
    ],
    ["that is new", [[http]], "sandbox, any host, no address yet"],
    [
      "whose address is missing",
      [[http], {}, { addresses: [], conditions: [is("Programmed", "False", "AddressNotUsable", "no such")] }],
      "sandbox, any host, no address yet, no such",
    ],
    [
      "with a listener that is wrong",
      [
        [https("t")],
        {},
        { addresses, listeners: [{ ...listener, conditions: [is("ResolvedRefs", "False", "InvalidRef")] }] },
      ],
      "sandbox, ui.example.com, 192.0.2.30, listener https: InvalidRef",
    ],
  ])("of a gateway %s", (_, args, state) => {
    expect(gatewayRow(gateway(...args))).toEqual({ component: "gateway", object: "gateway", state });
  });

  const parent = (status: "True" | "False") => ({
    parentRef: { name: "gateway" },
    controllerName: "c",
    conditions: [is("Accepted", status, "NotAllowedByListeners", status === "True" ? "" : "not allowed")],
  });
  it.each([
    ["that is taken", { parents: [parent("True")] }, "ui.example.com, gateway gateway"],
    ["that is refused", { parents: [parent("False")] }, "ui.example.com, gateway gateway: not allowed"],
    ["that is new", undefined, "ui.example.com, not yet taken by gateway gateway"],
  ])("of a route %s", (_, status, state) => {
    const one = { ...route({ hostnames: ["ui.example.com"] }), ...(status !== undefined && { status }) };
    expect(routeRow(one)).toEqual({ component: "route", object: "ui", state });
  });

  it.each([
    ["that is ready", { conditions: [is("Ready", "True", "Ready")] }, "a,b, ready"],
    ["that is not", { conditions: [is("Ready", "False", "X", "no issuer")] }, "a,b, not ready: no issuer"],
    ["that is new", undefined, "a,b, not ready: no one has taken it up"],
  ])("of a certificate %s", (_, status, state) => {
    const spec = { secretName: "s", issuerRef: { name: "i" }, dnsNames: ["a", "b"] };
    const one = { metadata: meta("ui"), spec, ...(status !== undefined && { status }) };
    expect(certificateRow(one)).toEqual({ component: "certificate", object: "ui", state });
  });
});
