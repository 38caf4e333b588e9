import { defined } from "../../../defined";
import { isExposed } from "../../service/readiness";
import { isOwnMinio } from "../../service/storage-paths";
import type { WireService } from "../../service/wire";

export interface Commands {
  readonly asynchronous?: string;
  readonly synchronous?: string;
  readonly exposed?: string;
  readonly upload?: string;
}

/** Where the service is called, as far as it is known. */
export interface Place {
  /** The Manager's address. */
  readonly base: string;
  readonly isKnative: boolean;
  readonly url: string | undefined;
}

/**
 * Command lines that call a service, with FILE for what is sent. TOKEN is a variable of the shell with the service's
 * token; `minio` is MinIO's client's name for the cluster's own.
 */
export function commandsOf(service: WireService, { base, isKnative, url }: Place): Commands {
  const isServer = isExposed(service) || service.kserve !== undefined;
  const runsScript = service.kserve === undefined && service.expose?.default_command !== true;
  const folder = (service.input ?? []).find(({ storage_provider }) => isOwnMinio(storage_provider));
  return defined({
    asynchronous: runsScript ? call(`${base}/job/${service.name}`) : undefined,
    // What is exposed has no Knative Service.
    synchronous: isKnative && !isServer ? call(`${base}/run/${service.name}`) : undefined,
    exposed: url === undefined ? undefined : `curl ${login(service)}${url}`,
    upload: folder === undefined ? undefined : `mc cp FILE minio/${folder.path}/`,
  });
}

/** OSCAR takes a body that is not JSON for base64. */
const call = (url: string): string =>
  `base64 FILE | curl -X POST -H "Authorization: Bearer $TOKEN" -d @- ${url}`;

const login = ({ name, expose }: WireService): string =>
  expose?.set_auth === true ? `-u "${name}:$TOKEN" ` : "";
