import { checkImage } from "../../../components/kubernetes/checks";
import { ownBuckets } from "../../../components/oscar/service/storage-paths";
import { validateService } from "../../../components/oscar/service/validate-service";
import { got, unknownKey, type Fault } from "../../faults";
import type { Draft } from "../draft";
import type { Found, Reading, Section } from "./files";

/** What is wrong with the services that the files have, and with what the document says of them. */
export function services(draft: Draft, section: Section, { services: found, isWhole }: Reading): Fault[] {
  return [
    ...found.flatMap((service) => serviceFaults(draft, section, service)),
    ...twinFaults(found),
    ...bucketFaults(found),
    ...(isWhole ? nameFaults(section, found) : []),
    ...smokeTestFaults(draft, section, found),
  ];
}

/** The image that it is to have. */
function imageOf({ images }: Section, { spec }: Found): string {
  return images?.[spec.name] ?? spec.image;
}

/** A fault of a service, told by the place in its file. */
const inFile = ({ path, place, spec }: Found, text: string): Fault => ({
  path,
  message: `${place}: ${spec.name}: ${text}`,
});

function serviceFaults({ tier, oscar }: Draft, section: Section, service: Found): Fault[] {
  const image = imageOf(section, service);
  const { name, interlinkNodeName } = service.spec;
  const unpinned = tier === "production" && interlinkNodeName === undefined ? checkImage("image", image) : [];
  const allowed = oscar?.allowedImages?.flatMap((each) => each ?? []);
  const isStack = (section.cluster?.kind ?? "stack") === "stack";
  return [
    ...validateService({ ...service.spec, image }).map((text) => inFile(service, text)),
    ...unpinned.map((text) => inFile(service, `${text}; here or as oscarServices.images.${name}`)),
    ...(isStack && allowed !== undefined && !allowed.some((part) => image.includes(part))
      ? [
          inFile(
            service,
            `image: got ${JSON.stringify(image)}; allowed: one with ${allowed.join(" or ")} in its name (oscar.allowedImages)`,
          ),
        ]
      : []),
  ];
}

/** In one file, the file's reader tells. */
function twinFaults(found: readonly Found[]): Fault[] {
  return found.flatMap((service, index) => {
    const twin = found.slice(0, index).find(({ spec }) => spec.name === service.spec.name);
    if (twin === undefined) return [];
    const { path, place, spec } = service;
    const message = `${place}: got the service ${JSON.stringify(spec.name)} of ${twin.place} again; allowed: each once`;
    return [{ path, message }];
  });
}

/** OSCAR makes the buckets of each service, and refuses a service whose bucket is there. */
function bucketFaults(found: readonly Found[]): Fault[] {
  return found.flatMap((service, index) => {
    const others = found.slice(0, index).filter(({ spec }) => spec.name !== service.spec.name);
    return ownBuckets(service.spec).flatMap((bucket) => {
      const owner = others.find(({ spec }) => ownBuckets(spec).includes(bucket));
      return owner === undefined
        ? []
        : [
            inFile(
              service,
              `got the bucket ${JSON.stringify(bucket)}, which ${owner.spec.name} makes (${owner.place}); allowed: one of its own`,
            ),
          ];
    });
  });
}

/** What the document says of services that there are not. */
function nameFaults(section: Section, found: readonly Found[]): Fault[] {
  const names = found.map(({ spec }) => spec.name);
  return [
    ...(["images", "smokeTests"] as const).flatMap((part) =>
      Object.keys(section[part] ?? {})
        .filter((name) => !names.includes(name))
        .map((name) => ({ path: ["oscarServices", part, name], message: unknownKey(name, names) })),
    ),
    ...(section.import ?? []).flatMap((name, index) =>
      name === undefined || names.includes(name)
        ? []
        : [
            {
              path: ["oscarServices", "import", index],
              message: `got ${JSON.stringify(name)}; allowed: a service of the files: ${names.join(", ")}`,
            },
          ],
    ),
  ];
}

/** A call that waits for its answer is Knative's to take; an exposed service has none of it. */
function smokeTestFaults(
  { oscar }: Draft,
  { cluster, smokeTests }: Section,
  found: readonly Found[],
): Fault[] {
  const lacksKnative = (cluster?.kind ?? "stack") === "stack" && oscar?.knative === "none";
  return Object.keys(smokeTests ?? {}).flatMap((name) => {
    const path = ["oscarServices", "smokeTests", name];
    const isExposed = found.some(({ spec }) => spec.name === name && spec.expose !== undefined);
    if (isExposed) {
      const message = "given, but the service is exposed; allowed: for one that takes synchronous calls";
      return [{ path, message }];
    }
    return lacksKnative
      ? [{ path, message: "given, but OSCAR takes synchronous calls only by Knative (oscar.knative)" }]
      : [];
  });
}

/** `.invalid` is reserved (RFC 2606): an image there marks the place where the user's own belongs. */
export function imagePlaceholders(section: Section, { services: found }: Reading): Fault[] {
  return found.flatMap((service) => {
    const image = imageOf(section, service);
    if (!image.startsWith("placeholder.invalid/")) return [];
    const path = ["oscarServices", "images", service.spec.name];
    const needed = "needed: your own image (only the sandbox does without: npm run sandbox)";
    return section.images?.[service.spec.name] === undefined
      ? [inFile(service, `image: got ${JSON.stringify(image)}, a placeholder; ${needed}`)]
      : [{ path, message: `${got(image, path)}, a placeholder; ${needed}` }];
  });
}
