import { textAt } from "../kubernetes/objects";
import { googleError, type Behaviour } from "./behaviour";
import { projectOf } from "./places";

export const bucket: Behaviour = {
  naming: { property: "name", maxLength: 222 },
  id: (inputs) => textAt(inputs, "name") ?? "",
  exists: () =>
    googleError(
      409,
      "Your previous request to create the named bucket succeeded and you already own it.",
      "conflict",
    ),
  outputs: ({ id, inputs, defaults }) => ({
    project: projectOf(inputs, defaults),
    url: `gs://${id}`,
    selfLink: `https://www.googleapis.com/storage/v1/b/${id}`,
    storageClass: "STANDARD",
    publicAccessPrevention: "inherited",
  }),
};
