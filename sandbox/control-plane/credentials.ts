import { generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";
import { writePrivate } from "./files";

/** Files of a control plane, all readable by their owner alone. */
export interface Credentials {
  readonly token: string;
  /** Where the API server makes its own certificate, which is also the CA that clients trust. */
  readonly certDir: string;
  readonly serviceAccountKey: string;
  readonly tokenFile: string;
  /** One certificate for both ends of the line to etcd, which trust nothing else. */
  readonly etcdCert: string;
  readonly etcdKey: string;
}

/** Makes what is missing: a random token, a key that signs service accounts' tokens, a certificate for etcd. */
export async function openCredentials(dir: string): Promise<Credentials> {
  const certDir = join(dir, "pki");
  await mkdir(certDir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const file = (name: string) => join(certDir, name);
  const [tokenFile, serviceAccountKey, etcdCert, etcdKey] = [
    file("tokens.csv"),
    file("service-accounts.key"),
    file("etcd.crt"),
    file("etcd.key"),
  ];
  if (!existsSync(tokenFile))
    await writePrivate(tokenFile, `${randomBytes(32).toString("hex")},admin,admin,system:masters\n`);
  if (!existsSync(serviceAccountKey)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writePrivate(serviceAccountKey, privateKey.export({ type: "pkcs1", format: "pem" }).toString());
  }
  if (!existsSync(etcdCert) || !existsSync(etcdKey)) {
    const { private: key, cert } = await generate(
      [{ name: "commonName", value: "inference-infra sandbox etcd" }],
      {
        keySize: 2048,
        algorithm: "sha256",
        notAfterDate: new Date(Date.now() + 10 * 365 * 24 * 3600 * 1000),
        extensions: [
          { name: "basicConstraints", cA: true },
          { name: "keyUsage", digitalSignature: true, keyEncipherment: true, keyCertSign: true },
          { name: "extKeyUsage", serverAuth: true, clientAuth: true },
          {
            name: "subjectAltName",
            altNames: [
              { type: 7, ip: "127.0.0.1" },
              { type: 2, value: "localhost" },
            ],
          },
        ],
      },
    );
    await writePrivate(etcdKey, key);
    await writePrivate(etcdCert, cert);
  }
  const [token = ""] = (await readFile(tokenFile, "utf8")).split(",");
  return { token, certDir, serviceAccountKey, tokenFile, etcdCert, etcdKey };
}

/**
 * The API server makes a certificate for a year where there is none, and never looks at its end; one that ends within
 * 30 days is removed here, before a start.
 */
export async function dropExpiringCertificate({ certDir }: Credentials, now = new Date()): Promise<void> {
  const path = join(certDir, "apiserver.crt");
  const text = await readFile(path).catch(() => undefined);
  if (text === undefined) return;
  const end = new Date(new X509Certificate(text).validTo);
  if (end.getTime() - now.getTime() > 30 * 24 * 3600 * 1000) return;
  await rm(path);
  await rm(join(certDir, "apiserver.key"), { force: true });
}

/** A kubeconfig that trusts the API server's own certificate, mode 0600. Its path is always the same. */
export async function writeKubeconfig(
  path: string,
  server: string,
  { token, certDir }: Credentials,
): Promise<void> {
  const ca = await readFile(join(certDir, "apiserver.crt"));
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "sandbox", cluster: { server, "certificate-authority-data": ca.toString("base64") } }],
    users: [{ name: "sandbox", user: { token } }],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
    "current-context": "sandbox",
  };
  await writePrivate(path, JSON.stringify(config, undefined, 2));
}
