import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import {
  dropExpiringCertificate,
  openCredentials,
  writeKubeconfig,
} from "../../../sandbox/control-plane/credentials";

const dir = mkdtempSync(join(tmpdir(), "credentials-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const day = 24 * 3600 * 1000;

describe("the credentials", () => {
  it("are random, private, and the same the next time", async () => {
    const { token, tokenFile, ...rest } = await openCredentials(dir);
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(tokenFile, "utf8")).toBe(`${token},admin,admin,system:masters\n`);
    for (const file of [tokenFile, rest.serviceAccountKey, rest.etcdKey, rest.etcdCert])
      expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await openCredentials(dir)).toEqual({ token, tokenFile, ...rest });
  });

  it("have a certificate for etcd on loopback", async () => {
    const { etcdCert } = await openCredentials(dir);
    const certificate = new X509Certificate(readFileSync(etcdCert));
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.ca).toBe(true);
  });

  it.each([
    ["kept 31 days before its end", -31 * day, true],
    ["dropped 29 days before its end", -29 * day, false],
    ["dropped after its end", day, false],
  ])("have the API server's certificate %s", async (_, fromEnd, kept) => {
    const credentials = await openCredentials(dir);
    const path = join(credentials.certDir, "apiserver.crt");
    const text = readFileSync(credentials.etcdCert);
    writeFileSync(path, text);
    const end = new Date(new X509Certificate(text).validTo).getTime();
    await dropExpiringCertificate(credentials, new Date(end + fromEnd));
    expect(existsSync(path)).toBe(kept);
  });

  it("make a kubeconfig that trusts that certificate alone", async () => {
    const credentials = await openCredentials(dir);
    writeFileSync(join(credentials.certDir, "apiserver.crt"), "the certificate");
    const path = join(dir, "kubeconfig");
    await writeKubeconfig(path, "https://127.0.0.1:6443", credentials);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "sandbox",
          cluster: {
            server: "https://127.0.0.1:6443",
            "certificate-authority-data": Buffer.from("the certificate").toString("base64"),
          },
        },
      ],
      users: [{ name: "sandbox", user: { token: credentials.token } }],
      contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
      "current-context": "sandbox",
    });
  });
});
