import type { Input } from "@pulumi/pulumi";
import type { Resources } from "../../kubernetes/container";
import type { InferenceUiArgs } from "../../serving/ui-arguments";
import type { OscarProvider } from "../oscar-provider";
import type { OscarServiceArgs } from "../service/oscar-service";

export interface OscarUiArgs {
  /** The image of the UI, with a tag or a digest. */
  readonly image: Input<string>;
  /** The OSCAR cluster that the app calls and logs people in at, as pods reach it; told as `oscar_endpoint`. */
  readonly oscarEndpoint: Input<string>;
  /** Whether people's passwords may go to an `http://` endpoint outside the cluster. @default false */
  readonly clearText?: boolean;
  /** The port that the app listens on; told as `port`. @default 7860, Gradio's */
  readonly port?: number;
  /** Variables beside these two and Gradio's own, such as the name of the service that the app calls. */
  readonly environment?: Readonly<Record<string, Input<string>>>;
  /** CPUs that are reserved, and as a service the most that may be used. @default 250m CPU, 1Gi; as a service 500m CPU */
  readonly resources?: Resources;
  /** What it runs as. */
  readonly as: UiDeployment | UiService;
}

/** A Deployment of our own, in any cluster, reached in any way that an `InferenceUi` is. */
export interface UiDeployment extends Omit<InferenceUiArgs, keyof OscarUiArgs | "env" | "credentials"> {
  readonly kind: "deployment";
}

/** A service of OSCAR's that is exposed, reached below OSCAR's host. */
export interface UiService extends Pick<
  OscarServiceArgs,
  "visibility" | "allowedUsers" | "vo" | "labels" | "annotations" | "imagePullSecrets" | "readyWithinSeconds"
> {
  readonly kind: "service";
  /** Where it is made. */
  readonly provider: OscarProvider;
  /** Unique in the OSCAR cluster, at most 39 characters. @default the component's name */
  readonly name?: string;
  /** Variables that are kept in a Secret. */
  readonly secrets?: Readonly<Record<string, Input<string>>>;
  /**
   * The path that people have it under; `/` where OSCAR gives each service a host of its own (from 4.2, if it is set
   * up so). @default /system/services/NAME/exposed
   */
  readonly rootPath?: string;
  /** The path in the app that answers 200 once it is ready. @default "/", which Gradio answers without a login too */
  readonly probePath?: string;
}
