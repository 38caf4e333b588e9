import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SecretValue } from "../../infra/secrets";
import { base, imageOf, type Image } from "./dockerfile";
import { Machine, whyNot, type RunningContainer } from "./machine";
import { podProcess, type PodProcess } from "./pod-process";
import { askPython, findPython, howToMake, pythonPlaces } from "./python";
import { askServer, askUi, drawPictures, logIn, type Picture } from "./questions";
import { freePorts, render } from "./rendered";

/** A training of some seconds. */
const short = {
  DATA: "generated",
  EPOCHS: "10",
  BATCH_SIZE: "16",
  HIDDEN: "48",
  LEARNING_RATE: "0.02",
  DEVICE: "cpu",
  OMP_NUM_THREADS: "1",
};
const images = { trainer: imageOf("trainer"), ui: imageOf("ui"), server: imageOf("server") };

/** Copies out of a folder, as `aws` does out of a bucket; a word of the real one's for each that is asked here. */
const awsStandIn = `#!/bin/sh
[ "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" = reader:s3cret-of-reader ] || { echo AccessDenied >&2; exit 1; }
for word; do from=$into into=$word; done
case "$2" in
  ls) exec ls "/buckets/\${into#s3://}" ;;
  sync) exec cp -r "/buckets/\${from#s3://}/." "$into" ;;
esac
exit 2
`;

const python = findPython();
const reason = python === undefined ? howToMake : whyNot();
if (reason !== undefined) console.log(`the pods' programs are not run: ${reason}`);

describe.skipIf(reason !== undefined)("programs as the rendered pods start them", () => {
  let machine: Machine;
  let pictures: readonly Picture[];
  let ports: readonly [ui: number, server: number, openUi: number, bakedServer: number];
  let trainer: PodProcess;
  let stopped: RunningContainer;
  let trained: RunningContainer;
  let stoppedBy: number | "killed";
  /** The volume, as this machine sees it. */
  let volume: string;
  let tools: string;

  beforeAll(async () => {
    if (python === undefined) return;
    machine = new Machine(pythonPlaces(python));
    tools = mkdtempSync(join(tmpdir(), "pod-tools-"));
    pictures = JSON.parse(askPython(python, drawPictures)) as Picture[];
    const [first = 0, second = 0, third = 0, fourth = 0] = await freePorts(4);
    ports = [first, second, third, fourth];
    const rendered = await render({
      training: {
        env: { ...short, MLFLOW_TRACKING_URI: "file:///models/mlruns" },
        checkpointDir: "/models/checkpoints",
      },
    });
    trainer = podProcess(
      rendered.pod("Job", "mnist-training-job"),
      "train",
      images.trainer,
      rendered.secrets,
    );
    volume = machine.claim(claimOf(trainer));
    stopped = machine.start("train-1", trainer);
    await stopped.until("first epoch", () => stopped.said().includes("epoch 1/10"));
    stoppedBy = await stopped.stop();
    trained = machine.start("train-2", trainer);
    await trained.exit();
  });

  afterAll(async () => {
    rmSync(tools, { recursive: true, force: true });
    await machine.remove();
  });

  /** What MLflow logged on the volume: a folder as a bucket has it. */
  const logged = () => {
    const [found, ...more] = readdirSync(join(volume, "mlruns"))
      .filter((experiment) => /^\d+$/.test(experiment))
      .flatMap((experiment) =>
        readdirSync(join(volume, "mlruns", experiment))
          .filter((run) => existsSync(join(volume, "mlruns", experiment, run, "artifacts")))
          .map((run) => ({ experiment, run })),
      );
    if (found === undefined || more.length > 0) throw new Error("expected one run, with a model");
    return found;
  };
  const modelSum = () =>
    createHash("sha256")
      .update(readFileSync(join(volume, "model.pt")))
      .digest("hex");
  const health = async (port: number) => (await fetch(`http://127.0.0.1:${port}/healthz`)).json();

  it("trains into the Job's volume, ends within its grace when it is stopped, and goes on to the end", async () => {
    expect([stoppedBy, stopped.said()]).toEqual([143, expect.stringContaining("stopped by SIGTERM")]);
    expect([await trained.exit(), trained.said()]).toEqual([
      0,
      expect.stringMatching(/going on from \/models\/checkpoints\/.*done: \/models\/model\.pt/s),
    ]);
    expect(trained.said()).not.toContain("epoch 1/10");
    expect(readFileSync(join(volume, "model.pt.sha256"), "utf8")).toContain(modelSum());
  });

  it("shows the model of the volume to who logs in, on the UI's port", async () => {
    const rendered = await render({
      ui: {
        port: ports[0],
        modelFile: "/models/model.pt",
        credentials: { kind: "generated", username: "ada" },
      },
    });
    const ui = podProcess(
      rendered.pod("Deployment", "mnist-inference-deployment"),
      "ui",
      images.ui,
      rendered.secrets,
    );
    expect([claimOf(ui), ui.probes.map(({ kind }) => kind)]).toEqual([
      claimOf(trainer),
      ["startup", "readiness", "liveness"],
    ]);
    const running = machine.start("ui", ui);
    await running.ready();
    const [picture] = pictures;
    if (picture === undefined) throw new Error("no pictures");
    expect(await askUi(ports[0], picture)).toBe(401);
    expect(await logIn(ports[0], "ada", "wrong")).toBe(400);
    const cookie = String(await logIn(ports[0], "ada", "generated-password"));
    expect(await askUi(ports[0], picture, cookie)).toBe(String(picture.digit));
    expect([await running.stop(), running.said()]).toEqual([
      0,
      expect.not.stringContaining("generated-password"),
    ]);
  });

  it("serves a run's model that the pod copied from the bucket", async () => {
    const { experiment, run } = logged();
    const credentials = {
      kind: "given",
      accessKeyId: "reader",
      secretAccessKey: new SecretValue("s3cret-of-reader"),
    };
    const rendered = await render({
      modelServer: {
        image: "placeholder.invalid/mnist-server:0.1.0",
        port: ports[1],
        workers: 1,
        docs: false,
        model: {
          kind: "copy",
          prefix: experiment,
          runId: run,
          source: {
            kind: "minio",
            bucket: "mnist-artifacts",
            endpoint: "http://minio.minio:9000",
            credentials,
          },
        },
      },
    });
    writeFileSync(join(tools, "aws"), awsStandIn, { mode: 0o755 });
    chmodSync(tools, 0o755);
    const copying: Image = {
      ...base,
      env: { PATH: "/opt/aws:/usr/bin:/bin" },
      files: [
        { from: tools, to: "/opt/aws" },
        { from: join(volume, "mlruns"), to: "/buckets/mnist-artifacts" },
      ],
    };
    const pod = rendered.pod("Deployment", "mnist-model-server-deployment");
    const copy = machine.start("server", podProcess(pod, "copy-model", copying, rendered.secrets));
    // Of what goes wrong, it says so and tries again for minutes.
    await copy.until("copy", () => copy.said().includes("is whole"), 20);
    expect(await copy.exit()).toBe(0);
    const running = machine.start("server", podProcess(pod, "server", images.server, rendered.secrets));
    await running.ready();
    expect(await health(ports[1])).toEqual({ status: "ok", model_uuid: run, model_sha256: modelSum() });
    expect(await askServer(ports[1], pictures)).toBeGreaterThan(0.9);
    expect((await fetch(`http://127.0.0.1:${ports[1]}/docs`)).status).toBe(404);
    expect(await running.stop()).toBe(0);
  });

  it("shows what a model server says whose model is in its image, found by its Service's name", async () => {
    const rendered = await render({
      ui: {
        port: ports[2],
        modelFile: "/models/model.pt",
        modelReady: { kind: "file" },
        credentials: { kind: "none" },
        modelServer: true,
      },
      modelServer: {
        image: "placeholder.invalid/mnist-server:0.1.0",
        port: ports[3],
        servicePort: ports[3],
        workers: 1,
        // As the seed starts it.
        app: "server.main:APP",
        model: { kind: "image", path: "/srv/model" },
      },
    });
    const baked: Image = {
      ...images.server,
      files: [...images.server.files, { from: join(volume, "model.pt"), to: "/srv/model/model.pt" }],
    };
    const serverPod = rendered.pod("Deployment", "mnist-model-server-deployment");
    const server = machine.start("baked", podProcess(serverPod, "server", baked, rendered.secrets));
    const uiPod = rendered.pod("Deployment", "mnist-inference-deployment");
    const wait = machine.start("open", podProcess(uiPod, "wait-for-model", images.ui, rendered.secrets));
    expect([await wait.exit(), wait.said()]).toEqual([0, ""]);
    const ui = podProcess(uiPod, "ui", images.ui, rendered.secrets);
    const address = new URL(ui.env["MODEL_SERVER_URL"] ?? "");
    const page = machine.start("open", ui, [address.hostname]);
    await Promise.all([server.ready(), page.ready()]);
    const [picture] = pictures;
    if (picture === undefined) throw new Error("no pictures");
    expect(await askUi(ports[2], picture)).toBe(String(picture.digit));
    expect(await server.stop()).toBe(0);
    expect(await askUi(ports[2], picture)).toContain("event: error");
    expect(await page.stop()).toBe(0);
  });

  it.each([
    ["the trainer", () => trainer, ["/tmp", "/dev/shm", "/models"]],
    ["the UI", uiOf, ["/tmp"]],
  ] as const)("%s writes nowhere but to its volumes, as its user", async (name, find, writable) => {
    const container = await find();
    const folders = [
      "/",
      "/app",
      "/etc",
      "/opt/venv",
      "/tmp",
      "/models",
      ...(name === "the UI" ? [] : ["/dev/shm"]),
    ];
    const script = `id -u; id -g; for each in ${folders.join(" ")}; do if touch "$each/x" 2>/dev/null; then echo "$each"; fi; done`;
    const running = machine.start(`write-${name}`, { ...container, command: ["/bin/sh", "-c", script] });
    expect(await running.exit()).toBe(0);
    expect(running.said().trim().split("\n").sort()).toEqual(["10001", "10001", ...writable].sort());
  });
});

async function uiOf(): Promise<PodProcess> {
  const rendered = await render({});
  return podProcess(
    rendered.pod("Deployment", "mnist-inference-deployment"),
    "ui",
    images.ui,
    rendered.secrets,
  );
}

function claimOf({ mounts }: PodProcess): string {
  const found = mounts.find(({ at }) => at === "/models")?.volume;
  if (found?.kind !== "claim") throw new Error("there is no claim at /models");
  return found.claimName;
}
