import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { OscarProvider, type OscarProviderArgs } from "../../../../components/oscar/oscar-provider";
import { OscarBucket } from "../../../../components/oscar/resources/oscar-bucket";
import { run } from "../../../support/mocks";

const endpoint = "https://oscar.example.com";
const password = "s3cret";

describe.each([false, true])("a provider for OSCAR, preview %s", (preview) => {
  it.each<[string, OscarProviderArgs, object]>([
    [
      "the administrator",
      { endpoint, credentials: { kind: "basic", password } },
      { endpoint, username: "oscar", password: { secret: password } },
    ],
    [
      "an administrator of another name, by a secret",
      {
        endpoint,
        credentials: { kind: "basic", username: "root", password: secret(password) },
        apiVersion: "4.1",
      },
      { endpoint, username: "root", password: { secret: password }, apiVersion: "4.1" },
    ],
    [
      "a token",
      { endpoint: output(endpoint), credentials: { kind: "token", token: "t0ken" } },
      { endpoint, token: { secret: "t0ken" } },
    ],
    [
      "a file with a token",
      { endpoint, credentials: { kind: "token-file", path: "token" } },
      { endpoint, tokenFile: "token" },
    ],
  ])("logs in as %s", async (_who, args, inputs) => {
    const { registered } = await run(preview, () => new OscarProvider("lab", args));
    expect(registered).toEqual([
      {
        type: "pulumi:providers:oscar",
        name: "lab",
        inputs,
        parent: "Stack test-test",
        dependsOn: [],
        options: {},
      },
    ]);
  });

  it("comes after OSCAR, and what is made with it after that", async () => {
    const { one } = await run(preview, () => {
      const credentials = { kind: "basic", password } as const;
      const oscar = new OscarProvider("first", { endpoint, credentials });
      const lab = new OscarProvider("lab", { endpoint, credentials }, { dependsOn: oscar });
      new OscarBucket("models", {}, { provider: lab });
    }).then(({ registered }) => ({
      one: (name: string) => registered.find((each) => each.name === name),
    }));
    expect(one("lab")?.dependsOn).toEqual(["oscar first"]);
    expect(one("models")?.provider).toBe("lab");
  });
});

describe("a provider's faults", () => {
  it.each<[object, string]>([
    [
      { endpoint: "oscar.example.com" },
      'endpoint: got "oscar.example.com"; allowed: the Manager\'s address without credentials, such as https://oscar.example.com',
    ],
    [
      { endpoint: "https://oscar:s3cret@oscar.example.com" },
      "endpoint: got an address with credentials in it; allowed: the Manager's address without credentials, such as https://oscar.example.com",
    ],
    [
      { credentials: { kind: "basic", username: "o:s", password } },
      'credentials.username: got "o:s"; allowed: a name without a colon, such as oscar',
    ],
    [
      { credentials: { kind: "basic", password: "" } },
      "credentials.password: got none; allowed: the password",
    ],
    [{ credentials: { kind: "token", token: " " } }, "credentials.token: got none; allowed: the token"],
    [
      { credentials: { kind: "token-file", path: "" } },
      "credentials.path: got none; allowed: the path of a file that has the token",
    ],
    [{ credentials: { kind: "oidc" } }, "credentials.kind: allowed: basic, token, token-file"],
    [{ apiVersion: "newest" }, 'apiVersion: got "newest"; allowed: OSCAR\'s version, such as 4.1'],
  ])("of %j", async (wrong, fault) => {
    const args = { endpoint, credentials: { kind: "basic", password }, ...wrong } as OscarProviderArgs;
    await expect(run(false, () => new OscarProvider("lab", args))).rejects.toThrow(
      expect.objectContaining({ message: `OscarProvider lab:\n  ${fault}` }),
    );
  });

  it("are told all at once, and nothing is registered", async () => {
    const args: OscarProviderArgs = { endpoint: "", credentials: { kind: "basic", password: "" } };
    const { registered, result } = await run(false, () => {
      try {
        return new OscarProvider("lab", args);
      } catch (error) {
        return String(error);
      }
    });
    expect(result).toContain("\n  endpoint: ");
    expect(result).toContain("\n  credentials.password: ");
    expect(registered).toEqual([]);
  });
});
