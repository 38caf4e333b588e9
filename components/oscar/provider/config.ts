import {
  reveal,
  Secret,
  Unknown,
  type CheckFailure,
  type CheckRequest,
  type CheckResult,
  type Properties,
} from "../../../provider";
import { didYouMean } from "../../near-miss";
import { addressFaults } from "../service/client/endpoint";
import { parseVersion } from "../service/version";

/** What the provider is configured with; texts, as all of Pulumi's provider configuration. */
const keys = ["endpoint", "username", "password", "token", "tokenFile", "apiVersion"] as const;
type Key = (typeof keys)[number];
const secretKeys: readonly string[] = ["password", "token"] satisfies Key[];

/** Pulumi's own, which are no business of the provider's. */
const enginesOwn = /^(version|pluginDownloadURL|__.*)$/;

export interface Settings {
  readonly endpoint: string;
  readonly login:
    | { readonly kind: "basic"; readonly username: string; readonly password: string }
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "token-file"; readonly path: string };
  readonly apiVersion: string | undefined;
}

/** The settings; nothing where some of them are not known yet, or not there. */
export function settingsOf(config: Properties): Settings | undefined {
  const text = (key: Key): string | undefined => {
    const value = reveal(config[key] ?? null);
    return typeof value === "string" ? value : undefined;
  };
  const endpoint = text("endpoint");
  const login = loginOf(text);
  if (endpoint === undefined || login === undefined || keys.some((key) => isUnknown(config, key))) {
    return undefined;
  }
  return { endpoint, login, apiVersion: text("apiVersion") };
}

function loginOf(text: (key: Key) => string | undefined): Settings["login"] | undefined {
  const [username, password, token, path] = [
    text("username"),
    text("password"),
    text("token"),
    text("tokenFile"),
  ];
  if (password !== undefined) return { kind: "basic", username: username ?? "oscar", password };
  if (token !== undefined) return { kind: "token", token };
  return path === undefined ? undefined : { kind: "token-file", path };
}

const isUnknown = (config: Properties, key: Key): boolean => reveal(config[key] ?? null) instanceof Unknown;

/** Checks the provider's configuration, and marks its secrets. */
export function checkConfig({ inputs }: Pick<CheckRequest, "inputs">): CheckResult {
  const failures = [
    ...unknownNames(inputs),
    ...keys.flatMap((key) => faultsOf(key, inputs)),
    ...loginFaults(inputs),
  ];
  return { inputs: withSecretsMarked(inputs), failures };
}

function withSecretsMarked(inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      secretKeys.includes(key) && !(value instanceof Secret) ? new Secret(value) : value,
    ]),
  );
}

function unknownNames(inputs: Properties): CheckFailure[] {
  const known: readonly string[] = keys;
  return Object.keys(inputs)
    .filter((key) => !known.includes(key) && !enginesOwn.test(key))
    .map((key) => ({
      property: key,
      reason: `got the name ${JSON.stringify(key)}; ${didYouMean(key, known)}`,
    }));
}

function faultsOf(key: Key, inputs: Properties): CheckFailure[] {
  const value = reveal(inputs[key] ?? null);
  if (value instanceof Unknown) return [];
  const fault = (reason: string): CheckFailure[] => [{ property: key, reason }];
  if (value === null) {
    return key === "endpoint"
      ? fault("got nothing; allowed: the Manager's address, such as https://oscar.example.com")
      : [];
  }
  if (typeof value !== "string") return fault(`got no text; allowed: ${allowed[key]}`);
  if (key === "endpoint") {
    return addressFaults(value).flatMap((text) => fault(text.replace(/^endpoint: /, "")));
  }
  if (value.trim() === "") return fault(`got an empty text; allowed: ${allowed[key]}`);
  if (key === "username" && value.includes(":")) {
    return fault(`got ${JSON.stringify(value)}; allowed: a name without a colon, such as oscar`);
  }
  return key === "apiVersion" && parseVersion(value) === undefined
    ? fault(`got ${JSON.stringify(value)}; allowed: ${allowed.apiVersion}`)
    : [];
}

const allowed: Readonly<Record<Key, string>> = {
  endpoint: "the Manager's address, such as https://oscar.example.com",
  username: "the administrator's name, such as oscar",
  password: "the administrator's password",
  token: "an OIDC access token",
  tokenFile: "the path of a file with an OIDC access token",
  apiVersion: "OSCAR's version, such as 4.1",
};

const oneLogin = "allowed: one of password (with username), token and tokenFile";

function loginFaults(inputs: Properties): CheckFailure[] {
  const given = (["password", "token", "tokenFile"] as const).filter((key) => (inputs[key] ?? null) !== null);
  const [first, second] = given;
  if (second !== undefined) {
    return [{ property: second, reason: `got ${given.join(" and ")}; ${oneLogin}` }];
  }
  if (first === undefined) return [{ property: "password", reason: `got no credentials; ${oneLogin}` }];
  return first !== "password" && (inputs["username"] ?? null) !== null
    ? [{ property: "username", reason: `got one with a ${first}; allowed: with password alone` }]
    : [];
}
