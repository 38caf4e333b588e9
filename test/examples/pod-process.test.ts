import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { base, imageOf, parseDockerfile, type Image } from "./dockerfile";
import { podProcess } from "./pod-process";

const image: Image = { ...base, entrypoint: ["python", "-m", "ui"], cmd: ["--quiet"], user: "5:5" };
const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const processOf = (container: Partial<V1Container>, pod: Partial<V1PodSpec> = {}) =>
  podProcess(
    { containers: [{ name: "ui", securityContext, ...container }], ...pod },
    "ui",
    image,
    (name, key) => [name, key].join("/"),
  );

describe("what starts a container of a pod", () => {
  it.each([
    [{}, ["python", "-m", "ui", "--quiet"]],
    [{ args: ["--loud"] }, ["python", "-m", "ui", "--loud"]],
    [{ command: ["sh"] }, ["sh"]],
    [{ command: ["sh"], args: ["-c", "true"] }, ["sh", "-c", "true"]],
  ])("is the pod's command before the image's: %j", (container, command) => {
    expect(processOf(container).command).toEqual(command);
  });

  it("has the pod's variables before the image's, and what Secrets hold", () => {
    const valueFrom = { secretKeyRef: { name: "login", key: "password" } };
    const env = [
      { name: "PATH", value: "/bin" },
      { name: "UI_PASSWORD", valueFrom },
    ];
    expect(processOf({ env }).env).toEqual({ PATH: "/bin", HOSTNAME: "ui", UI_PASSWORD: "login/password" });
  });

  it("is the container's user before the pod's before the image's", () => {
    const pod = { securityContext: { runAsUser: 6 } };
    const own = { securityContext: { ...securityContext, runAsUser: 7 } };
    expect([processOf({}), processOf({}, pod), processOf(own, pod)].map(({ user }) => user)).toEqual([
      5, 6, 7,
    ]);
  });

  it.each([
    [{ securityContext: {} }, "ui: asks for more than it may have here"],
    [{ env: [{ name: "A", value: "$(B)" }] }, "A: not known here"],
    [{ volumeMounts: [{ name: "a", mountPath: "/a" }] }, "the volume a is of a kind that is not known here"],
    [{ livenessProbe: { httpGet: { path: "/", port: "web" } } }, "liveness: no path, or a port of no name"],
  ])("is refused where it cannot be played as it is: %j", (container, message) => {
    expect(() => processOf(container)).toThrow(message);
  });
});

describe("an image", () => {
  it("is what its last stage says", () => {
    const text =
      'FROM a AS b\nENV X=1\nFROM c\nWORKDIR /app\nCOPY ui ui\nENV PATH=/x:$PATH Y=2\nUSER 7:7\nCMD ["a"]\n';
    expect(parseDockerfile(text, "/context")).toEqual({
      entrypoint: [],
      cmd: ["a"],
      env: { PATH: `/x:${base.env["PATH"]}`, Y: "2" },
      workdir: "/app",
      user: "7:7",
      files: [{ from: "/context/ui", to: "/app/ui" }],
    });
  });

  it("of what is not known here is refused", () => {
    expect(() => parseDockerfile("FROM a\nVOLUME /models\n", "/context")).toThrow(
      "VOLUME /models: not known",
    );
  });

  it.each(["trainer", "ui", "server"])("of the %s has the components' user", (program) => {
    expect(imageOf(program).user).toBe("10001:10001");
  });
});
