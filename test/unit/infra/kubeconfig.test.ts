import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Draft } from "../../../infra/checks";
import { kubeconfig } from "../../../infra/checks/kubeconfig";
import { SecretValue } from "../../../infra/secrets";

const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, ...contexts: string[]) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ contexts: contexts.map((context) => ({ name: context })) }));
  return path;
};
const lab = file("lab", "lab", "kind-mnist");
const other = file("other", "prod");
const missing = join(folder, "missing");

describe("the kubeconfig and the context that a document names", () => {
  it.each<[string, Draft["host"], NodeJS.ProcessEnv, string[]]>([
    ["are there", { kind: "existing", kubeconfig: lab, context: "lab" }, {}, []],
    [
      "are in one of KUBECONFIG's files",
      { kind: "existing", context: "prod" },
      { KUBECONFIG: `${lab}:${other}` },
      [],
    ],
    ["are the current ones", { kind: "existing" }, { KUBECONFIG: lab }, []],
    ["are given as a secret", { kind: "existing", kubeconfig: new SecretValue(), context: "x" }, {}, []],
    [
      "are the pod's own",
      { kind: "existing" },
      { KUBECONFIG: missing, KUBERNETES_SERVICE_HOST: "10.0.0.1" },
      [],
    ],
    [
      "are no file",
      { kind: "existing", kubeconfig: missing },
      {},
      [`host.kubeconfig: got ${JSON.stringify(missing)}; there is no such file`],
    ],
    [
      "are nowhere",
      { kind: "existing", context: "lab" },
      { KUBECONFIG: missing },
      [`host.kubeconfig: missing, and there is none at ${missing} either`],
    ],
    [
      "are another one's",
      { kind: "existing", context: "kind-mist" },
      { KUBECONFIG: lab },
      ['host.context: got "kind-mist"; allowed: lab or kind-mnist; did you mean kind-mnist?'],
    ],
  ])("%s", (_, host, env, faults) => {
    expect(kubeconfig({ host }, env).map(({ path, message }) => `${path.join(".")}: ${message}`)).toEqual(
      faults,
    );
  });
});
