import { messageOf } from "../../../messages";

/** How a client says who it is. */
export type Credentials =
  | { kind: "basic"; username: string; password: string }
  /** An OIDC access token; asked for before every request, so that it can be renewed. */
  | { kind: "bearer"; token: () => string | Promise<string> };

/** The value of the header, and what of it is secret. */
export interface Authorization {
  readonly header: string;
  readonly secrets: readonly string[];
}

export async function authorization(credentials: Credentials): Promise<Authorization> {
  if (credentials.kind === "bearer") {
    // Tokens read from a file end with a new line.
    const token = (await credentials.token()).trim();
    if (!/^[!-~]+$/.test(token)) {
      throw new Error("token: empty, or with characters that an HTTP header cannot have");
    }
    return { header: `Bearer ${token}`, secrets: [token] };
  }
  const encoded = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  return { header: `Basic ${encoded}`, secrets: [credentials.password, encoded] };
}

/**
 * The address that paths are added to: no slash at its end, since the Manager answers a slash too many with a redirect.
 * Throws with what is allowed; an address with a password in it is not repeated.
 */
export function baseUrl(endpoint: string): string {
  const allowed = "allowed: the Manager's address without credentials, such as https://oscar.example.com";
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url !== undefined && (url.username !== "" || url.password !== "")) {
    throw new Error(`endpoint: got an address with credentials in it; ${allowed}`);
  }
  const sound = url !== undefined && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  if (!sound) throw new Error(`endpoint: got ${JSON.stringify(endpoint)}; ${allowed}`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** What is wrong with an address, as `baseUrl` says it. */
export function addressFaults(endpoint: string): string[] {
  try {
    baseUrl(endpoint);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

/** A name as a part of a path. One like `..` would lead to another path, and is refused. */
export function segment(where: string, name: string): string {
  if (/^[A-Za-z0-9][\w.@-]*$/.test(name)) return encodeURIComponent(name);
  throw new Error(
    `${where}: got ${JSON.stringify(name)}; allowed: letters, digits, hyphens, underscores and dots, a letter or digit first`,
  );
}
