import { firstWith, type Feature, type Features } from "./version";
import type { WireExpose, WireKserve, WireService } from "./wire";

/** What can be sent, and what of it this version has no place for, each with where, what was given, what is allowed. */
export interface Sendable {
  readonly service: WireService;
  readonly faults: readonly string[];
}

/**
 * The service in the spelling of one version. In goes the newest: ports as lists; the protocol of KServe in either
 * place. What an older version does anyway is left out; what it cannot do is a fault. What only the server writes is
 * never sent.
 */
export function toWire(service: WireService, features: Features): Sendable {
  const { token, namespace, volume_status, deployment, bucket_list, ...wanted } = service;
  const faults = missing(wanted, features);
  const sent: WireService = { ...wanted };
  const [expose, exposeFaults] = wanted.expose === undefined ? [] : exposeIn(wanted.expose, features);
  const [kserve, kserveFaults] = wanted.kserve === undefined ? [] : kserveIn(wanted.kserve, features);
  if (expose !== undefined) sent.expose = expose;
  if (kserve !== undefined) sent.kserve = kserve;
  if (!features.visibility) delete sent.visibility;
  if (!features.ephemeralStorageRequest) delete sent.ephemeral_storage_request;
  if (!features.federation) delete sent.federation;
  return { service: sent, faults: [...faults, ...(exposeFaults ?? []), ...(kserveFaults ?? [])] };
}

/** An answer of any version in the newest spelling: ports as lists, none is absent; KServe's protocol below `kserve`. */
export function fromWire(service: WireService): WireService {
  const read: WireService = { ...service };
  if (service.expose !== undefined) {
    const { api_port, nodePort, ...rest } = service.expose;
    read.expose = { ...rest, ...ports("api_port", api_port), ...ports("nodePort", nodePort) };
  }
  if (service.kserve?.inference !== undefined) {
    const { api_version, ...inference } = service.kserve.inference;
    const version = api_version ?? service.kserve.api_version;
    read.kserve = {
      ...service.kserve,
      inference,
      ...(version === undefined ? {} : { api_version: version }),
    };
  }
  return read;
}

/** A number of 0 is what Managers before 4.1 write for none; a list of 0 asks Kubernetes to choose. */
function listed(port: number | number[] | undefined): number[] {
  if (Array.isArray(port)) return port;
  return port === undefined || port === 0 ? [] : [port];
}

function ports(key: "api_port" | "nodePort", port: number | number[] | undefined): Partial<WireExpose> {
  const list = listed(port);
  return list.length === 0 ? {} : { [key]: list };
}

type Rule = readonly [where: string, feature: Feature, given: unknown, without: readonly unknown[]];

/** The fields that came late; `without` is what the versions before do, which needs no word. */
function missing(service: WireService, features: Features): string[] {
  const { expose } = service;
  const secrets = Object.keys(service.environment?.secrets ?? {});
  const rules: readonly Rule[] = [
    // Names only: the values are secret.
    ["environment.secrets", "secrets", secrets.length === 0 ? undefined : secrets, []],
    ["visibility", "visibility", service.visibility, ["", "private"]],
    ["expose.health_path", "healthPath", expose?.health_path, ["", "/"]],
    ["expose.probe_mode", "probeMode", expose?.probe_mode, ["", "legacy"]],
    ["expose.auth_type", "authType", expose?.auth_type, ["", "basic"]],
    ["ephemeral_storage_request", "ephemeralStorageRequest", service.ephemeral_storage_request, [""]],
    ["volume", "volumes", service.volume?.name ?? service.volume?.mount_path, []],
    ["federation", "federation", service.federation && (service.federation.topology ?? "none"), ["", "none"]],
    ["kserve", "kserve", service.kserve?.type, []],
  ];
  const present: readonly Rule[] = rules.filter(
    ([, feature, given, without]) => !features[feature] && given !== undefined && !without.includes(given),
  );
  return present.map(
    ([where, feature, given]) => `${where}: got ${JSON.stringify(given)}; ${onlyFrom(feature, features)}`,
  );
}

const onlyFrom = (feature: Feature, { version }: Features): string =>
  `allowed: nothing, as OSCAR has it from ${firstWith(feature)} on, and this is ${version}`;

function exposeIn(expose: WireExpose, features: Features): [WireExpose, string[]] {
  const { api_port, nodePort, ...rest } = expose;
  const sent: WireExpose = { ...rest };
  if (!features.authType) delete sent.auth_type;
  if (!features.probeMode) delete sent.probe_mode;
  if (!features.healthPath) delete sent.health_path;
  if (features.portsAsLists) {
    return [{ ...sent, ...ports("api_port", api_port), ...ports("nodePort", nodePort) }, []];
  }
  const faults = [
    ...single("expose.api_port", api_port, features),
    ...single("expose.nodePort", nodePort, features),
  ];
  const [api = 0] = listed(api_port);
  const [node = 0] = listed(nodePort);
  // A number of 0 is no node port there; nobody can ask for one to be chosen.
  const chosen = listed(nodePort)[0] === 0;
  if (chosen && faults.length === 0) {
    faults.push(
      `expose.nodePort: got [0]; allowed: a port from 30000 to 32767, as OSCAR lets one be chosen from ${firstWith("portsAsLists")} on, and this is ${features.version}`,
    );
  }
  return [{ ...sent, api_port: api, nodePort: node }, faults];
}

function single(where: string, port: number | number[] | undefined, features: Features): string[] {
  const list = listed(port);
  if (list.length < 2) return [];
  return [
    `${where}: got ${JSON.stringify(list)}; allowed: one port, as OSCAR has several from ${firstWith("portsAsLists")} on, and this is ${features.version}`,
  ];
}

function kserveIn(kserve: WireKserve, features: Features): [WireKserve, string[]] {
  const { api_version, inference, ...rest } = kserve;
  const version = inference?.api_version ?? api_version;
  const sent: WireKserve = { ...rest };
  if (inference !== undefined) {
    const { api_version: taken, ...model } = inference;
    sent.inference = model;
  }
  if (version === undefined) return [sent, []];
  if (!features.kserveApiVersionUnderInference) return [{ ...sent, api_version: version }, []];
  if (sent.inference === undefined) {
    return [
      sent,
      [
        `kserve.api_version: got "${version}"; allowed: with kserve.inference only in OSCAR ${features.version}`,
      ],
    ];
  }
  return [{ ...sent, inference: { ...sent.inference, api_version: version } }, []];
}
