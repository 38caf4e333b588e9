import { describe, expect, it } from "vitest";
import { loadBalancerAddress, nodePortAddress } from "../../../components/exposure/addresses";
import { validateInferenceUi, type CheckedUiArgs } from "../../../components/serving/validate-ui";
import { uiEnvironment } from "../../../components/serving/ui-environment";

const sound: CheckedUiArgs = {
  cluster: {
    gpu: (type) => ({
      resource: "nvidia.com/gpu",
      nodeSelector: type === undefined ? {} : { type },
      tolerations: [],
    }),
  },
  image: "ghcr.io/you/ui:1.4.0",
  exposure: { kind: "none" },
};
const faults = (args: Partial<CheckedUiArgs>, name = "mnist-inference") =>
  validateInferenceUi(name, { ...sound, ...args });

describe("a UI's faults", () => {
  it("there are none", () => {
    expect(faults({})).toEqual([]);
    expect(
      faults({
        replicas: { min: 2, max: 2, cpuPercent: 100 },
        model: { mountPath: "/srv", file: "/srv/model.pt" },
        modelReady: { kind: "file", path: "/srv/done" },
        placement: { kind: "with-training", training: { gpu: { count: 1, type: "l4" } } },
        gpu: { count: 1 },
        exposure: { kind: "ingress", host: "mnist.localhost", className: "nginx" },
        credentials: { kind: "existing", secretName: "login" },
      }),
    ).toEqual([]);
  });

  it.each<[string, Partial<CheckedUiArgs>, string]>([
    ["port", { port: 0 }, "port: got 0; allowed: a whole number from 1 to 65535"],
    [
      "Service's port",
      { servicePort: 70000 },
      "servicePort: got 70000; allowed: a whole number from 1 to 65535",
    ],
    [
      "root path",
      { rootPath: "demo" },
      'rootPath: got "demo"; allowed: an absolute path, such as /models/model.pt',
    ],
    ["timeout", { readyTimeoutSeconds: 0 }, "readyTimeoutSeconds: got 0; allowed: a number above 0"],
    ["replicas", { replicas: 0 }, "replicas: got 0; allowed: a whole number of at least 1"],
    [
      "most replicas",
      { replicas: { min: 3, max: 2, cpuPercent: 70 } },
      "replicas.max: got 2; allowed: a whole number of at least 3",
    ],
    [
      "CPU use",
      { replicas: { min: 1, max: 2, cpuPercent: 170 } },
      "replicas.cpuPercent: got 170; allowed: a whole number from 1 to 100",
    ],
    [
      "username",
      { credentials: { kind: "generated", username: "ada l" } },
      'credentials.username: got "ada l"; allowed: text without spaces',
    ],
    [
      "a training that is not awaited",
      { modelReady: { kind: "job", job: { awaited: false } } },
      'modelReady: got "job", but nothing waits for the training; allowed: file, none, or a training with wait: {timeoutHours}',
    ],
    [
      "a file without a volume",
      { modelReady: { kind: "file", path: "/models/x" } },
      'modelReady: got "file"; allowed: none, because there is no model volume',
    ],
    [
      "a file that is not on the volume",
      { model: {}, modelReady: { kind: "file", path: "/tmp/x" } },
      'modelReady.path: got "/tmp/x"; allowed: a path below /models, where the volume is',
    ],
    [
      "a model that is not on the volume",
      { model: { mountPath: "/srv", file: "/models/x" } },
      'model.file: got "/models/x"; allowed: a path below /srv, where the volume is',
    ],
    [
      "with no training",
      { model: {}, placement: { kind: "with-training" } },
      'placement: got "with-training"; allowed: anywhere, because there is no training on the same volume',
    ],
    [
      "with the training, but on another GPU",
      {
        model: {},
        gpu: { count: 1, type: "t4" },
        placement: { kind: "with-training", training: { gpu: { count: 1, type: "l4" } } },
      },
      'gpu.type: got "t4"; allowed: l4, as the training that it is placed with has it, or placement: anywhere',
    ],
    [
      "with a training that asks for no GPU, but on one",
      { model: {}, gpu: { count: 1 }, placement: { kind: "with-training", training: { gpu: undefined } } },
      "gpu: got a GPU; allowed: none, because the training that it is placed with asks for none, or placement: anywhere",
    ],
    [
      "with a training on any GPU, and nothing that tells where there is one",
      { model: {}, placement: { kind: "with-training", training: { gpu: { count: 1 } } } },
      'placement: got "with-training", but nothing tells which nodes have the GPUs that the training asks for; needed: the host\'s gpu.nodeLabels, or a gpu.type for the training',
    ],
    ["root", { userId: 0 }, "userId: got 0; allowed: a whole number of at least 1"],
    [
      "a mount in the place of another",
      { model: { mountPath: "/tmp/model" } },
      'model.mountPath: got "/tmp/model"; allowed: an absolute path without a colon, outside /tmp, /dev, /proc and /sys, such as /models',
    ],
    [
      "an address for a host name",
      { exposure: { kind: "ingress", host: "10.0.0.1", className: "nginx" } },
      'exposure.host: got "10.0.0.1"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "node port",
      { exposure: { kind: "node-port", port: 80 } },
      "exposure.port: got 80; allowed: a whole number from 30000 to 32767",
    ],
    [
      "host",
      { exposure: { kind: "ingress", host: "Mnist", className: "nginx" } },
      'exposure.host: got "Mnist"; allowed: a host name, such as mnist.example.com',
    ],
    [
      "no ingress class",
      { exposure: { kind: "ingress", host: "mnist.localhost" } },
      "exposure.className: missing; needed: an IngressClass, here or as the cluster's ingressClass (kubectl get ingressclass)",
    ],
  ])("%s", (_, args, message) => expect(faults(args)).toEqual([message]));

  it("come all at once", () => {
    expect(faults({ image: "ui", port: -1, replicas: 0.5, gpu: { count: 0 } }, "m".repeat(53))).toEqual([
      `name: got "${"m".repeat(53)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 52 characters`,
      'image: got "ui"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
      "port: got -1; allowed: a whole number from 1 to 65535",
      "gpu.count: got 0; allowed: a whole number of at least 1",
      "replicas: got 0.5; allowed: a whole number of at least 1",
    ]);
  });
});

describe("addresses that the cluster gives", () => {
  it.each([
    [80, [{ ip: "203.0.113.7" }], "http://203.0.113.7"],
    [9000, [{ hostname: "lb.example.com" }], "http://lb.example.com:9000"],
    [80, [{ ip: "2001:db8::7" }], "http://[2001:db8::7]"],
    [80, [], "(no address yet; kubectl get service ui shows it)"],
    [80, undefined, "(no address yet; kubectl get service ui shows it)"],
  ])("a load balancer's, port %d, %j", (port, ingress, address) => {
    expect(loadBalancerAddress("ui", port, ingress)).toBe(address);
  });

  it("a node port's", () => {
    expect(nodePortAddress("ui", 31234)).toBe("http://<any node>:31234");
    expect(nodePortAddress("ui", undefined)).toBe("(no port yet; kubectl get service ui shows it)");
  });
});

describe("the root path", () => {
  const ingress = { kind: "ingress", host: "mnist.localhost", path: "/demo" } as const;
  it.each([
    ["the one that is said", { rootPath: "/x", exposure: ingress }, "/x"],
    ["else the ingress's", { exposure: ingress }, "/demo"],
    ["else none", { exposure: { kind: "none" } as const }, undefined],
    ["none for /", { rootPath: "/", exposure: ingress }, undefined],
  ])("is %s", (_, args, path) => expect(uiEnvironment(args)["GRADIO_ROOT_PATH"]).toBe(path));
});
