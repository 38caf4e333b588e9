import { Provider as AwsProvider } from "@pulumi/aws/provider";
import { Provider as GoogleProvider } from "@pulumi/gcp/provider";
import type { ProviderResource } from "@pulumi/pulumi";
import type { Environment } from "./environment";

/** The clouds that a stack makes something in, each by a provider of its own: whatever `gcloud` or `aws` are set to. */
export interface Clouds {
  readonly google?: GoogleProvider;
  readonly aws?: AwsProvider;
}

export function cloudsOf({ name, host, dns }: Environment): Clouds {
  const project = googleProject({ host, dns });
  const usesAws = dns?.kind === "route53" || dns?.parent?.kind === "route53";
  return {
    ...(project !== undefined && {
      google: new GoogleProvider(`${name}-google`, {
        project,
        ...(host.kind === "gke" && { region: host.region }),
      }),
    }),
    // Route 53 is in no region. The keys that sign its zones are in this one.
    ...(usesAws && { aws: new AwsProvider(`${name}-aws`, { region: "us-east-1" }) }),
  };
}

/** The project that Google's resources are in where nothing else is said of them. */
function googleProject({ host, dns }: Pick<Environment, "host" | "dns">): string | undefined {
  if (host.kind === "gke") return host.project;
  if (dns?.kind === "cloud-dns") return dns.project;
  return dns?.parent?.kind === "cloud-dns" ? dns.parent.project : undefined;
}

/** For components, which take what they need of them. */
export function providersOf({ google, aws }: Clouds): ProviderResource[] {
  return [google, aws].flatMap((provider) => (provider === undefined ? [] : [provider]));
}
