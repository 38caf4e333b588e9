import type { Properties } from "../../../../provider";
import { textAt } from "../objects";
import { waitUntilReady, type WaitOptions } from "../wait";

/**
 * Waits until what a release has made does what it is there for, where Helm waits for it: pods and what has pods, claims
 * and load balancers, and Jobs on request. Not for custom resources, nor for the pods of a Service.
 *
 * @param made As the API server has taken them.
 */
export async function waitUntilUp(
  made: readonly Properties[],
  options: WaitOptions & { readonly jobs: boolean },
): Promise<void> {
  const waits = made.flatMap((object) => {
    const criterion = criterionOf(object, options.jobs);
    return criterion === undefined ? [] : [waitUntilReady(object, criterion, options)];
  });
  const late = (await Promise.all(waits)).flatMap((each) => (each.kind === "ready" ? [] : [each.why]));
  if (late.length === 0) return;
  // Helm says no more than that.
  const { aborted } = options.signal;
  throw new Error(`${aborted ? "context canceled" : "context deadline exceeded"}: ${late.join("; ")}`);
}

/** What `waitUntilReady` goes by; nothing for what is not waited for. */
function criterionOf(object: Properties, jobs: boolean): Properties | undefined {
  const bySign = (sign: string): Properties => ({
    metadata: { annotations: { "pulumi.com/waitFor": `jsonpath=${sign}` } },
  });
  switch (`${textAt(object, "apiVersion")} ${textAt(object, "kind")}`) {
    case "apps/v1 Deployment":
    case "apps/v1 StatefulSet":
    case "apps/v1 DaemonSet":
    case "v1 Pod":
      return {};
    case "batch/v1 Job":
      return jobs ? {} : undefined;
    // Also where its class waits for the first pod.
    case "v1 PersistentVolumeClaim":
      return bySign("{.status.phase}=Bound");
    case "v1 Service":
      return textAt(object, "spec", "type") === "LoadBalancer"
        ? bySign("{.status.loadBalancer.ingress[0]}")
        : undefined;
    default:
      return undefined;
  }
}
