import type { Check } from "../../kubernetes/checks";
import type { OscarClusterArgs, RegistryLogin } from "./oscar-args";

/** What is said of services. */
export type OfServices = Pick<
  OscarClusterArgs,
  "allowedImages" | "imagePullSecrets" | "allowedOrigins" | "metrics"
>;

/** The faults of what services are made of, and of who may call and watch them. */
export function validateServices(args: OfServices): string[] {
  const { allowedImages, imagePullSecrets = {}, allowedOrigins = [], metrics } = args;
  return [
    // OSCAR takes an empty list for none.
    ...(allowedImages?.length === 0
      ? ["allowedImages: got an empty list; allowed: at least one, or no list, with which every image is"]
      : []),
    ...(allowedImages ?? []).flatMap((each) => checkAllowedImage("allowedImages", each)),
    ...Object.entries(imagePullSecrets).flatMap(([name, login]) => loginFaults(name, login)),
    ...allowedOrigins.flatMap((origin) => checkOrigin("allowedOrigins", origin)),
    ...(metrics?.prometheusUrl === undefined ? [] : checkUrl("metrics.prometheusUrl", metrics.prometheusUrl)),
    ...(metrics?.lokiUrl === undefined ? [] : checkUrl("metrics.lokiUrl", metrics.lokiUrl)),
  ];
}

const checkAllowedImage: Check = (where, value) =>
  /^[a-z0-9][a-z0-9.-]*(:\d+(?=\/))?(\/[a-z0-9][a-z0-9._-]*)*(\/|:\w[\w.-]*)?$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: the beginning of an image's name, such as ghcr.io/acme/`,
      ];

/** The chart has a Secret there. */
const ofChart = "minio";

function loginFaults(name: string, { registry, username }: RegistryLogin): string[] {
  const where = `imagePullSecrets.${name}`;
  return [
    ...(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)
      ? []
      : [
          `imagePullSecrets: got the name ${JSON.stringify(name)}; allowed: lower-case letters, digits, hyphens and dots`,
        ]),
    ...(name === ofChart
      ? [
          `imagePullSecrets: got the name "${ofChart}"; allowed: another, because OSCAR has a Secret of that name`,
        ]
      : []),
    ...(/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._/-]+)?$/.test(registry)
      ? []
      : [`${where}.registry: got ${JSON.stringify(registry)}; allowed: a registry's host, such as ghcr.io`]),
    // What comes after the first colon is the password.
    ...(username === "" || username.includes(":")
      ? [`${where}.username: got ${JSON.stringify(username)}; allowed: a text without a colon`]
      : []),
  ];
}

const checkOrigin: Check = (where, value) =>
  /^https?:\/\/[a-z0-9][a-z0-9.-]*(:\d+)?$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: where a page comes from, without a path, such as https://app.example.com`,
      ];

const checkUrl: Check = (where, value) =>
  /^https?:\/\/[^\s/?#]+([/?][^\s#]*)?$/.test(value)
    ? []
    : [
        `${where}: got ${JSON.stringify(value)}; allowed: a URL, such as http://prometheus-server.monitoring.svc.cluster.local`,
      ];
