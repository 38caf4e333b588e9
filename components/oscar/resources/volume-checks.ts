import { checkDnsLabel, ifText } from "../../kubernetes/checks";
import { checkBytes } from "../service/service-checks";
import type { OscarVolumeArgs } from "./oscar-volume";

/** The faults of a volume's arguments, all of them; what is not known yet is passed over. */
export const volumeFaults = ({
  name,
  size,
}: {
  readonly [Key in keyof OscarVolumeArgs]?: unknown;
}): string[] => [...ifText(checkDnsLabel, "name", name), ...ifText(checkBytes, "size", size)];
