import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "selfsigned";

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
  const write = (path: string, text: string) => writeFile(path, text, { mode: 0o600 });
  if (!existsSync(tokenFile))
    await write(tokenFile, `${randomBytes(32).toString("hex")},admin,admin,system:masters\n`);
  if (!existsSync(serviceAccountKey)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await write(serviceAccountKey, privateKey.export({ type: "pkcs1", format: "pem" }).toString());
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
    await write(etcdKey, key);
    await write(etcdCert, cert);
  }
  const [token = ""] = (await readFile(tokenFile, "utf8")).split(",");
  return { token, certDir, serviceAccountKey, tokenFile, etcdCert, etcdKey };
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
  await writeFile(path, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  await chmod(path, 0o600);
}
