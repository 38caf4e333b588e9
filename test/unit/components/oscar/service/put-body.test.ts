import { describe, expect, it } from "vitest";
import { putBody } from "../../../../../components/oscar/service/put-body";
import type { WireService } from "../../../../../components/oscar/service/wire";

const desired: WireService = { name: "lab", image: "nginx:1.29.2", script: "new", visibility: "private" };

const live: WireService = {
  name: "lab",
  image: "nginx:1.29.1",
  script: "old",
  owner: "u1",
  token: "f".repeat(64),
  namespace: "oscar-svc-u1",
  volume_status: { enabled: false },
  deployment: { state: "ready", active_instances: 1, affected_instances: 0 },
  bucket_list: ["lab-u1"],
  vo: "vo.test",
  memory: "2Gi",
  labels: { oscar_service: "lab", owner_name: "mine", vo: "vo.test", team: "old" },
  environment: { variables: { OLD: "1" }, secrets: { TOKEN: "" } },
  expose: { api_port: [80], nodePort: [30577] },
  storage_providers: {
    minio: {
      default: { endpoint: "http://m:9000", verify: false, access_key: "hidden", secret_key: "hidden" },
    },
  },
};

/** The body for the least that is desired. */
const body = {
  ...desired,
  owner: "u1",
  vo: "vo.test",
  labels: { oscar_service: "lab", owner_name: "mine", vo: "vo.test" },
};

describe("the body of an update", () => {
  it("is the desired service with what the Manager gave it, and nothing else that is there", () => {
    expect(putBody(desired, live)).toStrictEqual(body);
  });

  it.each<[string, Partial<WireService>, object]>([
    [
      "has the user's labels beside the Manager's, which stay",
      { labels: { team: "new", owner_name: "me", vo: "own" } },
      { labels: { ...body.labels, team: "new", vo: "own" } },
    ],
    ["has the desired organisation", { vo: "vo.other" }, { vo: "vo.other" }],
    ["has secrets of which all are known", { environment: { secrets: { TOKEN: "t", B: "b" } } }, {}],
    [
      "has no secrets when one is not known, so that all are kept",
      { environment: { variables: { A: "" }, secrets: { TOKEN: "t", B: "" } } },
      { environment: { variables: { A: "" } } },
    ],
    ["has no empty map of secrets", { environment: { secrets: {} } }, { environment: {} }],
    ["has the desired node ports", { expose: { api_port: [80], nodePort: [0] } }, {}],
    ["has no node ports when none are desired", { expose: { api_port: [80] } }, {}],
    [
      "says what would be on when missing",
      { kserve: { type: "inference", storage_uri: "hf://m" } },
      { kserve: { type: "inference", storage_uri: "hf://m", min_scale: 0, max_scale: 1, set_auth: true } },
    ],
    [
      "says that a model asks for no token",
      { kserve: { type: "inference", storage_uri: "hf://m", set_auth: false, min_scale: 2, max_scale: 3 } },
      {},
    ],
    ["has the Manager's spelling of isolation", { isolation_level: "user" }, { isolation_level: "USER" }],
    [
      "has storage elsewhere, and not the cluster's own",
      {
        storage_providers: {
          webdav: { dav: { hostname: "h", login: "l", password: "p" } },
          ...live.storage_providers,
        },
      },
      { storage_providers: { webdav: { dav: { hostname: "h", login: "l", password: "p" } }, minio: {} } },
    ],
    [
      "has nothing that is only read",
      { token: "t", namespace: "n", volume_status: { enabled: true }, bucket_list: ["b"], owner: "other" },
      {
        token: undefined,
        namespace: undefined,
        volume_status: undefined,
        bucket_list: undefined,
        owner: "u1",
      },
    ],
  ])("%s", (_, more, expected) => {
    expect(putBody({ ...desired, ...more }, live)).toEqual({ ...body, ...more, ...expected });
  });

  it("makes up no owner and no labels that are not told", () => {
    const { labels, ...bare } = live;
    const { labels: sent, owner } = putBody(desired, { ...bare, owner: "" });
    expect([sent, owner]).toEqual([{}, undefined]);
  });
});
