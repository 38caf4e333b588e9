import { defined } from "../../defined";
import { gradioEnvironment } from "../../serving/ui-environment";
import type { OscarServiceArgs } from "../service/oscar-service";
import type { OscarUiArgs, UiService } from "./ui-args";

/** OSCAR wants a script, and runs it for jobs; what is exposed is the image's own command. */
const script = "#!/bin/sh\n# The image's own command serves the UI; a job has nothing to do.\n";

/** Where OSCAR has an exposed service; its pods are told it as `OSCAR_SERVICE_BASE_PATH`, too. */
const exposedPath = (service: string): string => `/system/services/${service}/exposed`;

/**
 * The service that is the UI. OSCAR takes the path away before the app sees a request: Gradio 3 answers 404 with it, newer
 * ones answer both (tried with 3.50.2 and 6.31.0). Gradio has to know it all the same, for the links in its pages.
 */
export function exposedUi(
  name: string,
  { image, oscarEndpoint, port = 7860, environment, resources = {} }: Omit<OscarUiArgs, "as">,
  as: Omit<UiService, "provider">,
): OscarServiceArgs & { readonly name: string } {
  const { name: service = name, rootPath = exposedPath(service), probePath = "/", secrets } = as;
  const { visibility, allowedUsers, vo, labels, annotations, imagePullSecrets, readyWithinSeconds } = as;
  return {
    name: service,
    image,
    script,
    cpu: resources.cpu ?? "500m",
    memory: resources.memory ?? "1Gi",
    expose: {
      apiPort: port,
      minScale: 1,
      // Gradio keeps a session in one pod's memory, and OSCAR's routes send a person's requests to any pod.
      maxScale: 1,
      rewriteTarget: false,
      defaultCommand: true,
      healthPath: probePath,
    },
    environment: {
      variables: { ...gradioEnvironment({ port, rootPath, oscarEndpoint }), ...environment },
      ...defined({ secrets }),
    },
    ...defined({
      ephemeralStorageRequest: resources.disk,
      visibility,
      allowedUsers,
      vo,
      labels,
      annotations,
      imagePullSecrets,
      readyWithinSeconds,
    }),
  };
}

/** The UI's page. Without the slash at its end it would ask for its scripts, `./assets/…`, beside itself. */
export const pageOf = (url: string): string => url.replace(/\/*$/, "/");
