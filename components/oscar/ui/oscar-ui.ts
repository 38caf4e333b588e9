import { ComponentResource, output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { refuseFaults } from "../../refuse";
import { InferenceUi } from "../../serving/inference-ui";
import type { InferenceUiArgs } from "../../serving/ui-arguments";
import { OscarService } from "../service/oscar-service";
import { exposedUi, pageOf } from "./exposed-ui";
import type { OscarUiArgs, UiDeployment, UiService } from "./ui-args";
import { withoutSlash } from "./ui-endpoint";
import { validateOscarUi } from "./validate-oscar-ui";

/**
 * A Gradio app in front of OSCAR's services: a Deployment of our own in any cluster, or itself a service of OSCAR's that is
 * exposed. The app reads `oscar_endpoint` and `port`, and logs people in at that endpoint by the names and passwords that
 * they have there.
 *
 * ```ts
 * const image = "ghcr.io/grycap/plants-ui:1.2.0";
 * new OscarUi("plants-ui", {
 *   image, oscarEndpoint: "https://oscar.example.com", port: 30001,
 *   as: { kind: "deployment", cluster, workspace, exposure: { kind: "gateway", gateway }, host: "plants.example.com" },
 * });
 * new OscarUi("plants-ui", { image, oscarEndpoint: "http://oscar.oscar:8080", as: { kind: "service", provider: lab } });
 * ```
 *
 * Costs a pod all the time, which does not scale to nothing. As a service it is that one pod and never more, and how long
 * an answer may take is up to OSCAR's front; a Deployment can have more pods, each person staying with one.
 *
 * It builds no image, gives no one a login, and does not make the app ask for one: without Gradio's `auth` everyone who
 * reaches the page uses it. That OSCAR knows the service that the app calls is not looked at.
 */
export class OscarUi extends ComponentResource {
  /** Where people reach it: a URL, or how to find it where the cluster alone knows. */
  readonly address: Output<string>;
  /** What it is made of: the one or the other. */
  readonly deployment: InferenceUi | undefined;
  readonly service: OscarService | undefined;

  constructor(name: string, args: OscarUiArgs, opts?: ComponentResourceOptions) {
    super("inference-infra:oscar:OscarUi", name, {}, opts);
    refuseFaults(this, `OscarUi ${name}`, validateOscarUi(name, args));
    const sound = { ...args, oscarEndpoint: output(args.oscarEndpoint).apply(withoutSlash) };
    const { as } = args;

    if (as.kind === "deployment") {
      this.deployment = new InferenceUi(name, deploymentArgs(sound, as), { parent: this });
      this.address = this.deployment.address;
    } else {
      this.service = makeService(name, sound, as, this);
      this.address = addressOf(this.service);
    }
    this.registerOutputs({ address: this.address });
  }
}

/** Its login is the app's: people have no other names and passwords than those that OSCAR knows. */
function deploymentArgs(
  { image, oscarEndpoint, port = 7860, environment, resources }: OscarUiArgs,
  { kind: _, ...as }: UiDeployment,
): InferenceUiArgs {
  return {
    ...as,
    image,
    oscarEndpoint,
    port,
    ...(environment !== undefined && { env: environment }),
    ...(resources !== undefined && { resources }),
  };
}

function makeService(name: string, args: OscarUiArgs, as: UiService, parent: OscarUi): OscarService {
  return new OscarService(name, exposedUi(name, args, as), { parent, provider: as.provider });
}

function addressOf({ url, name }: OscarService): Output<string> {
  return output([url, name] as const).apply(([known, service]) =>
    known === undefined ? `(OSCAR tells no URL for the service ${service})` : pageOf(known),
  );
}
