import type { Properties } from "../../../provider";
import { listAt, textAt } from "../kubernetes/objects";
import { googleError, type Behaviour, type Made, type Wanted } from "./behaviour";
import { lastPart, projectOf, regionOf } from "./places";
import type { Resources } from "./project";
import { gatewayOf, overlap } from "./ranges";

const subnetworkType = "gcp:compute/subnetwork:Subnetwork";
const routerType = "gcp:compute/router:Router";
const clusterType = "gcp:container/cluster:Cluster";

const computeApi = "https://www.googleapis.com/compute/v1/";
const naming = { property: "name", maxLength: 63, lowercase: true };

/** What all of Compute Engine's have in common. `kind` is how the provider calls it in an error. */
function compute(kind: string) {
  return {
    naming,
    exists: (id: string) =>
      `Error creating ${kind}: ${googleError(409, `The resource '${id}' already exists`, "alreadyExists")}`,
  };
}

const common = ({ inputs, id, defaults }: Wanted) => ({
  project: projectOf(inputs, defaults),
  selfLink: `${computeApi}${id}`,
  creationTimestamp: "2026-01-01T00:00:00.000-00:00",
});

const nameOf = (inputs: Properties) => textAt(inputs, "name") ?? "";

export const network: Behaviour = {
  ...compute("Network"),
  id: (inputs, defaults) => `projects/${projectOf(inputs, defaults)}/global/networks/${nameOf(inputs)}`,
  outputs: (wanted) => ({ ...common(wanted), gatewayIpv4: "", routingMode: "REGIONAL", mtu: 0 }),
  refuseDeletion: (made) => {
    for (const type of [subnetworkType, routerType, clusterType]) {
      const user = usedBy(made, type, "network");
      if (user !== undefined)
        throw new Error(
          `Error waiting for Deleting Network: The network resource '${made.id}' is already being used by '${user}'`,
        );
    }
  },
};

export const subnetwork: Behaviour = {
  ...compute("Subnetwork"),
  id: regional("subnetworks"),
  outputs: (wanted) => ({
    ...common(wanted),
    region: regionOf(wanted.inputs, wanted.defaults),
    gatewayAddress: gatewayOf(textAt(wanted.inputs, "ipCidrRange") ?? ""),
    purpose: "PRIVATE",
    privateIpGoogleAccess: false,
    stackType: "IPV4_ONLY",
  }),
  refuse: ({ inputs, others }) => {
    for (const [where, range] of rangesOf(inputs)) {
      const taken = takenBy(range, textAt(inputs, "network") ?? "", others);
      if (taken === undefined) continue;
      const message =
        `Invalid value for field 'resource.${where}': '${range}'. Invalid IPCidrRange: ${range} conflicts with ` +
        `existing subnetwork '${taken.name}' in region '${textAt(taken.state, "region")}'.`;
      throw new Error(`Error creating Subnetwork: ${googleError(400, message, "invalid")}`);
    }
    refuseOwnOverlap(inputs);
  },
  refuseDeletion: (made) => {
    const user = usedBy(made, clusterType, "subnetwork");
    if (user === undefined) return;
    const message = `The subnetwork resource '${made.id}' is already being used by '${user}'`;
    throw new Error(
      `Error when reading or editing Subnetwork: ${googleError(400, message, "resourceInUseByAnotherResource")}`,
    );
  },
};

/** The primary range and the secondary ones, each with the field that it stands in. */
function rangesOf(subnet: Properties): [where: string, range: string][] {
  const primary = textAt(subnet, "ipCidrRange");
  return [
    ...(primary === undefined ? [] : [["ipCidrRange", primary] satisfies [string, string]]),
    ...listAt(subnet, "secondaryIpRanges").map((range, index): [string, string] => [
      `secondaryIpRanges[${index}].ipCidrRange`,
      textAt(range, "ipCidrRange") ?? "",
    ]),
  ];
}

function takenBy(range: string, networkRef: string, others: Resources) {
  return Object.values(others).find(
    ({ type, state }) =>
      type === subnetworkType &&
      lastPart(textAt(state, "network") ?? "") === lastPart(networkRef) &&
      rangesOf(state).some(([, other]) => overlap(range, other)),
  );
}

function refuseOwnOverlap(inputs: Properties): void {
  const ranges = rangesOf(inputs);
  ranges.forEach(([where, range], index) => {
    const [, other] = ranges.slice(0, index).find(([, earlier]) => overlap(range, earlier)) ?? [];
    if (other === undefined) return;
    const message = `Invalid value for field 'resource.${where}': '${range}'. ${range} overlaps with ${other} of the same subnetwork.`;
    throw new Error(`Error creating Subnetwork: ${googleError(400, message, "invalid")}`);
  });
}

export const router: Behaviour = {
  ...compute("Router"),
  id: regional("routers"),
  outputs: (wanted) => ({ ...common(wanted), region: regionOf(wanted.inputs, wanted.defaults) }),
  // Its NATs are parts of it.
  takesAlong: ({ id, others }) => {
    const [, project, , region, , name] = id.split("/");
    return Object.keys(others).filter((other) => other.startsWith(`${project}/${region}/${name}/`));
  },
};

export const routerNat: Behaviour = {
  ...compute("RouterNat"),
  id: (inputs, defaults) => {
    const router = lastPart(textAt(inputs, "router") ?? "");
    return [projectOf(inputs, defaults), regionOf(inputs, defaults), router, nameOf(inputs)].join("/");
  },
  outputs: ({ inputs, defaults }) => ({
    project: projectOf(inputs, defaults),
    region: regionOf(inputs, defaults),
    endpointTypes: ["ENDPOINT_TYPE_VM"],
    type: "PUBLIC",
  }),
  refuse: ({ inputs, defaults, others }) => {
    const id = regional("routers")({ ...inputs, name: lastPart(textAt(inputs, "router") ?? "") }, defaults);
    if (others[id] !== undefined) return;
    throw new Error(
      `Error creating RouterNat: ${googleError(404, `The resource '${id}' was not found`, "notFound")}`,
    );
  },
};

export const globalAddress: Behaviour = {
  ...compute("GlobalAddress"),
  naming: { property: "name", maxLength: 255 },
  id: (inputs, defaults) => `projects/${projectOf(inputs, defaults)}/global/addresses/${nameOf(inputs)}`,
  outputs: (wanted) => ({ ...common(wanted), address: freeAddress(wanted.others), addressType: "EXTERNAL" }),
};

export const address: Behaviour = {
  ...compute("Address"),
  naming: { property: "name", maxLength: 255 },
  id: regional("addresses"),
  outputs: (wanted) => ({
    ...common(wanted),
    region: regionOf(wanted.inputs, wanted.defaults),
    address: freeAddress(wanted.others),
    addressType: "EXTERNAL",
    users: [],
  }),
};

export const sslPolicy: Behaviour = {
  ...compute("SslPolicy"),
  id: (inputs, defaults) => `projects/${projectOf(inputs, defaults)}/global/sslPolicies/${nameOf(inputs)}`,
  outputs: (wanted) => ({
    ...common(wanted),
    profile: "COMPATIBLE",
    minTlsVersion: "TLS_1_0",
    enabledFeatures: [],
    fingerprint: "c2ltdWxhdGVk",
  }),
};

/** One of the two ranges for documentation (RFC 5737) that no other resource has. */
function freeAddress(others: Resources): string {
  const taken = new Set(Object.values(others).map(({ state }) => textAt(state, "address")));
  const all = ["192.0.2", "198.51.100"].flatMap((net) =>
    Array.from({ length: 254 }, (_, index) => `${net}.${index + 1}`),
  );
  const free = all.find((one) => !taken.has(one));
  if (free !== undefined) return free;
  throw new Error(googleError(403, "Quota 'STATIC_ADDRESSES' exceeded. Limit: 508.0", "quotaExceeded"));
}

function regional(collection: string): Behaviour["id"] {
  return (inputs, defaults) =>
    `projects/${projectOf(inputs, defaults)}/regions/${regionOf(inputs, defaults)}/${collection}/${nameOf(inputs)}`;
}

/** The id of a resource of this type that refers to the one to be deleted, by id, link or name. */
function usedBy({ id, others }: Made, type: string, property: string): string | undefined {
  const uses = (reference: string | undefined) =>
    reference !== undefined && (reference.endsWith(id) || reference === lastPart(id));
  return Object.entries(others).find(
    ([, other]) => other.type === type && uses(textAt(other.state, property)),
  )?.[0];
}
