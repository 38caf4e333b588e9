import { describe, expect, it } from "vitest";
import { faultsOf, without } from "./faults-of";
import { existing, gke, host, zone } from "./grounds";
import { api, atLab, both, gateway, ingress, lab, served } from "./model-servers";

const at = (path: string) => `environment.modelServer.${path}`;

/** What leads to it: as to a UI, but that it asks for no sessions and no login. */
describe("of a model server's way in, a fault is", () => {
  const cases: [what: string, document: object, ...faults: string[]][] = [
    [
      "a way in that only a UI has",
      served(existing(), { exposure: "load-balancer" }),
      at('exposure: got "load-balancer"; allowed: none, ingress or gateway'),
    ],
    [
      "a gateway without a name and a certificate",
      served(lab, { exposure: "gateway" }),
      at("host: missing; needed: the name that people reach it under, such as mnist.example.com"),
    ],
    [
      "a gateway without a word on clear text",
      served(lab, without(atLab, "tls")),
      at("tls: missing; needed: where the host's certificate comes from; or none, for clear text"),
    ],
    [
      "a gateway where there is none",
      served(existing(), { ...gateway, tls: "none" }),
      "environment.host.gateway: missing; needed for exposure: gateway: {kind: class, className: …} where the cluster has a GatewayClass " +
        "(`kubectl get gatewayclass` shows them), {kind: install, controller: …} where it has none, or {kind: existing, …}",
    ],
    [
      "the same for both, told once",
      both(existing(), { ...gateway, host, tls: "none" }, { ...gateway, tls: "none" }),
      "environment.host.gateway: missing; needed for exposure: gateway: {kind: class, className: …} where the cluster has a GatewayClass " +
        "(`kubectl get gatewayclass` shows them), {kind: install, controller: …} where it has none, or {kind: existing, …}",
    ],
    [
      "Google's gateways that are off",
      served(gke({ gateway: "none" }), gateway),
      at(
        'exposure.kind: got "gateway", which the cluster has none of: Google\'s are off (host.gateway: none, the default with oscar, whose ' +
          "gateways are Traefik's); allowed: ingress or none; or a stack of its own for the model server",
      ),
    ],
    [
      "a name that leads nowhere",
      served(existing(), { host: api }),
      at(`host: got "${api}"; allowed: none, because with exposure: none nothing leads there from outside`),
    ],
    [
      "a name of two minds",
      served(lab, { ...ingress, host }),
      at(`host: got "${host}"; allowed: ${api}, as modelServer.exposure.host has it, or none`),
    ],
    [
      "a certificate twice",
      served(lab, { exposure: { ...ingress.exposure, tls: { secretName: "mine" } }, tls: "self-signed" }),
      at("tls: given twice; allowed: here or as modelServer.exposure.tls, not both"),
    ],
    [
      "a name outside the zone",
      served(lab, { ...atLab, host: "api.elsewhere.dev" }, { dns: zone }),
      at('host: got "api.elsewhere.dev"; allowed: acme.dev, or a name that ends in .acme.dev, the zone'),
    ],
    [
      "the UI's name",
      both(lab, { ...atLab, host }, { ...atLab, host }),
      at(`host: got "${host}", which leads elsewhere already; allowed: a name of its own`),
    ],
    [
      "the UI's name at an ingress",
      both(lab, { ...atLab, host }, { exposure: { kind: "ingress", host } }),
      at(`exposure.host: got "${host}", which leads elsewhere already; allowed: a name of its own`),
    ],
    [
      "OSCAR's name",
      served(
        existing({ ingressClass: "traefik", certManager: "install" }),
        { exposure: { kind: "ingress", host: "oscar.acme.dev" } },
        {
          oscar: {
            host: "oscar.acme.dev",
            tls: "self-signed",
            metricsServer: "install",
            sharedStorage: { kind: "nfs", size: "10Gi" },
            objectStorage: { kind: "managed", size: "10Gi" },
          },
        },
      ),
      at('exposure.host: got "oscar.acme.dev", which leads elsewhere already; allowed: a name of its own'),
    ],
    [
      "Google's certificates beside others at one gateway",
      both(gke({ certManager: "install" }), { ...gateway, host }, atLab),
      at(
        'tls: got "self-signed" beside the UI\'s "google-managed" at the same gateway; allowed: google-managed for both, or for none',
      ),
    ],
  ];
  it.each(cases)("%s", (_what, document, ...faults) => expect(faultsOf(document)).toEqual(faults));
});
