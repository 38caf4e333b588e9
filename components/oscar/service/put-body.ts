import { asSent } from "./comparable";
import { defined } from "../../defined";
import { serverLabels, userLabels } from "./server-labels";
import type { WireService } from "./wire";

/**
 * What a PUT has to send so that the stored service becomes the desired one and keeps what the Manager gave it: a PUT
 * replaces the whole definition, and stores any owner and loses any label that it is not sent. The script, node ports
 * and secrets are the desired ones, never those of an answer: it may have no script, ports that were chosen count as
 * fixed ones when sent back, and empty secrets would empty the real ones. `toWire` spells it for a version.
 */
export function putBody(desired: WireService, live: WireService): WireService {
  const { token, namespace, volume_status, deployment, bucket_list, ...wanted } = asSent(desired);
  return defined({
    ...wanted,
    owner: textOf(live.owner) ?? desired.owner,
    vo: textOf(desired.vo) ?? live.vo,
    labels: { ...serverLabels(live.labels), ...userLabels(desired.labels) },
    // By this spelling alone the Manager gives each user a bucket at a PUT.
    isolation_level: desired.isolation_level?.toUpperCase(),
    environment: desired.environment && environmentOf(desired.environment),
    storage_providers: desired.storage_providers && withoutServerProvider(desired.storage_providers),
  });
}

const textOf = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

/**
 * A PUT replaces all of a service's secrets by those that it is sent, and keeps them when it is sent none. So they are
 * sent when all their values are known, and none of them otherwise; an empty one is what answers have.
 */
function environmentOf({
  secrets = {},
  variables,
}: NonNullable<WireService["environment"]>): WireService["environment"] {
  const values = Object.values(secrets);
  const areKnown = values.length > 0 && values.every((value) => value !== "");
  return defined({ variables, secrets: areKnown ? { ...secrets } : undefined });
}

/** The cluster's own MinIO is the Manager's to write; an answer has `hidden` for its keys. */
function withoutServerProvider({
  minio,
  ...others
}: NonNullable<WireService["storage_providers"]>): WireService["storage_providers"] {
  if (minio === undefined) return others;
  const { default: server, ...rest } = minio;
  return { ...others, minio: rest };
}
