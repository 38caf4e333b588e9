import { ProviderResource, secret, type Input, type ResourceOptions } from "@pulumi/pulumi";
import { ifKnown, type Check } from "../kubernetes/checks";
import { refuseBefore } from "../refuse";
import { addressFaults } from "./service/client/endpoint";
import { parseVersion } from "./service/version";

export interface OscarProviderArgs {
  /** OSCAR's address, such as `https://oscar.example.com`, without credentials. */
  readonly endpoint: Input<string>;
  readonly credentials: OscarCredentials;
  /**
   * OSCAR's version, such as `4.1`, where it does not tell it: an image built from a branch tells `devel`, and is asked
   * for what it has, by at most five requests.
   * @default what OSCAR tells
   */
  readonly apiVersion?: Input<string>;
}

/** The administrator's login, or an OIDC access token of a user's; what a token makes belongs to its user. */
export type OscarCredentials = BasicCredentials | TokenCredentials | TokenFileCredentials;

export interface BasicCredentials {
  readonly kind: "basic";
  /** @default "oscar" */
  readonly username?: Input<string>;
  readonly password: Input<string>;
}

export interface TokenCredentials {
  readonly kind: "token";
  /** It lasts minutes, as a rule: when it has run out, OSCAR answers 401. */
  readonly token: Input<string>;
}

export interface TokenFileCredentials {
  readonly kind: "token-file";
  /** A file with the token, read again before each request; relative to the folder of Pulumi.yaml. */
  readonly path: Input<string>;
}

/**
 * An OSCAR cluster that services, buckets, volumes and quotas are made in.
 *
 * ```ts
 * const lab = new OscarProvider(
 *   "lab",
 *   { endpoint: oscar.endpoint, credentials: { kind: "basic", password: oscar.password } },
 *   { dependsOn: oscar.ready },
 * );
 * new OscarService("nginx", { image: "nginx:1.29.1", script: readScript("script.sh") }, { provider: lab });
 * ```
 *
 * What is made with it comes after all that it depends on, and goes before. Without `dependsOn`, services would be made
 * while OSCAR starts, and OSCAR taken away before its services. It costs nothing, makes nothing, and asks OSCAR only when
 * there is something to make or to look at. Password and token are secrets in the state, whether or not they come as ones.
 */
export class OscarProvider extends ProviderResource {
  constructor(name: string, args: OscarProviderArgs, opts?: ResourceOptions) {
    refuseBefore(`OscarProvider ${name}`, validateOscarProvider(args));
    const { endpoint, credentials, apiVersion } = args;
    super(
      "oscar",
      name,
      { endpoint, ...login(credentials), ...(apiVersion !== undefined && { apiVersion }) },
      opts,
    );
  }
}

/** The credentials as the provider's configuration has them. */
function login(credentials: OscarCredentials): Record<string, Input<string>> {
  switch (credentials.kind) {
    case "basic":
      return { username: credentials.username ?? "oscar", password: secret(credentials.password) };
    case "token":
      return { token: secret(credentials.token) };
    case "token-file":
      return { tokenFile: credentials.path };
  }
}

/** The faults of the arguments, all of them; what is not known yet is passed over. */
export function validateOscarProvider({ endpoint, credentials, apiVersion }: OscarProviderArgs): string[] {
  return [
    ...ifKnown((_, value) => addressFaults(value), "endpoint", endpoint),
    ...credentialFaults(credentials),
    ...ifKnown(checkVersion, "apiVersion", apiVersion),
  ];
}

function credentialFaults(credentials: OscarCredentials): string[] {
  switch (credentials.kind) {
    case "basic":
      return [
        ...ifKnown(checkUsername, "credentials.username", credentials.username),
        ...ifKnown(checkSecret("the password"), "credentials.password", credentials.password),
      ];
    case "token":
      return ifKnown(checkSecret("the token"), "credentials.token", credentials.token);
    case "token-file":
      return ifKnown(checkPath, "credentials.path", credentials.path);
    default:
      // Types say so too, but not to who reads them from elsewhere.
      return ["credentials.kind: allowed: basic, token, token-file"];
  }
}

const checkVersion: Check = (where, value) =>
  parseVersion(value) === undefined
    ? [`${where}: got ${JSON.stringify(value)}; allowed: OSCAR's version, such as 4.1`]
    : [];

/** In basic auth, the first colon ends the name. */
const checkUsername: Check = (where, value) =>
  value !== "" && !value.includes(":")
    ? []
    : [`${where}: got ${JSON.stringify(value)}; allowed: a name without a colon, such as oscar`];

/** A secret is not repeated. */
const checkSecret =
  (what: string): Check =>
  (where, value) =>
    value.trim() === "" ? [`${where}: got none; allowed: ${what}`] : [];

const checkPath: Check = (where, value) =>
  value.trim() === "" ? [`${where}: got none; allowed: the path of a file that has the token`] : [];
