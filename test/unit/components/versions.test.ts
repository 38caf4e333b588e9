import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import semver from "semver";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { charts, images, knativeServingVersion, type PinnedChart } from "../../../components/versions";
import { root } from "../../../sandbox/project";

const pinned: [string, PinnedChart][] = Object.entries(charts);
const standIns = join(root, "sandbox/charts");

describe.each(pinned)("the chart %s", (_, { name, version, repository }) => {
  it("is of one version, from a place that is reached by an encrypted way", () => {
    expect(semver.valid(version)).toBe(version.replace(/^v/, ""));
    expect(repository).toMatch(/^(https|oci):\/\/[a-z0-9.-]+(\/[a-z0-9./-]+[a-z0-9])?$/);
  });

  it("has a stand-in in the sandbox, of the same name and version", () => {
    const chart: unknown = parse(readFileSync(join(standIns, name, "Chart.yaml"), "utf8"));
    expect(chart).toMatchObject({ apiVersion: "v2", name, version });
  });
});

it("no stand-in stands for nothing", () => {
  expect(readdirSync(standIns).sort()).toEqual(pinned.map(([, { name }]) => name).sort());
});

it("no image and no version is one that changes", () => {
  for (const image of Object.values(images)) expect(image).toMatch(/^[a-z0-9./-]+:(?!latest$)[\w.-]+$/);
  expect(semver.valid(knativeServingVersion)).toBe(knativeServingVersion);
});
