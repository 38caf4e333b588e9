import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkAbsolutePath,
  checkBelow,
  checkCpu,
  checkDnsLabel,
  checkHostName,
  checkImage,
  checkName,
  checkPositive,
  checkSize,
  checkWhole,
  ifKnown,
} from "../../../components/kubernetes/checks";
import { environment, validateContainer } from "../../../components/kubernetes/container";
import { gpuScheduling } from "../../../components/host/existing-cluster";

const digest = `@sha256:${"0".repeat(64)}`;

describe("single values that are sound", () => {
  it.each([
    [checkSize, ["10Gi", "1.5Ti", "500M", "64Ki"]],
    [checkCpu, ["1", "0.5", ".25", "500m", "16", "10"]],
    [
      checkImage,
      [
        "ghcr.io/you/ui:1.4.0",
        "ui:1",
        "localhost:5000/ui:1.0",
        `ui${digest}`,
        `ghcr.io/you/ui:latest${digest}`,
        "a/b:latest-1",
      ],
    ],
    [checkDnsLabel, ["ml", "1st", "a".repeat(63)]],
    [checkHostName, ["mnist.localhost", "a-b.example.com", "localhost"]],
    [checkAbsolutePath, ["/", "/models/model.pt", "/a..b"]],
  ] as const)("%o", (check, values) => {
    for (const value of values) expect(check("x", value)).toEqual([]);
  });
});

describe("single values that are not", () => {
  const image = "an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0";
  it.each([
    [checkSize("size", "10"), 'size: got "10"; allowed: a size with a unit, such as 10Gi'],
    [checkSize("size", "0Gi"), 'size: got "0Gi"; allowed: a size with a unit, such as 10Gi'],
    [checkSize("size", "10GB"), 'size: got "10GB"; allowed: a size with a unit, such as 10Gi'],
    [checkCpu("cpu", "0"), 'cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m'],
    [checkCpu("cpu", "2 cores"), 'cpu: got "2 cores"; allowed: a number of CPUs, such as 2 or 500m'],
    [checkImage("image", ""), `image: got ""; allowed: ${image}`],
    [checkImage("image", "ghcr.io/you/ui"), `image: got "ghcr.io/you/ui"; allowed: ${image}`],
    [checkImage("image", "localhost:5000/ui"), `image: got "localhost:5000/ui"; allowed: ${image}`],
    [checkImage("image", "ui:latest"), `image: got "ui:latest"; allowed: ${image}`],
    [checkImage("image", "ghcr.io/You/ui:1"), `image: got "ghcr.io/You/ui:1"; allowed: ${image}`],
    [checkImage("image", "my ui:1"), `image: got "my ui:1"; allowed: ${image}`],
    [
      checkName("Mnist_1", 54),
      'name: got "Mnist_1"; allowed: lower-case letters, digits and hyphens, a letter first, at most 54 characters',
    ],
    [
      checkDnsLabel("existing", "a.b"),
      'existing: got "a.b"; allowed: lower-case letters, digits and hyphens, at most 63 characters',
    ],
    [
      checkHostName("host", "http://a"),
      'host: got "http://a"; allowed: a host name, such as mnist.example.com',
    ],
    [
      checkAbsolutePath("path", "model.pt"),
      'path: got "model.pt"; allowed: an absolute path, such as /models/model.pt',
    ],
    [
      checkAbsolutePath("path", "/a/../b"),
      'path: got "/a/../b"; allowed: an absolute path, such as /models/model.pt',
    ],
    [
      checkBelow("path", "/modelsx/m", "/models"),
      'path: got "/modelsx/m"; allowed: a path below /models, where the volume is',
    ],
    [checkWhole("port", 1.5, 1), "port: got 1.5; allowed: a whole number of at least 1"],
    [checkWhole("port", 0, 1, 65535), "port: got 0; allowed: a whole number from 1 to 65535"],
    [checkPositive("hours", 0), "hours: got 0; allowed: a number above 0"],
    [checkPositive("hours", Number.NaN), "hours: got null; allowed: a number above 0"],
  ])("%j", (faults, message) => {
    expect(faults).toEqual([message]);
  });

  it("says nothing of what is not given or not known", () => {
    expect(ifKnown(checkSize, "size", undefined)).toEqual([]);
    expect(ifKnown(checkSize, "size", Promise.resolve("10"))).toEqual([]);
    expect(ifKnown(checkSize, "size", "10")).toHaveLength(1);
  });

  it("a name that passes fits into a DNS label with all that is added to it", () => {
    const label = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9-]{0,60}$/), (name) => {
        if (checkName(name, 54).length === 0) expect(`${name}-1a2b3c4d`).toMatch(label);
        if (checkName(name, 52).length === 0) expect(`${name}-deployment`).toMatch(label);
      }),
    );
  });
});

describe("a container's faults", () => {
  const offered = (type?: string) => gpuScheduling({ types: { l4: {} } }, type);
  it("come all at once", () => {
    expect(
      validateContainer(
        {
          resources: { cpu: "two", memory: "4" },
          gpu: { count: -1, type: "h100" },
          env: { "1ST": "x", TOKEN: "x" },
          secretEnv: { TOKEN: { secretName: "s", key: "k" }, "a-b": { secretName: "s", key: "k" } },
        },
        offered,
      ),
    ).toEqual([
      'resources.cpu: got "two"; allowed: a number of CPUs, such as 2 or 500m',
      'resources.memory: got "4"; allowed: a size with a unit, such as 10Gi',
      "gpu.count: got -1; allowed: a whole number of at least 1",
      'gpu: the cluster offers no GPU of type "h100"; allowed: l4',
      'env: got the name "1ST"; allowed: letters, digits and underscores, no digit first',
      'secretEnv: got the name "a-b"; allowed: letters, digits and underscores, no digit first',
      "env.TOKEN: given in secretEnv too; allowed: one of them",
    ]);
  });

  it("are told where no node with such a GPU has so much", () => {
    const mostPerNode = { cpu: 7.5, memoryGb: 28.3, nodes: ["g2-standard-8"] };
    const onGke = () => ({ ...offered("l4"), most: 1, mostPerNode });
    const asking = (count: number, cpu: string, memory: string) =>
      validateContainer({ gpu: { count, type: "l4" }, resources: { cpu, memory } }, onGke);
    const why = "the most that a node with such GPUs has for pods (g2-standard-8)";
    expect(asking(4, "16", "200Gi")).toEqual([
      "gpu.count: got 4; allowed: at most 1, because no node of the cluster has more of them",
      `resources.cpu: got "16"; allowed: at most 7.5, ${why}`,
      `resources.memory: got "200Gi"; allowed: at most 28.3Gi, ${why}`,
    ]);
    expect(asking(1, "7501m", "30G")).toEqual([`resources.cpu: got "7501m"; allowed: at most 7.5, ${why}`]);
    expect(asking(1, "7500m", "28Gi")).toEqual([]);
    expect(validateContainer({ resources: { cpu: "64" } }, onGke)).toEqual([]);
  });

  it("names a cluster without GPUs", () => {
    expect(validateContainer({ gpu: { count: 1 } }, (type) => gpuScheduling(undefined, type))).toEqual([
      "gpu: the cluster offers no GPUs; say how they are asked for (gpu), or ask for none",
    ]);
  });
});

describe("environment variables", () => {
  it("are in the order of their names, and never there twice, whatever is given", () => {
    const names = fc.uniqueArray(
      fc.oneof(fc.stringMatching(/^[A-Za-z_]\w{0,3}$/), fc.constantFrom("toString", "constructor")),
    );
    fc.assert(
      fc.property(names, names, (plain, secret) => {
        const vars = environment(
          Object.fromEntries(plain.map((name) => [name, "x"])),
          Object.fromEntries(secret.map((name) => [name, { secretName: "s", key: "k" }])),
        );
        const got = vars.map(({ name }) => String(name));
        expect(new Set(got)).toEqual(new Set([...plain, ...secret]));
        expect(got).toHaveLength(new Set(got).size);
        const byPlain = got.slice(0, got.length - secret.length);
        expect(byPlain).toEqual([...byPlain].sort());
      }),
    );
  });

  it("one from a Secret takes the place of a plain one", () => {
    expect(environment({ B: "x", A: "y" }, { B: { secretName: "s", key: "k" } })).toEqual([
      { name: "A", value: "y" },
      { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    ]);
  });
});
