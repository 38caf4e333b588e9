import type { V1Namespace, V1Secret, V1Service } from "@kubernetes/client-node";
import type { Api } from "./api";
import { writeStatus } from "./custom";
import {
  gatewayClassesPath,
  gatewaysPath,
  grantsPath,
  httpRoutesPath,
  type Gateway,
  type GatewayClass,
  type HttpRoute,
  type ReferenceGrant,
} from "./gateway-kinds";
import { gatewayStatus } from "./gateways";
import { Mirror } from "./mirror";
import type { ReservedAddress } from "./project";
import { routeParents } from "./routes";

/** What the keeper knows anyway, and gateways refer to. */
interface Referred {
  readonly services: Mirror<V1Service>;
  readonly secrets: Mirror<V1Secret>;
  readonly namespaces: Mirror<V1Namespace>;
}

/** Plays the controllers of all classes of gateways: they take no traffic, and say how their gateways and routes are. */
export function followGateways(
  api: Api,
  { services, secrets, namespaces }: Referred,
  onChange: () => void,
  onTrouble: (error: unknown) => void,
) {
  const classes = new Mirror<GatewayClass>(onChange, onTrouble);
  const gateways = new Mirror<Gateway>(onChange, onTrouble);
  const routes = new Mirror<HttpRoute>(onChange, onTrouble);
  const grants = new Mirror<ReferenceGrant>(onChange, onTrouble);
  void classes.follow(api, gatewayClassesPath);
  void gateways.follow(api, gatewaysPath);
  void routes.follow(api, httpRoutesPath);
  void grants.follow(api, grantsPath);
  return {
    mirrors: [classes, gateways, routes, grants],
    /** Says how they are, where that has changed. */
    tell: async (addresses: readonly ReservedAddress[]): Promise<void> => {
      const scene = {
        classes: classes.items,
        gateways: gateways.items,
        routes: routes.items,
        grants: grants.items,
        namespaces: namespaces.items,
        services: services.items,
        secrets: secrets.items,
        addresses,
      };
      const time = new Date().toISOString();
      for (const gateway of scene.gateways) {
        const status = gatewayStatus(gateway, scene, time);
        if (status !== undefined) await writeStatus(api, gateways, gatewaysPath, gateway, status);
      }
      for (const route of scene.routes) {
        const parents = routeParents(route, scene, time);
        if (parents.length > 0 || route.status !== undefined)
          await writeStatus(api, routes, httpRoutesPath, route, { parents });
      }
    },
  };
}
