import { Service } from "@pulumi/gcp/projects";
import type { CustomResourceOptions } from "@pulumi/pulumi";

export interface ServicesArgs {
  /** The Google Cloud project's id. */
  readonly project: string;
  /** Whether volumes are made of Filestore. @default false */
  readonly filestore?: boolean;
  /** Whether pods mount secrets of Secret Manager. @default false */
  readonly secretManager?: boolean;
  /** Whether only images run that the project's policy admits. @default false */
  readonly binaryAuthorization?: boolean;
}

/** What every cluster of ours uses. */
const always = [
  "artifactregistry",
  // The certificates of gateways.
  "certificatemanager",
  // Roles in the project are granted through it.
  "cloudresourcemanager",
  "compute",
  "container",
  // The security posture dashboard.
  "containersecurity",
  // Image streaming (https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming#requirements).
  "containerfilesystem",
  // The names of Services are records of Cloud DNS; so may be the workloads'.
  "dns",
  "iam",
  "logging",
  "monitoring",
  "storage",
];

/** The Google services that a cluster needs, by their short names, in the order of the alphabet. */
export function neededServices(args: Omit<ServicesArgs, "project">): string[] {
  const { filestore = false, secretManager = false, binaryAuthorization = false } = args;
  return [
    ...always,
    ...(filestore ? ["file"] : []),
    ...(secretManager ? ["secretmanager"] : []),
    ...(binaryAuthorization ? ["binaryauthorization"] : []),
  ].sort();
}

/**
 * Enables the Google services that a cluster needs; what uses them waits for the result. They stay enabled when the stack
 * goes: others in the project may use them by then. Whoever runs it must be allowed to
 * (`roles/serviceusage.serviceUsageAdmin`), and Service Usage itself must be on, as it is in new projects.
 */
export function enableServices(name: string, args: ServicesArgs, options: CustomResourceOptions): Service[] {
  return neededServices(args).map(
    (service) =>
      new Service(
        `${name}-${service}`,
        { project: args.project, service: `${service}.googleapis.com`, disableOnDestroy: false },
        options,
      ),
  );
}
