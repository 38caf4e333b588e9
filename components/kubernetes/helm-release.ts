import { helm } from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { PinnedChart } from "../versions";

export interface HelmReleaseArgs {
  readonly chart: PinnedChart;
  /** A folder with charts, each in a folder of its name, that take the place of the published ones. */
  readonly chartsFolder: string | undefined;
  readonly namespace: Input<string>;
  /** The release's name, where what the chart makes is known by it to others. @default Pulumi's choice */
  readonly releaseName?: string;
  /** Only what differs from the chart's own. */
  readonly values: Readonly<Record<string, unknown>>;
  /** How long Helm waits for what it makes, in seconds. @default 600 */
  readonly timeoutSeconds?: number;
}

/** Installs a chart by Helm, of one version; where it cannot be had whole, nothing of it stays. */
export function helmRelease(
  name: string,
  { chart, chartsFolder, namespace, releaseName, values, timeoutSeconds = 600 }: HelmReleaseArgs,
  options: CustomResourceOptions,
): helm.v3.Release {
  return new helm.v3.Release(
    name,
    {
      ...sourceOf(chart, chartsFolder),
      ...(releaseName !== undefined && { name: releaseName }),
      namespace,
      values: { ...values },
      version: chart.version,
      timeout: timeoutSeconds,
      atomic: true,
    },
    options,
  );
}

/** Where Helm finds it: in a folder, in a registry, or by the index of a repository. */
function sourceOf(
  { name, repository }: PinnedChart,
  chartsFolder: string | undefined,
): Pick<helm.v3.ReleaseArgs, "chart" | "repositoryOpts"> & { readonly chart: string } {
  if (chartsFolder !== undefined) return { chart: `${chartsFolder}/${name}` };
  if (repository.startsWith("oci://")) return { chart: `${repository}/${name}` };
  return { chart: name, repositoryOpts: { repo: repository } };
}
