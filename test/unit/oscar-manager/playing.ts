import { afterEach } from "vitest";

import { ask, type Answer, type Asking } from "../../support/oscar-manager/ask.js";
import { FakeManager, type FakeManagerOptions } from "../../../sandbox/oscar-manager/fake-manager.js";

const running: FakeManager[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((manager) => manager.stop()));
});

/** A fake that is stopped after the test, and how to ask it. */
export async function managed(options: FakeManagerOptions = {}) {
  const manager = new FakeManager(options);
  running.push(manager);
  const { url } = await manager.start();
  return {
    manager,
    url,
    state: manager.state,
    raw: (line: string, asking?: Asking) => ask(url, line, asking),
    /** The answer in one line; what a run makes up is `<…>`. */
    say: async (line: string, body?: unknown, as?: string | null) =>
      told(
        await ask(url, line, {
          ...(body === undefined ? {} : { body }),
          ...(as === undefined ? {} : { as }),
        }),
      ),
  };
}

/** A request, its body, and the answer; one that ends in `…` is made by the API server, and compared up to there. */
export type Step = readonly [line: string, body: unknown, answer: string];

export interface Transcript {
  readonly name: string;
  readonly options: FakeManagerOptions;
  readonly steps: readonly Step[];
}

export const transcript = (name: string, options: FakeManagerOptions, ...steps: Step[]): Transcript => ({
  name,
  options,
  steps,
});

/** The steps with the answers that the fake gives. */
export async function replay({ options, steps }: Transcript): Promise<Step[]> {
  const { say } = await managed(options);
  const said: Step[] = [];
  for (const [line, body, answer] of steps) {
    const full = await say(line, body);
    const known = answer.endsWith("…") ? answer.slice(0, -1) : undefined;
    said.push([line, body, known !== undefined && full.startsWith(known) ? answer : full]);
  }
  return said;
}

/** `200 T Ok`: the status, T for text or J for JSON, and the body; an empty body is the status alone. */
export function told({ status, headers, body }: Answer): string {
  const type = headers["content-type"];
  const kinds: Record<string, string> = {
    "text/plain; charset=utf-8": "T ",
    "application/json; charset=utf-8": "J ",
  };
  const kind = typeof type === "string" ? (kinds[type] ?? `${type} `) : "";
  return `${status} ${kind}${made(body)}`.trimEnd();
}

const made = (body: string): string =>
  body
    .replace(/[0-9a-f]{64}/g, "<hex>")
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:[\d.]+(Z| \+0000 UTC)/g, "<time>")
    .replace(/, request id: \w+, host id: [^\s,]+/g, "<ids>")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, "<uuid>")
    .replace(/-dpl-\d{10}/g, "-dpl-<set>");

export const script = "#!/bin/sh\necho hello\n";

/** The least that a service has. */
export const service = (name: string, more: object = {}): object => ({
  name,
  memory: "2Gi",
  cpu: "1.0",
  image: "nginx",
  script,
  ...more,
});

export const exposed = (more: object = {}): object => ({
  expose: { min_scale: 1, max_scale: 10, api_port: [80], cpu_threshold: 50, ...more },
});

export const from = (...paths: string[]): object => ({
  input: paths.map((path) => ({ storage_provider: "minio", path })),
});

export const to = (...paths: string[]): object => ({
  output: paths.map((path) => ({ storage_provider: "minio", path })),
});

/** What a GET says of a service that has been left as it was made, byte for byte; with other values for some fields. */
export function golden(name: string, changes: object = {}): string {
  const base =
    `{"name":"${name}","cluster_id":"","memory":"2Gi","cpu":"1.0","total_memory":"","total_cpu":"",` +
    '"ephemeral_storage_request":"","enable_gpu":false,"enable_sgx":false,"image_prefetch":false,' +
    '"synchronous":{"min_scale":0,"max_scale":0},"log_level":"INFO","image":"nginx","alpine":false,' +
    '"token":"<hex>","file_stage_in":false,"input":[],"output":[],"script":"#!/bin/sh\\necho hello\\n",' +
    '"expose":{"min_scale":0,"max_scale":0,"cpu_threshold":0,"rewrite_target":false,"default_command":false,' +
    '"set_auth":false,"health_path":""},"environment":{"variables":{},"secrets":{}},"annotations":{},"vo":"",' +
    `"labels":{"applicationId":"${name}","oscar.grycap/user-service":"true","oscar_service":"${name}",` +
    `"owner_name":"oscar","queue":"root.oscar-queue.${name}"},"storage_providers":{"minio":{"default":{` +
    '"endpoint":"http://minio.minio:9000","verify":false,"access_key":"hidden","secret_key":"hidden",' +
    '"region":"us-east-1"}}},"owner":"cluster_admin","namespace":"oscar-svc","interlink_node_name":"",' +
    '"visibility":"private","allowed_users":[],"isolation_level":"","bucket_list":[],' +
    '"mount":{"storage_provider":"","path":""},"volume_status":{"enabled":false}}';
  return JSON.stringify({ ...(JSON.parse(base) as object), ...changes });
}
