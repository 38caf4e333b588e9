import { got, type Check } from "../../kubernetes/checks";

/* Checks of single values as Kubernetes and the Manager take them, which is more than we would write ourselves. */

/** CPUs: `1`, `1.0`, `.5` or `500m`, but not none. */
export const checkCpus: Check = (where, value) =>
  /^(\d+m?|\d*\.\d+)$/.test(value) && Number.parseFloat(value) > 0
    ? []
    : [`${where}: ${got(value)}; allowed: a number of CPUs, such as 2 or 500m`];

/** A size with a unit; a bare number would be bytes, which no one means. */
export const checkBytes: Check = (where, value) =>
  /^\d+(\.\d+)?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/.test(value) && Number.parseFloat(value) > 0
    ? []
    : [`${where}: ${got(value)}; allowed: a size with a unit, such as 2Gi`];

/** An image's name, with or without a tag. */
export const checkImageName: Check = (where, value) =>
  /^([a-z]+:\/\/)?[a-z0-9][a-z0-9._-]*(:\d+(?=\/))?(\/[a-z0-9][a-z0-9._-]*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.test(
    value,
  )
    ? []
    : [`${where}: ${got(value)}; allowed: an image, such as ghcr.io/you/model:1.4.0`];

/** A variable's name as Kubernetes takes it from a Secret, too. */
export const checkVariableName: Check = (where, name) =>
  /^[A-Za-z_.-][\w.-]*$/.test(name) && !/^\.\.?$/.test(name) && name.length <= 253
    ? []
    : [
        `${where}: got the name ${JSON.stringify(name)}; allowed: letters, digits, underscores, hyphens and dots, no digit first`,
      ];

/** A key of labels or annotations: a name, after a domain if need be. */
export const checkLabelKey: Check = (where, key) =>
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(key)
    ? []
    : [
        `${where}: got the name ${JSON.stringify(key)}; allowed: letters, digits, hyphens, underscores and dots, at most 63, after a domain and a slash if need be`,
      ];

export const checkLabelValue: Check = (where, value) =>
  /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/.test(value)
    ? []
    : [
        `${where}: ${got(value)}; allowed: letters, digits, hyphens, underscores and dots, at most 63, a letter or digit at both ends`,
      ];

/** The name of a Secret. */
export const checkSecretName: Check = (where, value) =>
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a Secret's name: lower-case letters, digits, hyphens and dots`];

/** S3's rules. */
export const bucketNames = "3 to 63 lower-case letters, digits, hyphens and dots";
export const isBucketName = (text: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text) &&
  !/\.\.|\.-|-\./.test(text) &&
  !/^\d+(\.\d+){3}$/.test(text);

export const checkEndpoint: Check = (where, value) =>
  /^https?:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(value)
    ? []
    : [`${where}: ${got(value)}; allowed: a URL, such as https://oscar.example.com`];

/** A choice from a list; types say so too, but not to who reads values from a file. */
export const checkOneOf =
  (allowed: readonly string[]): Check =>
  (where, value) =>
    allowed.includes(value) ? [] : [`${where}: ${got(value)}; allowed: ${allowed.join(", ")}`];
