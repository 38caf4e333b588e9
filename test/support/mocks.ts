import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { vi } from "vitest";

/** One registration, as the engine gets it: inputs and those options that are set. Resources are told as `Kind name`. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** A secret is `{secret: value}`, an unknown value `"<unknown>"`. */
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  /** The provider's name; none for components. */
  readonly provider?: string;
  readonly dependsOn: readonly string[];
  readonly options: {
    readonly protect?: boolean;
    readonly import?: string;
    readonly retainOnDelete?: boolean;
    readonly deletedWith?: string;
    readonly deleteBeforeReplace?: boolean;
    readonly replaceOnChanges?: readonly string[];
    readonly ignoreChanges?: readonly string[];
    readonly replacementTrigger?: unknown;
    readonly customTimeouts?: Record<string, string>;
  };
}

export interface Run<Result> {
  readonly registered: readonly Registered[];
  readonly result: Result;
  /** The one resource of a kind, such as `Job`. */
  one(kind: string): Registered;
}

/**
 * Runs a program under Pulumi's mocks and tells what it registered, options included: the monitor sees them, though
 * mocks do not. In a preview nothing that a provider gives is known, so what is made in an `apply` would be missing.
 */
export async function run<Result>(preview: boolean, program: () => Result): Promise<Run<Result>> {
  await pulumi.runtime.setMocks(
    { newResource: (args) => made(args, preview), call: ({ token }) => answers[token] ?? {} },
    "test",
    "test",
    preview,
  );
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("there is no mock monitor");
  const spy = vi.spyOn(monitor, "registerResource");
  let outcome: { result: Result } | { error: unknown } | undefined;
  await pulumi.runtime.runInPulumiStack(async () => {
    try {
      outcome = { result: program() };
    } catch (error) {
      // Thrown on from here, it would end the process: Pulumi leaves rejections unhandled.
      outcome = { error };
    }
  });
  await pulumi.runtime.disconnect();
  if (outcome === undefined) throw new Error("the program was not run");
  if ("error" in outcome) throw outcome.error;
  const requests: RegisterResourceRequest[] = spy.mock.calls.map(([request]) => request);
  const registered = requests.filter((request) => request.getType() !== "pulumi:pulumi:Stack").map(describe);
  return {
    registered,
    result: outcome.result,
    one: (kind) => {
      const found = registered.filter(({ type }) => type.split(":").at(-1) === kind);
      const [only] = found;
      if (only === undefined || found.length > 1)
        throw new Error(`expected one ${kind}, found ${found.length}`);
      return only;
    },
  };
}

/** An output's value; fails, where it would hang, for one that is not known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    output.apply(resolve);
    setTimeout(() => reject(new Error("the output is not known")), 2000).unref();
  });
}

function made({ name, type, inputs }: pulumi.runtime.MockResourceArgs, preview: boolean) {
  const id = `${name}-id`;
  if (preview) return { id: undefined, state: {} };
  const metadata = { name: `${name}-1a2b3c4d`, ...inputs.metadata };
  // Google's resources have their names at the top.
  const named = type.startsWith("gcp:") ? { name: `${name}-1a2b3c4` } : {};
  return { id, state: { ...named, ...inputs, metadata, ...computed[type.split(":").at(-1) ?? ""] } };
}

/** What providers' functions answer. */
const answers: Record<string, Record<string, unknown>> = {
  "gcp:organizations/getProject:getProject": { number: "123456789012" },
};

/** What providers add, as far as the components read it. */
const computed: Record<string, Record<string, unknown>> = {
  Address: { address: "203.0.113.21" },
  GlobalAddress: { address: "203.0.113.20" },
  Account: { email: "nodes@my-project.iam.gserviceaccount.com" },
  Cluster: {
    endpoint: "203.0.113.9",
    masterAuth: { clusterCaCertificate: "Q0E=" },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { endpoint: "gke-1a2b.europe-west4.gke.goog" } },
  },
  RandomId: { hex: "1a2b3c" },
  RandomPassword: { result: "generated-password" },
  Service: { status: { loadBalancer: { ingress: [{ ip: "203.0.113.7" }] } } },
};

function describe(request: RegisterResourceRequest): Registered {
  const timeouts = request.getCustomtimeouts();
  const trigger = request.getReplacementTrigger();
  const options = {
    protect: request.getProtect() === true ? true : undefined,
    import: request.getImportid() === "" ? undefined : request.getImportid(),
    retainOnDelete: request.getRetainondelete() === true ? true : undefined,
    deletedWith: fromUrn(request.getDeletedwith()),
    deleteBeforeReplace: request.getDeletebeforereplace() ? true : undefined,
    replaceOnChanges:
      request.getReplaceonchangesList().length > 0 ? request.getReplaceonchangesList() : undefined,
    ignoreChanges: request.getIgnorechangesList().length > 0 ? request.getIgnorechangesList() : undefined,
    replacementTrigger: trigger?.toJavaScript() ?? undefined,
    customTimeouts:
      timeouts && timeouts.getCreate() + timeouts.getUpdate() !== ""
        ? { create: timeouts.getCreate(), update: timeouts.getUpdate() }
        : undefined,
  };
  const provider = request.getProvider().split("::").at(-2);
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: readable(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    parent: fromUrn(request.getParent()) ?? "",
    ...(provider !== undefined && { provider }),
    dependsOn: request.getDependenciesList().map((urn) => fromUrn(urn) ?? ""),
    options: present(options),
  };
}

function fromUrn(urn: string): string | undefined {
  if (urn === "") return undefined;
  const [, , types, name] = urn.split("::");
  return `${types?.split(":").at(-1) ?? ""} ${name ?? ""}`;
}

function present(fields: object): Registered["options"] {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Marks of Pulumi's wire format (sdk/nodejs/runtime/rpc.ts). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

function readable(value: unknown): unknown {
  if (value === pulumi.runtime.unknownValue) return "<unknown>";
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[signature] === secretSignature) {
    return { secret: readable((value as Record<string, unknown>)["value"]) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
}
