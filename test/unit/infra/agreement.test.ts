import { describe, expect, it } from "vitest";
import { checkImage, checkSize } from "../../../components/kubernetes/checks";
import { parseEnvironment } from "../../../infra/environment";
import { images, whole } from "./documents";

/** Both check the same words, each for itself: a component is used without the schema too. */
describe("the schema and the components agree on", () => {
  const sized = (size: string) => () =>
    parseEnvironment({ ...whole, modelVolume: { size } }, { where: "here", allowPlaceholders: false });

  it.each(["10Gi", "1.5Ti", "500M", "1k"])("the size %s", (size) => {
    expect(sized(size)).not.toThrow();
    expect(checkSize("size", size)).toEqual([]);
  });
  it.each(["10", "10gb", "0Gi", "-1Gi", "10 Gi", ""])("refusing the size %j", (size) => {
    expect(sized(size)).toThrow("here: 1 fault");
    expect(checkSize("size", size)).toHaveLength(1);
  });
  it.each(images)("the image %s", (name) => {
    expect(checkImage("image", name)).toEqual([]);
  });
});
