import { describe, expect, it } from "vitest";
import {
  applyRecovery,
  isNothing,
  locksIn,
  pendingOperations,
  planRecovery,
  settled,
  withoutStaleLocks,
  type RecoveryContext,
} from "../../../sandbox/engine/recovery";
import { describeRecovery } from "../../../sandbox/recover";

const providerUrn = "urn:pulumi:dev::inference-infra::pulumi:providers:kubernetes::cluster";
const urn = (type: string, name: string) => `urn:pulumi:dev::inference-infra::${type}::${name}`;
const job = urn("kubernetes:batch/v1:Job", "mnist-training-job");
const claim = urn("kubernetes:core/v1:PersistentVolumeClaim", "mnist-model-pvc");
const ui = urn("kubernetes:apps/v1:Deployment", "mnist-inference-deployment");

const exported = {
  deployment: {
    resources: [
      {
        urn: providerUrn,
        type: "pulumi:providers:kubernetes",
        id: "p1",
        inputs: { kubeconfig: "/home/ada/.kube/config" },
      },
    ],
    pending_operations: [
      {
        type: "creating",
        resource: {
          urn: job,
          type: "kubernetes:batch/v1:Job",
          provider: `${providerUrn}::p1`,
          inputs: { kind: "Job", metadata: { name: "mnist-training-job-1f", namespace: "mnist" } },
        },
      },
      { type: "creating", resource: { urn: claim, type: "kubernetes:core/v1:PersistentVolumeClaim" } },
      { type: "updating", resource: { urn: ui, type: "kubernetes:apps/v1:Deployment" } },
    ],
  },
};

const refusal = [
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
  "  file:///s/.pulumi/locks/organization/inference-infra/dev/1.json: created by ada@box (pid 4711) at 2026-11-21T10:00:00Z",
].join("\n");

/** A stack that is locked until it is cancelled, and that knows what exists. */
function context(
  options: { existing?: string[]; unseen?: string; locked?: boolean; alive?: boolean; host?: string } = {},
) {
  const commands: string[] = [];
  let locked = options.locked ?? false;
  const fake: RecoveryContext = {
    hostname: options.host ?? "box",
    isAlive: () => options.alive ?? false,
    unlock: "`pulumi cancel`",
    canSee: ({ urn }) => urn !== options.unseen,
    find: async ({ urn }) =>
      options.existing?.includes(urn) === true ? `mnist/${urn.split("::").at(-1)}-1f` : undefined,
    pulumi: async (args) => {
      commands.push(args.join(" "));
      if (args[0] === "cancel") locked = false;
      if ((args[0] === "refresh" || args[1] === "import") && locked) throw new Error(refusal);
      return { stdout: args[0] === "stack" ? JSON.stringify(exported) : "" };
    },
  };
  return { fake, commands };
}

describe("pendingOperations", () => {
  it("gives each pending create with its inputs and those of its provider", () => {
    expect(pendingOperations(exported)).toEqual({
      creates: [
        {
          urn: job,
          type: "kubernetes:batch/v1:Job",
          inputs: { kind: "Job", metadata: { name: "mnist-training-job-1f", namespace: "mnist" } },
          provider: { kubeconfig: "/home/ada/.kube/config" },
        },
        { urn: claim, type: "kubernetes:core/v1:PersistentVolumeClaim", inputs: {}, provider: {} },
      ],
      others: [{ urn: ui, operation: "updating" }],
    });
  });

  it.each([[{}], [{ deployment: {} }], [{ deployment: { resources: null, pending_operations: null } }]])(
    "finds nothing in %j",
    (state) => expect(pendingOperations(state)).toEqual({ creates: [], others: [] }),
  );
});

describe("planRecovery", () => {
  it("adopts what exists, forgets what does not, and reads the rest again", async () => {
    const { fake, commands } = context({ existing: [job] });
    const recovery = await planRecovery(fake);
    expect(recovery).toEqual({
      adopt: [{ urn: job, id: "mnist/mnist-training-job-1f" }],
      forget: [{ urn: claim }],
      reread: [{ urn: ui, operation: "updating" }],
    });
    expect(isNothing(recovery)).toBe(false);
    expect(commands).toEqual(["stack export --show-secrets"]);
  });

  it("says of what it cannot look for what it is called", async () => {
    const { fake } = context({ existing: [job], unseen: claim });
    const recovery = await planRecovery(fake);
    expect(recovery.forget).toEqual([{ urn: claim, unseen: "mnist-model-pvc" }]);
    expect(describeRecovery(recovery)).toContain(
      'forget PersistentVolumeClaim mnist-model-pvc: an interrupted run asked for it. It may have been made: look in your cloud\'s console for "mnist-model-pvc", and delete it there',
    );
  });

  it("opens the secrets of a provider's inputs, which say where its cluster is", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: '"{\\"kind\\":\\"Config\\"}"',
    };
    const state = structuredClone(exported);
    Object.assign(state.deployment.resources[0]?.inputs ?? {}, { kubeconfig: secret });
    const seen: unknown[] = [];
    const { fake } = context();
    await planRecovery({
      ...fake,
      pulumi: async () => ({ stdout: JSON.stringify(state) }),
      find: async ({ provider }) => void seen.push(provider),
    });
    expect(seen[0]).toEqual({ kubeconfig: '{"kind":"Config"}' });
  });
});

describe("settled", () => {
  it("puts what was adopted among the resources, and leaves nothing pending", () => {
    const [provider] = exported.deployment.resources;
    const [pending] = exported.deployment.pending_operations;
    const state = settled(
      { ...exported },
      { adopt: [{ urn: job, id: "mnist/j" }], forget: [{ urn: claim }], reread: [] },
    );
    expect(state).toEqual({ deployment: { resources: [provider, { ...pending?.resource, id: "mnist/j" }] } });
  });
});

describe("applyRecovery", () => {
  it("imports the settled state, then reads all from the provider", async () => {
    const { fake, commands } = context();
    await applyRecovery(fake, { adopt: [{ urn: job, id: "mnist/j" }], forget: [{ urn: claim }], reread: [] });
    expect(commands.map((command) => command.replace(/--file .*/, "--file F"))).toEqual([
      "stack export",
      "stack import --file F",
      "refresh --yes --skip-preview",
    ]);
  });

  it("removes the lock of a dead process and tries once more", async () => {
    const { fake, commands } = context({ locked: true });
    await applyRecovery(fake, { adopt: [], forget: [{ urn: claim }], reread: [] });
    expect(commands.map((command) => command.split(" ").slice(0, 2).join(" "))).toEqual([
      "stack export",
      "stack import",
      "cancel --yes",
      "stack import",
      "refresh --yes",
    ]);
  });
});

describe("withoutStaleLocks", () => {
  const locked =
    "the stack is locked by ada@box (pid 4711), which may be at work on it. Wait for it to end; if you know that it is gone, " +
    "remove the lock: `pulumi cancel`";

  it.each([
    ["whose process lives", { locked: true, alive: true }],
    ["of another machine", { locked: true, host: "elsewhere" }],
  ])("leaves a lock %s, and says whose it is", async (_, options) => {
    const { fake, commands } = context(options);
    await expect(withoutStaleLocks(fake, () => fake.pulumi(["refresh"]))).rejects.toThrow(new Error(locked));
    expect(commands).toEqual(["refresh"]);
  });

  it("passes on an error that is not about a lock", async () => {
    const { fake, commands } = context();
    const failing = () => Promise.reject(new Error("quota exceeded"));
    await expect(withoutStaleLocks(fake, failing)).rejects.toThrow(new Error("quota exceeded"));
    expect(commands).toEqual([]);
  });
});

describe("locksIn", () => {
  it("reads user, machine and process from Pulumi's refusal", () => {
    expect(locksIn(refusal)).toEqual([
      { user: "ada", host: "box", pid: 4711, text: refusal.split("\n")[1]?.trim() },
    ]);
  });

  it("finds none in another error", () => expect(locksIn("error: quota exceeded")).toEqual([]));
});
