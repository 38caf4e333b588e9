import type { Fault } from "../faults";
import type { Draft } from "./draft";

const ofClusters = ["namespace", "dns", "modelVolume", "training", "ui", "modelServer", "oscar"] as const;

/** Without a cluster (`host: none`), a document can have services of an OSCAR that is there, and nothing else. */
export function noCluster(draft: Draft): Fault[] {
  const given = ofClusters.filter((section) => section in draft);
  return [
    ...given.map((section) => ({
      path: [section],
      message: "given, but it needs a cluster; allowed with host: none: oscarServices alone",
    })),
    ...("oscarServices" in draft
      ? []
      : [
          {
            path: ["oscarServices"],
            message: "missing; needed with host: none, which brings up nothing else",
          },
        ]),
  ];
}
