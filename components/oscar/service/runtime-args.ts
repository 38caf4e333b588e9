import type { Input } from "@pulumi/pulumi";

/** How many pods wait for synchronous calls. */
export interface ScaleArgs {
  /**
   * 0 starts the first pod with the first call.
   * @default 0
   */
  minScale?: Input<number>;
  /**
   * 0 is no bound.
   * @default 0
   */
  maxScale?: Input<number>;
}

/** An API or page that is reached from outside: `https://<host>/system/services/<name>/exposed/`. */
export interface ExposeArgs {
  /** The port or ports that the container listens on; only the first gets a URL. More than one from OSCAR 4.1. */
  apiPort: Input<number> | readonly Input<number>[];
  /**
   * Pods at least; 1 or more, for the autoscaler refuses 0.
   * @default 1
   */
  minScale?: Input<number>;
  /**
   * Pods at most.
   * @default 10
   */
  maxScale?: Input<number>;
  /**
   * Percent of `cpu` above which pods are added.
   * @default 80
   */
  cpuThreshold?: Input<number>;
  /**
   * True lets the container see the whole path of a call, `/system/services/<name>/exposed/…`; false what comes after.
   * @default false
   */
  rewriteTarget?: Input<boolean>;
  /**
   * Open the ports on every node too, one for each of `apiPort`: from 30000 to 32767, or 0 to be given one. With a
   * number of its own for the first port there is no URL.
   * @default none
   */
  nodePort?: Input<number> | readonly Input<number>[];
  /**
   * Run the image's own command; false runs the script.
   * @default false
   */
  defaultCommand?: Input<boolean>;
  /**
   * Ask for a login: the service's name and its token. It does not guard node ports.
   * @default false
   */
  setAuth?: Input<boolean>;
  /**
   * How `setAuth` asks; `forward` lets OSCAR decide and needs the Gateway API. From OSCAR 4.1.
   * @default basic
   */
  authType?: Input<AuthType>;
  /**
   * Path that answers 200 once the container is up; 401 or 404 there mean that it never gets ready.
   * @default /
   */
  healthPath?: Input<string>;
  /**
   * With `rewriteTarget`, whether the health path comes after `/system/services/<name>/exposed` (`legacy`) or stands
   * alone (`direct`). From OSCAR 4.0.
   * @default legacy
   */
  probeMode?: Input<ProbeMode>;
}

export const authTypes = ["basic", "forward"] as const;
export type AuthType = (typeof authTypes)[number];

export const probeModes = ["legacy", "direct"] as const;
export type ProbeMode = (typeof probeModes)[number];

/** What the container finds in its environment. A name stands in one of the two only. */
export interface EnvironmentArgs {
  variables?: Readonly<Record<string, Input<string>>>;
  /** Kept in a Kubernetes Secret; OSCAR before 4.2 never shows them again, so a change from outside is not seen. */
  secrets?: Readonly<Record<string, Input<string>>>;
}

/** With `size`, a volume made for the service; with `name` alone, one that is there. */
export interface VolumeArgs {
  /** @default the service's name, with `size` */
  name?: Input<string>;
  /** Such as `10Gi`. */
  size?: Input<string>;
  /** Absolute, outside /oscar/config and /oscar/bin. */
  mountPath: Input<string>;
  /**
   * What becomes of a volume with `size` when the service goes.
   * @default delete
   */
  lifecyclePolicy?: Input<LifecyclePolicy>;
}

export const lifecyclePolicies = ["delete", "retain"] as const;
export type LifecyclePolicy = (typeof lifecyclePolicies)[number];
