import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connect, type ConnectionOptions } from "../../../components/oscar/cli/connection";
import { knownCluster } from "../../../components/oscar/cli/oscar-cli-file";

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function file(...lines: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "oscar-cli-"));
  folders.push(folder);
  const path = join(folder, "config.yaml");
  writeFileSync(path, lines.join("\n"));
  return path;
}

const lab = ["oscar:", "  lab:", "    endpoint: https://lab"];

describe("a cluster of oscar-cli's", () => {
  it.each<[string, string[], object]>([
    [
      "a password of digits is text",
      [...lab, "    auth_user: oscar", "    auth_password: 0123"],
      { login: { kind: "basic", username: "oscar", password: "0123" } },
    ],
    [
      "a refresh token wins over a password, as there",
      [...lab, "    auth_user: oscar", "    auth_password: p", "    oidc_refresh_token: r"],
      { login: { kind: "oidc" } },
    ],
    [
      "an account of oidc-agent",
      [...lab, "    oidc_account_name: mine"],
      { login: { kind: "oidc", account: "mine" } },
    ],
    ["certificates that are not checked", [...lab, "    ssl_verify: false"], { skipsVerification: true }],
    ["the only one", lab, { id: "lab", endpoint: "https://lab", skipsVerification: false }],
    ["the default one", [...lab, "  far:", "    endpoint: https://far", "default: far"], { id: "far" }],
  ])("%s", (_, lines, expected) => expect(knownCluster(undefined, file(...lines))).toMatchObject(expected));

  it("is nothing where oscar-cli is not used, unless it is named", () => {
    expect(knownCluster(undefined, "/no/such.yaml")).toBeUndefined();
    expect(() => knownCluster("lab", "/no/such.yaml")).toThrow(
      '--cluster: got "lab"; allowed: nothing, as there is no /no/such.yaml',
    );
  });

  it.each<[string, string[], string]>([
    [
      "several and no default",
      [...lab, "  far:", "    endpoint: https://far"],
      "--cluster: got nothing, and there is no default; allowed: those in FILE: lab, far",
    ],
    [
      "a default that is not there",
      [...lab, "default: far"],
      'FILE: default: got "far"; allowed: those in FILE: lab',
    ],
    [
      "no endpoint",
      ["oscar:", "  lab: {}"],
      "FILE: oscar.lab.endpoint: got nothing; allowed: OSCAR's address",
    ],
    [
      "no YAML, and nothing of it is repeated",
      ["auth_password: 's3cret"],
      "FILE: cannot be read; allowed: the YAML that oscar-cli writes",
    ],
  ])("%s", (_, lines, message) => {
    const path = file(...lines);
    expect(() => knownCluster(undefined, path)).toThrow(new Error(message.replaceAll("FILE", path)));
  });
});

describe("who asks which OSCAR", () => {
  const url = "https://oscar.example.com";
  const withPassword = [...lab, "    auth_user: me", "    auth_password: theirs"];
  const withOidc = [...lab, "    oidc_account_name: mine"];

  /** In a home where oscar-cli has this. */
  function connected(options: ConnectionOptions, env: Record<string, string>, lines: readonly string[] = []) {
    const home = mkdtempSync(join(tmpdir(), "oscar-cli-"));
    folders.push(home);
    vi.stubEnv("HOME", home);
    if (lines.length > 0) {
      mkdirSync(join(home, ".oscar-cli"));
      writeFileSync(join(home, ".oscar-cli/config.yaml"), lines.join("\n"));
    }
    return connect(options, { env, folder: "/here" });
  }

  it.each<[string, ConnectionOptions, Record<string, string>, string[], object]>([
    ["a password", { endpoint: url }, { OSCAR_PASSWORD: "p" }, [], { kind: "basic", username: "oscar" }],
    [
      "a password of another name's, though there is a token",
      { endpoint: url, username: "me" },
      { OSCAR_PASSWORD: "p", OSCAR_TOKEN: "t" },
      [],
      { kind: "basic", username: "me" },
    ],
    ["a token", { endpoint: url }, { OSCAR_PASSWORD: "p", OSCAR_TOKEN: "t" }, [], { kind: "token" }],
    [
      "a file with a token",
      { endpoint: url, tokenFile: "token" },
      { OSCAR_TOKEN: "t" },
      [],
      { kind: "token-file", path: "/here/token" },
    ],
    ["oscar-cli's password", {}, {}, withPassword, { kind: "basic", username: "me" }],
    [
      "a password for oscar-cli's name",
      {},
      { OSCAR_PASSWORD: "p" },
      withPassword,
      { kind: "basic", username: "me" },
    ],
    ["a token for oscar-cli's cluster", {}, { OSCAR_TOKEN: "t" }, withOidc, { kind: "token" }],
  ])("by %s", (_, options, env, lines, login) => {
    const { origin } = connected(options, env, lines);
    expect(origin).toEqual({ endpoint: options.endpoint ?? "https://lab", login });
  });

  it.each<[string, ConnectionOptions, Record<string, string>, string[], string]>([
    [
      "no address",
      {},
      { OSCAR_PASSWORD: "p" },
      [],
      "--endpoint: got nothing; allowed: OSCAR's address, such as https://oscar.example.com; it is not needed where oscar-cli has HOME/.oscar-cli/config.yaml",
    ],
    [
      "no password",
      { endpoint: url },
      {},
      [],
      "OSCAR_PASSWORD: got nothing; allowed: the password in the environment, or else OSCAR_TOKEN or --token-file",
    ],
    [
      "no password for a name",
      { username: "you" },
      {},
      withPassword,
      "OSCAR_PASSWORD: got nothing; allowed: the password of you, in the environment",
    ],
    [
      "none in oscar-cli's file",
      {},
      {},
      lab,
      "OSCAR_PASSWORD: got nothing, and oscar-cli has none for lab; allowed: the password in the environment, or else OSCAR_TOKEN or --token-file",
    ],
    [
      "a login that is oscar-cli's alone",
      {},
      {},
      withOidc,
      "lab: oscar-cli logs in by OIDC, which this does not do for you; allowed: an access token in OSCAR_TOKEN, such as OSCAR_TOKEN=$(oidc-token mine)",
    ],
    [
      "an address with a password in it",
      { endpoint: "https://me:s3cret@oscar.example.com" },
      { OSCAR_PASSWORD: "p" },
      [],
      "endpoint: got an address with credentials in it; allowed: the Manager's address without credentials, such as https://oscar.example.com",
    ],
  ])("not with %s", (_, options, env, lines, message) => {
    const said = () => {
      try {
        connected(options, env, lines);
      } catch (error) {
        return String(error).replace(process.env["HOME"] ?? "", "HOME");
      }
      return "nothing";
    };
    expect(said()).toBe(`Error: ${message}`);
  });

  it("says that certificates are checked", () => {
    expect(connected({}, {}, [...withPassword, "    ssl_verify: false"]).notes).toEqual([
      "oscar-cli's ssl_verify: false for lab has no effect: the certificate is checked; NODE_EXTRA_CA_CERTS names a file with a CA of your own",
    ]);
    expect(connected({}, {}, withPassword).notes).toEqual([]);
  });
});
