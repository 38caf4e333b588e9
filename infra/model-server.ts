import { ModelServer } from "../components/serving/model-server/model-server";
import { defined } from "../components/defined";
import type { Environment } from "./environment";
import type { Front } from "./front";
import type { Outputs } from "./program";
import { servedModel } from "./served-model";
import { tiers } from "./tiers";
import { asTexts, type Ground } from "./workloads";

type ServerSection = NonNullable<Environment["modelServer"]>;

export function modelServer(
  { name, tier }: Environment,
  ground: Ground,
  section: ServerSection,
  { way }: Front,
): ModelServer {
  const { model, docs, resources, tls: _tls, exposure: _exposure, host: _host, ...rest } = section;
  return new ModelServer(`${name}-model-server`, {
    ...ground,
    ...defined({ ...rest, resources: resources && asTexts(resources) }),
    ...way,
    model: servedModel(model),
    docs: docs ?? tiers[tier].serverDocs,
  });
}

/** What the stack tells of it: where it is, and what someone has to make by hand for that. */
export function modelServerOutputs(
  server: ModelServer,
  { way: { zone }, host, certificateRecord }: Front,
): Outputs {
  return defined({
    modelServerUrl: server.clusterUrl,
    modelServerAddress: server.address,
    ...(zone === undefined &&
      host !== undefined && {
        modelServerPointsAt: server.pointsAt,
        modelServerCertificateRecord: certificateRecord,
      }),
  });
}
