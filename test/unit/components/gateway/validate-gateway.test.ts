import { describe, expect, it } from "vitest";
import type { GatewayHost } from "../../../../components/exposure/gateway/listeners";
import type { GatewayPlatform } from "../../../../components/exposure/gateway/platform";
import {
  SharedGateway,
  type SharedGatewayArgs,
} from "../../../../components/exposure/gateway/shared-gateway";
import { validateSharedGateway } from "../../../../components/exposure/gateway/validate-gateway";
import type { Tls } from "../../../../components/exposure/tls/tls";
import { run } from "../../../support/mocks";
import { acme, byClass, certificates, clusterWith, onGke, secret, testZone } from "./support";

describe("a gateway's faults", () => {
  const faultsOf = async (
    hosts: readonly GatewayHost[],
    args: Partial<SharedGatewayArgs> = {},
    platform: () => GatewayPlatform | undefined = onGke,
  ) => {
    const { result } = await run(false, () =>
      validateSharedGateway("front", {
        cluster: clusterWith(platform()),
        hosts,
        namespaces: ["mnist"],
        zone: testZone,
        certificates,
        ...args,
      }),
    );
    return result;
  };
  const managed: Tls = { kind: "google-managed" };

  it("are none of what it can do", async () => {
    expect(await faultsOf([{ host: "*.example.com", tls: managed }, { tls: { kind: "none" } }])).toEqual([]);
    expect(await faultsOf([{ host: "a.example.com", tls: acme }], {}, byClass)).toEqual([]);
  });

  it.each<[string, readonly GatewayHost[], Partial<SharedGatewayArgs>, string[]]>([
    ["no hosts", [], {}, ["hosts: got 0; allowed: 1 to 16"]],
    [
      "no namespaces",
      [{ tls: { kind: "none" } }],
      { namespaces: [] },
      ["namespaces: got none; needed: the namespaces whose routes it takes"],
    ],
    [
      "TLS without a host",
      [{ tls: managed }],
      {},
      ["hosts[0].host: missing; needed: the host that the certificate is for, or tls: none"],
    ],
    [
      "a host twice",
      [
        { host: "a.example.com", tls: managed },
        { host: "a.example.com", tls: { kind: "none" } },
      ],
      {},
      ['hosts[1].host: got "a.example.com", as hosts[0]; allowed: each host once'],
    ],
    [
      "a host that is none",
      [{ host: "A", tls: { kind: "none" } }],
      {},
      ['hosts[0].host: got "A"; allowed: a host name, such as mnist.example.com, or *.example.com'],
    ],
    [
      "no zone, where records are made by hand",
      [{ host: "a.example.com", tls: managed }],
      { zone: undefined },
      [],
    ],
    [
      "a host outside the zone",
      [{ host: "a.badexample.com", tls: managed }],
      {},
      [
        'hosts[0].host: got "a.badexample.com"; allowed: a name in the zone example.com, where it is proved that it is yours',
      ],
    ],
    [
      "a wildcard that no page proves",
      [{ host: "*.example.com", tls: acme }],
      {},
      [
        'hosts[0].host: got "*.example.com"; allowed: one host, because challenge http-01 proves no others; or challenge: dns-01',
      ],
    ],
    [
      "no one who gets certificates",
      [{ host: "a.example.com", tls: { kind: "self-signed" } }],
      { certificates: undefined },
      ['hosts[0].tls.kind: got "self-signed", but nothing gets certificates; needed: cert-manager'],
    ],
    [
      "a Secret that could be in two namespaces",
      [{ host: "a.example.com", tls: { kind: "secret", secretName: "cert" } }],
      { namespaces: ["mnist", "oscar"] },
      [
        "hosts[0].tls.namespace: missing; needed: the namespace of the Secret, because the gateway takes routes of 2",
      ],
    ],
    [
      "a Secret that could be in any namespace",
      [{ host: "a.example.com", tls: { kind: "secret", secretName: "cert" } }],
      { namespaces: "all" },
      [
        "hosts[0].tls.namespace: missing; needed: the namespace of the Secret, because the gateway takes routes of all namespaces",
      ],
    ],
    ["a Secret whose namespace is said", [{ host: "a.example.com", tls: secret }], { namespaces: "all" }, []],
    [
      "Google's certificates beside Secrets",
      [
        { host: "a.example.com", tls: managed },
        { host: "b.example.com", tls: secret },
      ],
      {},
      [
        'hosts[1].tls.kind: got "secret" beside "google-managed" of a.example.com; allowed: one of the two at a gateway',
      ],
    ],
  ])("%s", async (_, hosts, args, faults) => {
    expect(await faultsOf(hosts, args)).toEqual(faults);
  });

  it("are Google's certificates elsewhere than on GKE", async () => {
    expect(await faultsOf([{ host: "a.example.com", tls: managed }], {}, byClass)).toEqual([
      'hosts[0].tls.kind: got "google-managed", which only GKE\'s own gateways know; allowed: cert-manager, secret, self-signed or none',
    ]);
  });

  it("come all at once when it is made", async () => {
    const made = run(
      false,
      () =>
        new SharedGateway("front", {
          cluster: clusterWith(),
          namespaces: [],
          hosts: [{ tls: { kind: "none" } }],
        }),
    );
    await expect(made).rejects.toThrow(
      "SharedGateway front:\n" +
        "  cluster: got one without gateways; needed: GKE, or a host with gateway: a class or a controller\n" +
        "  namespaces: got none; needed: the namespaces whose routes it takes",
    );
  });
});
