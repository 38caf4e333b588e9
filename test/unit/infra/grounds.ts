/** Documents of a UI that is reached by a name; tests change a section. */
export const storage = { readWriteOnce: { name: "standard", binding: "WaitForFirstConsumer" } };
const image = "ghcr.io/acme/mnist-ui:1.0.0";

/** A name that no one else has, unlike the placeholders below example.com. */
export const host = "mnist.acme.dev";
export const zone = { kind: "route53", domain: "acme.dev" };
export const googleZone = { kind: "cloud-dns", domain: "acme.dev" };

/** Someone's cluster, with whatever more the host has. */
export const existing = (more: object = {}) => ({ kind: "existing", context: "lab", storage, ...more });
export const gke = (more: object = {}) => ({
  kind: "gke",
  project: "my-project",
  region: "europe-west4",
  ...more,
});
export const byClass = { kind: "class", className: "eg", controller: "envoy-gateway" };
export const acme = (challenge: "http-01" | "dns-01", more: object = {}) => ({
  kind: "cert-manager",
  issuer: { kind: "acme", email: "ops@acme.dev", challenge, ...more },
});
export const existingIssuer = { kind: "cert-manager", issuer: { kind: "existing", name: "letsencrypt" } };

/** A whole document: where it runs, what the UI says, and whatever more. */
export const stack = (at: object, ui: object, more: object = {}) => ({
  name: "mnist",
  tier: "development",
  host: at,
  ui: { image, ...ui },
  ...more,
});
