import type { Exchange } from "./exchange.js";
import type { World } from "./world.js";

export type Handler = (exchange: Exchange, world: World) => void | Promise<void>;

/** Who may come in: all, those with a credential of the Manager, or those whom the handler itself lets in. */
export type Guard = "open" | "credential" | "own";

export interface Route {
  readonly method: string;
  /** Such as `/system/services/:service`. */
  readonly path: string;
  readonly guard: Guard;
  readonly handler: Handler;
}

export type Found =
  | { readonly kind: "route"; readonly route: Route; readonly params: Record<string, string> }
  | { readonly kind: "redirect"; readonly to: string }
  | { readonly kind: "nothing" };

/** The route of a request. With a slash too many there is a redirect; a wrong method is a page that is not there. */
export function find(routes: readonly Route[], method: string, path: string): Found {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params !== undefined) return { kind: "route", route, params };
  }
  if (path.length > 1 && path.endsWith("/")) {
    const shorter = path.slice(0, -1);
    if (find(routes, method, shorter).kind === "route") return { kind: "redirect", to: shorter };
  }
  return { kind: "nothing" };
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith(":")) {
      if (value === "") return undefined;
      params[part.slice(1)] = decodeURIComponent(value);
    } else if (part !== value) return undefined;
  }
  return params;
}
