import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { root, type Origin } from "../export/exported-file";
import type { Credentials } from "../service/client/endpoint";
import { ManagerClient } from "../service/client/manager-client";
import { knownCluster, oscarCliFile, type KnownCluster } from "./oscar-cli-file";

/** Of the command line. Secrets are never there: the shell keeps it, and all users of the computer see it. */
export interface ConnectionOptions {
  readonly endpoint?: string;
  readonly username?: string;
  readonly tokenFile?: string;
  /** One of oscar-cli's. */
  readonly cluster?: string;
}

/** Where the command was called. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

export interface Connection {
  readonly client: ManagerClient;
  readonly origin: Origin;
  /** What of oscar-cli's file has no effect, for the user. */
  readonly notes: readonly string[];
}

/**
 * The OSCAR that is meant, and who asks: `--endpoint`, or else a cluster of oscar-cli's; `--token-file`, `OSCAR_TOKEN` or
 * `OSCAR_PASSWORD`, or else what oscar-cli has. What is said here wins over oscar-cli's file.
 */
export function connect(options: ConnectionOptions, surroundings: Surroundings): Connection {
  const known = options.endpoint === undefined ? knownCluster(options.cluster) : undefined;
  const endpoint = options.endpoint ?? known?.endpoint;
  if (endpoint === undefined) {
    throw new Error(
      `--endpoint: got nothing; allowed: OSCAR's address, such as https://oscar.example.com; it is not needed where oscar-cli has ${oscarCliFile()}`,
    );
  }
  const { credentials, login } = loginHere(options, surroundings, known) ?? loginThere(known);
  return {
    client: new ManagerClient({ endpoint, credentials }),
    origin: { endpoint, login },
    notes:
      known?.skipsVerification === true
        ? [
            `oscar-cli's ssl_verify: false for ${known.id} has no effect: the certificate is checked; NODE_EXTRA_CA_CERTS names a file with a CA of your own`,
          ]
        : [],
  };
}

interface Login {
  readonly credentials: Credentials;
  readonly login: Origin["login"];
}

/** By what the user says now; nothing when that is nothing. */
function loginHere(
  { username, tokenFile }: ConnectionOptions,
  { env, folder }: Surroundings,
  known: KnownCluster | undefined,
): Login | undefined {
  if (tokenFile !== undefined) return byTokenFile(resolve(folder, tokenFile));
  const [token, password] = [env["OSCAR_TOKEN"] ?? "", env["OSCAR_PASSWORD"] ?? ""];
  if (token !== "" && username === undefined) {
    return { credentials: { kind: "bearer", token: () => token }, login: { kind: "token" } };
  }
  const user = username ?? (known?.login.kind === "basic" ? known.login.username : "oscar");
  if (password !== "") return basic(user, password);
  if (username === undefined || (known?.login.kind === "basic" && known.login.username === username))
    return undefined;
  throw new Error(`OSCAR_PASSWORD: got nothing; allowed: the password of ${username}, in the environment`);
}

/** By what oscar-cli has. */
function loginThere(known: KnownCluster | undefined): Login {
  const allowed = "allowed: the password in the environment, or else OSCAR_TOKEN or --token-file";
  if (known === undefined) throw new Error(`OSCAR_PASSWORD: got nothing; ${allowed}`);
  const { id, login } = known;
  if (login.kind === "oidc") {
    const example = login.account === undefined ? "" : `, such as OSCAR_TOKEN=$(oidc-token ${login.account})`;
    throw new Error(
      `${id}: oscar-cli logs in by OIDC, which this does not do for you; allowed: an access token in OSCAR_TOKEN${example}`,
    );
  }
  if (login.username === "" || login.password === "") {
    throw new Error(`OSCAR_PASSWORD: got nothing, and oscar-cli has none for ${id}; ${allowed}`);
  }
  return basic(login.username, login.password);
}

const basic = (username: string, password: string): Login => ({
  credentials: { kind: "basic", username, password },
  login: { kind: "basic", username },
});

function byTokenFile(path: string): Login {
  const read = () => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      throw new Error(
        `--token-file: got ${JSON.stringify(path)}, which cannot be read; allowed: a file with a token`,
      );
    }
  };
  const below = relative(root, path);
  return {
    credentials: { kind: "bearer", token: read },
    // Pulumi runs where this repository's root is; what lies elsewhere is named in full.
    login: { kind: "token-file", path: below.startsWith("..") ? path : below },
  };
}
