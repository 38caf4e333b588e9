import { revealAll, type Properties } from "../../../../provider";
import { quoted } from "../../../messages";
import type { WireService } from "../../service/wire";
import type { Connection } from "../connection";

/**
 * Refuses what is there under the name of a service that was deleted behind our back, or is in another cluster: it is not
 * ours to change or delete. OSCAR gives each service that it makes a token of its own, and from 4.0 on keeps it.
 */
export async function refuseAnother(
  stored: WireService,
  oldState: Properties,
  connection: Connection,
): Promise<void> {
  const { token } = revealAll(oldState);
  const isOurs = typeof token !== "string" || token === "" || token === (stored.token ?? token);
  if (isOurs || !(await connection.features()).updateKeepsToken) return;
  throw new Error(
    `service ${quoted(stored.name)} is not the one that this stack made, since it has another token: someone has made it anew, or the provider is pointed at another cluster; allowed: pulumi refresh, which takes it for the stack's own, or another name`,
  );
}
