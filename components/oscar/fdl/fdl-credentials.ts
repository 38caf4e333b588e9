import { defined } from "../../defined";
import type { ServiceSpec } from "../service/service-args";
import type { Provider } from "../service/storage-paths";
import type { FdlMap } from "./fdl-map";

/**
 * A Manager shows a service's storage providers and clusters, passwords among them, to all who see the service. So a
 * service is given those alone that it names; oscar-cli gives all of them to each.
 */
type Places = readonly (FdlMap | undefined)[];
type StorageProviders = NonNullable<ServiceSpec["storageProviders"]>;

/** The storage providers that a service uses; those at the file's top come before its own. */
export function providersFor(used: readonly Provider[], places: Places): ServiceSpec["storageProviders"] {
  const idsOf = (kind: string) => [
    ...new Set(used.filter((each) => each.kind === kind && !isOwn(each)).map(({ id }) => id)),
  ];
  const read = <Value>(kind: keyof StorageProviders, change: (map: FdlMap) => Value) => {
    const found = idsOf(kind).flatMap((id): [string, Value][] => {
      const map = firstOf(places.map((place) => place?.map(kind)?.map(id)));
      if (map === undefined) return [];
      const value = change(map);
      map.unknown();
      return [[id, value]];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
  const providers = defined({
    minio: read("minio", (map) =>
      defined({
        endpoint: map.needed("endpoint"),
        verify: map.flag("verify"),
        accessKey: map.needed("access_key"),
        secretKey: map.needed("secret_key"),
        region: map.text("region"),
      }),
    ),
    s3: read("s3", (map) => ({
      accessKey: map.needed("access_key"),
      secretKey: map.needed("secret_key"),
      region: map.needed("region"),
    })),
    onedata: read("onedata", (map) => ({
      oneproviderHost: map.needed("oneprovider_host"),
      token: map.needed("token"),
      space: map.needed("space"),
    })),
    webdav: read("webdav", (map) => ({
      hostname: map.needed("hostname"),
      login: map.needed("login"),
      password: map.needed("password"),
    })),
    rucio: read("rucio", (map) =>
      defined({
        host: map.needed("host"),
        account: map.needed("account"),
        rse: map.needed("rse"),
        refreshToken: map.text("refresh_token"),
        authHost: map.text("auth_host"),
        oidcAudience: map.text("oidc_audience"),
        tokenEndpoint: map.text("token_endpoint"),
      }),
    ),
  });
  return Object.keys(providers).length === 0 ? undefined : providers;
}

/** The cluster's own MinIO is known to the Manager. */
const isOwn = ({ kind, id }: Provider): boolean => kind === "minio" && id === "default";

/** The clusters that a federation's members are in. */
export function clustersFor(federation: ServiceSpec["federation"], places: Places): ServiceSpec["clusters"] {
  const ids = (federation?.members ?? []).flatMap((member) =>
    member.type === "oscar" ? [member.clusterId] : [],
  );
  const found = [...new Set(ids)].flatMap((id) => {
    const map = firstOf(places.map((place) => place?.map(id)));
    if (map === undefined) return [];
    const cluster = defined({
      endpoint: map.needed("endpoint"),
      authUser: map.text("auth_user"),
      authPassword: map.text("auth_password"),
      sslVerify: map.flag("ssl_verify"),
    });
    map.unknown();
    return [[id, cluster] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const firstOf = (maps: readonly (FdlMap | undefined)[]): FdlMap | undefined =>
  maps.find((map) => map !== undefined);
