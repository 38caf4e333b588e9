import { describe, expect, it } from "vitest";
import { gatewayStatus } from "../../../../sandbox/control-plane/keeper/gateways";
import type { Gateway } from "../../../../sandbox/control-plane/keeper/gateway-kinds";
import { gateway, http, https, route, scene, secret, time } from "./gateway-objects";

const condition = (type: string, status: string, reason: string, message = "") => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 3,
  lastTransitionTime: time,
});

/** Its conditions, in short. */
function told(of: Gateway, ...rest: Parameters<typeof scene>): string[] {
  const { conditions = [], listeners = [] } = gatewayStatus(of, scene(...rest), time) ?? {};
  const short = (prefix: string, { type, status, reason, message }: (typeof conditions)[number]) =>
    `${prefix}${type} ${status} ${reason}${message === "" ? "" : `: ${message}`}`;
  return [
    ...conditions.map((each) => short("", each)),
    ...listeners.flatMap(({ name, conditions }) =>
      conditions.filter(({ type }) => type === "ResolvedRefs").map((each) => short(`${name} `, each)),
    ),
  ];
}

describe("a gateway", () => {
  it("that is well has an address and its listeners' state", () => {
    const one = gateway();
    expect(gatewayStatus(one, scene({ gateways: [one], routes: [route()] }), time)).toEqual({
      addresses: [{ type: "IPAddress", value: "192.0.2.30" }],
      conditions: [condition("Accepted", "True", "Accepted"), condition("Programmed", "True", "Programmed")],
      listeners: [
        {
          name: "http",
          supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
          attachedRoutes: 1,
          conditions: [
            condition("Accepted", "True", "Accepted"),
            condition("Programmed", "True", "Programmed"),
            condition("ResolvedRefs", "True", "ResolvedRefs"),
            condition("Conflicted", "False", "NoConflicts"),
          ],
        },
      ],
    });
  });

  it("of a class that is not there has no one to say anything", () => {
    expect(gatewayStatus(gateway([http], { gatewayClassName: "other" }), scene(), time)).toBeUndefined();
  });

  it("keeps the time of a condition that has not changed, and that alone", () => {
    const rest = { message: "", lastTransitionTime: "before" };
    const one = gateway(
      [http],
      {},
      {
        conditions: [
          { type: "Accepted", status: "True", reason: "Accepted", ...rest },
          { type: "Programmed", status: "False", reason: "Pending", ...rest },
        ],
      },
    );
    expect(gatewayStatus(one, scene(), time)?.conditions.map((each) => each.lastTransitionTime)).toEqual([
      "before",
      time,
    ]);
  });

  const ok = ["Accepted True Accepted", "Programmed True Programmed", "https ResolvedRefs True ResolvedRefs"];
  const invalid = (reason: string, message: string) => [
    "Accepted False ListenersNotValid: see the listeners' conditions",
    "Programmed False Invalid: no listener is valid",
    `https ResolvedRefs False ${reason}: ${message}`,
  ];
  const grant = (from: string, name?: string) => ({
    metadata: { namespace: "certs" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: from }],
      to: [{ group: "", kind: "Secret", ...(name !== undefined && { name }) }],
    },
  });
  const elsewhere = secret("tls", "kubernetes.io/tls", "certs");
  const notPermitted = invalid("RefNotPermitted", "no ReferenceGrant lets the gateway use Secret certs/tls");
  it.each<[string, Gateway, Parameters<typeof scene>[0], string[]]>([
    ["there", gateway([https("tls")]), { secrets: [secret("tls")] }, ok],
    ["not there", gateway([https("tls")]), {}, invalid("InvalidCertificateRef", "Secret web/tls not found")],
    [
      "of another type",
      gateway([https("tls")]),
      { secrets: [secret("tls", "Opaque")] },
      invalid("InvalidCertificateRef", "Secret web/tls is of type Opaque; needed: kubernetes.io/tls"),
    ],
    ["in another namespace", gateway([https("tls", "certs")]), { secrets: [elsewhere] }, notPermitted],
    [
      "granted from there",
      gateway([https("tls", "certs")]),
      { secrets: [elsewhere], grants: [grant("web")] },
      ok,
    ],
    [
      "granted from there by name",
      gateway([https("tls", "certs")]),
      { secrets: [elsewhere], grants: [grant("web", "tls")] },
      ok,
    ],
    [
      "not the one that is granted",
      gateway([https("tls", "certs")]),
      { secrets: [elsewhere], grants: [grant("web", "other")] },
      notPermitted,
    ],
    [
      "granted to others",
      gateway([https("tls", "certs")]),
      { secrets: [elsewhere], grants: [grant("other")] },
      notPermitted,
    ],
  ])("whose certificate's Secret is %s", (_, one, of, expected) => expect(told(one, of)).toEqual(expected));

  it("works as long as one of its listeners does", () => {
    expect(told(gateway([http, https("tls")]))).toEqual([
      "Accepted True ListenersNotValid: see the listeners' conditions",
      "Programmed True Programmed",
      "http ResolvedRefs True ResolvedRefs",
      "https ResolvedRefs False InvalidCertificateRef: Secret web/tls not found",
    ]);
  });

  const reserved = [
    { name: "ip", scope: "global", ip: "203.0.113.1" },
    { name: "ip", scope: "regional", ip: "203.0.113.2" },
    { name: "far", scope: "regional", ip: "203.0.113.3" },
  ] as const;
  it.each([
    ["gke-l7-global-external-managed", "ip", ["203.0.113.1"], "Programmed True Programmed"],
    ["gke-l7-regional-external-managed", "ip", ["203.0.113.2"], "Programmed True Programmed"],
    [
      "gke-l7-global-external-managed",
      "far",
      [],
      'Programmed False AddressNotUsable: the project has no global address of the name "far"',
    ],
  ])("of class %s that asks for address %s", (gatewayClassName, value, expected, programmed) => {
    const one = gateway([http], { gatewayClassName, addresses: [{ type: "NamedAddress", value }] });
    const status = gatewayStatus(one, scene({ addresses: reserved }), time);
    expect(status?.addresses.map((each) => each.value)).toEqual(expected);
    expect(told(one, { addresses: reserved })).toContain(programmed);
  });

  it("gets the address that it names", () => {
    const one = gateway([http], { addresses: [{ type: "IPAddress", value: "203.0.113.9" }] });
    expect(gatewayStatus(one, scene(), time)?.addresses).toEqual([
      { type: "IPAddress", value: "203.0.113.9" },
    ]);
  });

  it("has no listener for what is not HTTP", () => {
    const [listener] =
      gatewayStatus(gateway([{ name: "tcp", port: 22, protocol: "TCP" }]), scene(), time)?.listeners ?? [];
    expect(listener).toMatchObject({
      supportedKinds: [],
      conditions: [{ type: "Accepted", status: "False", reason: "UnsupportedProtocol" }, {}, {}, {}],
    });
  });
});
