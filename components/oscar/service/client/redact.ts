/** Keys of a request below which every string is a secret. */
const secretKeys = new Set([
  "secrets",
  "access_key",
  "secret_key",
  "password",
  "auth_password",
  "token",
  "refresh_token",
  "headers",
]);

/** The secrets in what is sent: values of `environment.secrets`, keys and passwords of providers and clusters. */
export function secretsIn(body: unknown, within = false): string[] {
  if (typeof body === "string") return within ? [body] : [];
  if (Array.isArray(body)) return body.flatMap((item) => secretsIn(item, within));
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) => secretsIn(value, within || secretKeys.has(key)));
}

// What looks like a secret whoever wrote it: an answer of 401 can be followed by the whole configuration, since the
// Manager's handlers run on after its check of tokens has failed. 64 hex digits are a service's token, or an image's digest.
const lookSecret: readonly [RegExp, string][] = [
  [
    /("(?:access_key|secret_key|token|password|auth_password|refresh_token)"\s*:\s*)"(?:[^"\\]|\\.)*"/g,
    '$1"[secret]"',
  ],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[secret]"],
  [/(?<!sha256:)\b[0-9a-f]{64}\b/g, "[secret]"],
  [/(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"\\]+/g, "$1[secret]"],
];

/** Long enough for any of the Manager's texts; a page of HTML from a proxy is cut. */
const longest = 2000;

/** A text of the Manager's that may be shown. A secret of fewer than four characters is not looked for. */
export function redact(text: string, secrets: readonly string[]): string {
  const spellings = secrets
    .filter((secret) => secret.trim().length > 3)
    .flatMap((secret) => [secret, secret.trim(), JSON.stringify(secret).slice(1, -1)])
    .sort((one, other) => other.length - one.length);
  const without = spellings.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), text);
  const shown = lookSecret.reduce((rest, [pattern, by]) => rest.replace(pattern, by), without);
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}
