import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulatedResource } from "../../sandbox/clouds/resource-store";
import { ownNodeName } from "../../sandbox/control-plane/keeper/furniture";
import { programFor } from "../../sandbox/offline-program";
import { changed, editedEnvironment, providersHere, TestSandbox } from "../support/sandbox";

type Edits = Readonly<Record<string, unknown>>;

/** A name from its zone to the gateway that has its address, in both clouds, on the way up and on the way down. */
describe.each(providersHere())("a name, %s provider", (kubernetes) => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await TestSandbox.start({ kubernetes, idleSeconds: 2 });
  });
  afterAll(() => sandbox?.stop());

  const stack = (name: string, edits: Edits = {}) => sandbox.stack(edits, sandbox.session, name);
  const up = async (name: string, edits: Edits = {}) =>
    changed((await (await stack(name, edits)).up()).changes);
  const records = async (): Promise<SimulatedResource[]> => {
    const { project, account } = sandbox.session;
    const all = [await project.read(), await account.read()].flatMap(({ resources }) =>
      Object.values(resources),
    );
    return all.filter(({ type }) => /:(RecordSet|Record|ManagedZone|Zone)$/.test(type));
  };
  /** `mnist.dev.example.com A 192.0.2.1`, whichever cloud has it. */
  const zoneFile = async (type?: string) =>
    (await records())
      .filter(({ state }) => state["type"] !== undefined)
      .map(({ state }) => {
        const values = state["rrdatas"] ?? state["records"];
        const shown = Array.isArray(values) ? values.map((value) => String(value).replace(/\.$/, "")) : [];
        return [String(state["name"]).replace(/\.$/, ""), state["type"], ...shown].join(" ");
      })
      .filter((line) => type === undefined || line.split(" ")[1] === type)
      .sort();
  const gateways = () => list("gateways");
  const routes = () => list("httproutes");
  async function list(plural: string): Promise<Listed[]> {
    const config = new KubeConfig();
    config.loadFromFile(sandbox.session.controlPlane.kubeconfig);
    const kind = { group: "gateway.networking.k8s.io", version: "v1", plural };
    const found: { items: Listed[] } = await config
      .makeApiClient(CustomObjectsApi)
      .listCustomObjectForAllNamespaces(kind);
    return found.items;
  }
  /** What the clouds were told to delete meanwhile, in order: `Record dev.example.com/NS`. */
  const deleted = async (work: () => Promise<unknown>) => {
    const before = sandbox.session.clouds.calls.length;
    await work();
    return sandbox.session.clouds.calls
      .slice(before)
      .filter(({ method }) => method === "delete")
      .map(({ urn }) => `${urn.split("::").at(-2)?.split(":").at(-1)} ${urn.split("::").at(-1)}`);
  };

  describe.each([
    {
      name: "gke-prod",
      // Guarded, it would not go.
      guard: { tier: "staging" },
      host: "mnist.example.com",
      domain: "mnist.example.com",
      zone: "ManagedZone",
      parent: "Route 53",
      records: 4,
    },
    {
      name: "gke-staging",
      guard: {},
      host: "mnist.staging.example.com",
      domain: "staging.example.com",
      zone: "Zone",
      parent: "Cloud DNS",
      records: 3,
    },
  ])(
    "of stack $name, whose zone is below one in $parent",
    ({ name, guard, host, domain, zone, records: count }) => {
      const stack = (edits: Edits = {}) => sandbox.stack({ ...guard, ...edits }, sandbox.session, name);
      const up = async (edits: Edits = {}) => changed((await (await stack(edits)).up()).changes);

      it("leads to the address that the gateway has", async () => {
        const { outputs } = await (await stack()).up();
        expect(outputs["uiAddress"]?.value).toBe(`https://${host}`);
        const [gateway] = await gateways();
        const address = gateway?.status?.addresses?.[0]?.value;
        expect(address).toMatch(/^192\.0\.2\./);
        expect(await zoneFile("A")).toEqual([`${host} A ${address}`]);
      });

      it("is delegated to by the zone above, in the other cloud", async () => {
        const own = (await records()).find(
          ({ type, state }) => type.endsWith(`:${zone}`) && nameOf(state) === domain,
        );
        const servers = own?.state["nameServers"];
        const names = Array.isArray(servers) ? servers.map((each) => String(each).replace(/\.$/, "")) : [];
        expect(names).toHaveLength(4);
        expect(await zoneFile("NS")).toEqual([`${domain} NS ${names.join(" ")}`]);
      });

      it("changes nothing when it is brought up again, and has not drifted", async () => {
        expect(await up()).toEqual({});
        await (await stack()).refresh({ expectNoChanges: true });
      });

      it("is renamed: the new one is there before the old one goes", async () => {
        const other = `digits.${domain}`;
        const before = sandbox.session.clouds.calls.length;
        await up({ "ui.host": other });
        const asked = sandbox.session.clouds.calls
          .slice(before)
          .filter(
            ({ urn, preview, method }) =>
              !preview && ["create", "delete"].includes(method) && urn.endsWith("/A"),
          )
          .map(({ method, urn }) => `${method} ${urn.split("::").at(-1)}`);
        expect(asked).toEqual([`create ${other}/A`, `delete ${host}/A`]);
        expect((await routes()).flatMap(({ spec }) => spec.hostnames ?? [])).toEqual([other, other]);
        expect(await up({ "ui.host": other })).toEqual({});
        await up();
      });

      it("goes: routes and gateway before the cluster, records before zones; and leaves nothing", async () => {
        const order = await deleted(async () => (await stack()).destroy());
        const at = (what: string) => order.findIndex((each) => each.startsWith(what));
        const zoneAt = at(`${zone} ${name.replace("gke", "mnist")}-zone`);
        expect(zoneAt).toBeGreaterThan(-1);
        const recordsAt = order.flatMap((each, index) => (/^Record(Set)? /.test(each) ? [index] : []));
        expect(recordsAt).toHaveLength(count);
        expect(Math.max(...recordsAt)).toBeLessThan(zoneAt);
        if (kubernetes === "simulated") {
          // Google deletes none of these while a load balancer has it.
          for (const later of ["GlobalAddress ", "SSLPolicy ", "CertificateMap ", "Cluster "])
            expect([later, at("Gateway ") < at(later)]).toEqual([later, true]);
        }
        expect(await zoneFile()).toEqual([]);
        // Those of others.
        expect((await records()).map(({ state }) => nameOf(state))).toEqual(
          (await records()).map(() => "example.com"),
        );
      });
    },
  );

  describe("of the sandbox's own stack", () => {
    const ingress = { "ui.host": undefined, "ui.exposure": { kind: "ingress", host: "mnist.localhost" } };

    it("moves from an Ingress to a gateway without a moment in which neither leads to it", async () => {
      await up("sandbox", ingress);
      const namespace = await sandbox.namespace();
      const seen = new Set<string>();
      let done = false;
      const watch = (async () => {
        while (!done) {
          const ingresses = await sandbox.kubernetes.networking.listNamespacedIngress({ namespace });
          const led = (await routes()).filter(({ metadata }) => metadata.namespace === namespace);
          seen.add(`${ingresses.items.length} Ingress, ${led.length} route`);
          await sleep(20);
        }
      })();
      await up("sandbox");
      done = true;
      await watch;
      expect([...seen]).toContain("1 Ingress, 0 route");
      expect([...seen].at(-1)).toBe("0 Ingress, 1 route");
      expect([...seen]).not.toContain("0 Ingress, 0 route");
    });

    it("is shown with a certificate of the cluster's own", async () => {
      const [gateway] = await gateways();
      expect(
        gateway?.spec.listeners?.map(({ name, tls }) => [
          name.split("-")[0],
          tls?.certificateRefs?.[0]?.name,
        ]),
      ).toEqual([
        ["http", undefined],
        ["https", "tls-mnist.localhost"],
      ]);
      const secret = await sandbox.kubernetes.core.readNamespacedSecret({
        name: "tls-mnist.localhost",
        namespace: gateway?.metadata.namespace ?? "",
      });
      expect(secret.type).toBe("kubernetes.io/tls");
      await (await stack("sandbox")).refresh({ expectNoChanges: true });
    });

    it("leaves nothing when it goes", async () => {
      await (await stack("sandbox")).destroy();
      expect([...(await gateways()), ...(await routes())]).toEqual([]);
    });

    it("is led to by someone else's Gateway, which is left as it is", async () => {
      const shared = {
        "host.gateway": { kind: "existing", name: "public", namespace: "infra" },
        "ui.tls": undefined,
      };
      const { outputs } = await (await stack("sandbox", shared)).up();
      expect(outputs["uiAddress"]?.value).toBe("https://mnist.localhost");
      expect((await routes()).map(({ spec }) => spec.parentRefs?.map(({ name }) => name))).toEqual([
        ["public"],
      ]);
      expect(await up("sandbox", shared)).toEqual({});
      await (await stack("sandbox", shared)).destroy();
      expect((await gateways()).map(({ metadata }) => metadata.name)).toEqual(["public"]);
    });
  });

  describe("of a node", () => {
    const edits = {
      "ui.host": "mnist.example.org",
      "ui.tls": undefined,
      "ui.exposure": { kind: "node-port", port: 30080, frontNode: { name: ownNodeName } },
      dns: { kind: "route53", domain: "example.org", zone: { kind: "existing", id: "Z0123456789OTHERS" } },
    };

    it("leads to the address that the cluster has for it", async () => {
      const { outputs } = await (await stack("sandbox", edits)).up();
      expect(outputs["uiAddress"]?.value).toBe("http://mnist.example.org:30080");
      const node = await sandbox.kubernetes.core.readNode({ name: ownNodeName });
      const address = node.status?.addresses?.find(({ type }) => type === "InternalIP")?.address;
      expect(await zoneFile()).toEqual([`mnist.example.org A ${address}`]);
      expect(await up("sandbox", edits)).toEqual({});
      await (await stack("sandbox", edits)).destroy();
      expect(await zoneFile()).toEqual([]);
    });

    it("is not given where no such node is, and nothing is made", async () => {
      const other = { ...edits, "ui.exposure": { kind: "node-port", frontNode: { name: "nobody" } } };
      expect(await refused(other)).toMatch(/nobody/);
    });
  });

  it("is not given by a gateway of a class that the cluster does not have, and nothing is made", async () => {
    const gateway = { "host.gateway": { kind: "class", className: "nobodys" } };
    expect(await refused(gateway)).toMatch(/nobodys/);
  });

  /** What the preview says, before which nothing is made. What the document says is there is not taken for granted. */
  async function refused(edits: Edits): Promise<string> {
    const standIns = { ...sandbox.session.standIns, assume: () => Promise.resolve() };
    const program = programFor(() => editedEnvironment("sandbox", edits), standIns);
    const { code, digest } = await (await sandbox.session.stack("refused", program)).preview();
    expect(code).not.toBe(0);
    return (digest.diagnostics ?? []).map(({ message }) => message).join("\n");
  }

  describe("in production", () => {
    const edits = {
      tier: "production",
      "host.publicAddress": "203.0.113.7",
      dns: { kind: "cloud-dns", project: "my-names", domain: "example.net", dnssec: true },
      "ui.host": "mnist.example.net",
    };

    it("has a zone that is signed, and that Pulumi does not delete", async () => {
      const { outputs } = await (await stack("sandbox", edits)).up();
      expect(outputs["dsRecord"]?.value).toMatch(/^\d+ \d+ \d+ [0-9A-F]+$/i);
      expect(String(outputs["nameServers"]?.value).split(" ")).toHaveLength(4);
      await expect((await stack("sandbox", edits)).destroy()).rejects.toThrow(/protected/);
      expect(await zoneFile()).toEqual(["mnist.example.net A 203.0.113.7"]);
    });
  });
});

interface Listed {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly hostnames?: readonly string[];
    readonly parentRefs?: readonly { readonly name: string }[];
    readonly listeners?: readonly {
      readonly name: string;
      readonly tls?: { readonly certificateRefs?: readonly { readonly name: string }[] };
    }[];
  };
  readonly status?: { readonly addresses?: readonly { readonly value: string }[] };
}

function nameOf(state: SimulatedResource["state"]): string {
  return String(state["dnsName"] ?? state["name"]).replace(/\.$/, "");
}
