/** Written by the Manager at every POST and PUT, whatever it is sent; the last one by POST only. */
const always = ["oscar.grycap/user-service", "oscar_service", "applicationId", "queue", "owner_name"];

/** Written by POST for users that log in by OIDC; a user may have labels of these names too. */
const sometimes = ["vo", "uid", "kueue.x-k8s.io/queue-name"];

type Labels = Readonly<Record<string, string>>;

/** The labels that the Manager made; a PUT loses those that it is not sent. */
export function serverLabels(labels: Labels = {}): Record<string, string> {
  return filtered(labels, (key) => always.includes(key) || sometimes.includes(key));
}

/** A service's labels without the Manager's; of those that a user may have too, the ones in `own` are kept. */
export function userLabels(labels: Labels = {}, own: Labels = labels): Record<string, string> {
  return filtered(labels, (key) => !always.includes(key) && (!sometimes.includes(key) || key in own));
}

const filtered = (labels: Labels, isMeant: (key: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter(([key]) => isMeant(key)));
