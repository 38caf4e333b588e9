import { got, type Check } from "../../kubernetes/checks";
import { managerName } from "../platform/namespaces";

/** The Manager, as all pods of its cluster know it. */
export const managerInCluster = `http://${managerName}.${managerName}:8080`;

/** The endpoint as paths can be added to it: OSCAR's client for Python adds `/system/…`, and two slashes find nothing. */
export const withoutSlash = (endpoint: string): string => endpoint.replace(/\/+$/, "");

/** The faults of an endpoint that pods call, with people's names and passwords. */
export const checkUiEndpoint =
  ({ clearText }: { readonly clearText: boolean }): Check =>
  (where, value) => {
    const url = URL.canParse(value) ? new URL(value) : undefined;
    const such = `such as https://oscar.example.com, or in its cluster ${managerInCluster}`;
    // It is not repeated, for it has a password in it.
    if (url !== undefined && url.username + url.password !== "")
      return [`${where}: got a URL with a login in it; allowed: one without, for people give their own`];
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.search + url.hash !== "")
      return [`${where}: ${got(value)}; allowed: a URL, ${such}`];
    if (isPodItself(url.hostname))
      return [
        `${where}: ${got(value)}; allowed: a URL that pods reach, ${such}; to a pod, ${url.hostname} is itself`,
      ];
    return url.protocol === "https:" || clearText || isInCluster(url.hostname)
      ? []
      : [
          `${where}: ${got(value)}; allowed: https://, because people's passwords go there; or, in its cluster, ` +
            `${managerInCluster}; or clearText: true`,
        ];
  };

const isPodItself = (host: string): boolean => /^(localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$/.test(host);

/** A name that no one outside can have: of Services in the same namespace, of any with their full name, and OSCAR's. */
const isInCluster = (host: string): boolean =>
  /^[^.:[\]]+$|\.svc(\.cluster\.local)?$/.test(host) || host === new URL(managerInCluster).hostname;
