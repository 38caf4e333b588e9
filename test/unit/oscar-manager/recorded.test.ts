import { describe, expect, it } from "vitest";

import { exposed, from, golden, replay, service, to, transcript } from "./playing.js";

const post = "POST /system/services";
const failed = "500 T Error creating the service:";
const zeros = {
  min_scale: 0,
  max_scale: 0,
  cpu_threshold: 0,
  rewrite_target: false,
  default_command: false,
  set_auth: false,
  health_path: "",
};
const survivors = {
  D: "l1\nl2\n",
  E: "true",
  F: "1",
  G: "ñ€😀",
  H: "null",
  I: "~",
  J: "a: b",
  K: "# c",
  L: "it's",
  M: '"q"',
  N: "",
  O: "x #y",
  X: "|",
  Z: "---",
};

const transcripts = [
  transcript(
    "node ports",
    {},
    [
      post,
      service("np1", exposed({ api_port: [80, 81], nodePort: [0] })),
      `${failed} The length of nodePort (1) must be equal to that of api_port (2)`,
    ],
    [post, service("np2", exposed({ api_port: [80, 81], nodePort: [31111, 0] })), "201"],
    [
      post,
      service("np3", exposed({ nodePort: [99] })),
      `${failed} error creating svc for exposed service 'np3': Service "np3-svc" is invalid: spec.ports[0].nodePort: …`,
    ],
    [
      post,
      service("np4", exposed({ nodePort: [31111] })),
      `${failed} error creating svc for exposed service 'np4': Service "np4-svc" is invalid: spec.ports[0].nodePort: ` +
        "Invalid value: 31111: provided port is already allocated",
    ],
    ["GET /system/services/np4", undefined, "404"],
  ),
  transcript(
    "ports, names and authentication that are refused",
    {},
    [
      post,
      service("e7", exposed({ api_port: [70000] })),
      `${failed} error creating deployment for exposed service 'e7': Deployment.apps "e7-dpl" is invalid: ` +
        "spec.template.spec.containers[0].ports[0].containerPort: …",
    ],
    [
      post,
      service("fw", exposed({ set_auth: true, auth_type: "forward" })),
      `${failed} error creating route for exposed service 'fw': expose auth_type "forward" requires ` +
        "EXPOSED_SERVICES_ROUTE_KIND=httproute",
    ],
    [
      post,
      service("fw2", exposed({ set_auth: true, auth_type: "zzz" })),
      `${failed} error creating route for exposed service 'fw2': unsupported expose auth_type "zzz"`,
    ],
    [
      post,
      service("a.b", exposed()),
      `${failed} error creating svc for exposed service 'a.b': Service "a.b-svc" is invalid: metadata.name: …`,
    ],
    [post, service("1exp", exposed()), "201"],
    [post, service("n".repeat(39), exposed()), "201"],
    [
      post,
      service("x1", { expose: { api_port: "80" } }),
      "400 T The service specification is not valid: json: cannot unmarshal string into Go struct field " +
        "Expose.expose.api_port of type []int",
    ],
  ),
  transcript(
    "labels and annotations, on the plain back end",
    {},
    [
      post,
      service("lab", { labels: { a: "x y" } }),
      `${failed} PodTemplate "lab" is invalid: metadata.labels: Invalid value: "x y": …`,
    ],
    [
      post,
      service("lab2", { annotations: { "b c": "d" } }),
      `${failed} PodTemplate "lab2" is invalid: metadata.annotations: Invalid value: "b c": …`,
    ],
    ["GET /system/services/lab2", undefined, "404"],
  ),
  transcript(
    "labels, annotations and names in other cases, with Knative",
    { backend: "knative" },
    [
      post,
      service("lab", { labels: { a: "x y" }, annotations: { "b c": "d" } }),
      `${failed} Service.serving.knative.dev "lab" is invalid: [metadata.labels: Invalid value: "x y": …`,
    ],
    [
      post,
      service("misc", { NAME: "misc2", bogus: 1, labels: { "bad label": "x y" } }),
      `${failed} Service.serving.knative.dev "misc2" is invalid: [metadata.labels: Invalid value: "bad label": …`,
    ],
    ["GET /system/services/misc2", undefined, "404"],
    [
      post,
      service("hf", exposed({ set_auth: true, auth_type: "forward" })),
      `${failed} error creating route…`,
    ],
  ),
  transcript(
    "what is stored of what is sent",
    {},
    [post, service("oneseg", { ...from("in"), ...to("out") }), "201"],
    [
      "GET /system/services/oneseg",
      undefined,
      `200 J ${golden("oneseg", { ...from("oneseg/in"), ...to("oneseg/out") })}`,
    ],
    [post, service("x5", { expose: null, input: null, labels: null }), "201"],
    ["GET /system/services/x5", undefined, `200 J ${golden("x5")}`],
    [
      post,
      service("vis", {
        visibility: "zzz",
        log_level: "zzz",
        isolation_level: "zzz",
        allowed_users: ["a", "a", " ", ""],
        script: "#!/bin/sh\r\necho hello\r\n",
      }),
      "201",
    ],
    [
      "GET /system/services/vis",
      undefined,
      `200 J ${golden("vis", { visibility: "zzz", isolation_level: "zzz", allowed_users: ["a", "a"] })}`,
    ],
    [post, service("own", { owner: "someone", token: "t", vo: "v", bucket_list: ["q"] }), "201"],
    ["GET /system/services/own", undefined, `200 J ${golden("own", { vo: "v", bucket_list: ["q"] })}`],
    [
      post,
      service("ws", { environment: { variables: { A: " x ", B: " ", C: "a\r\nb", ...survivors } } }),
      "201",
    ],
    [
      "GET /system/services/ws",
      undefined,
      `200 J ${golden("ws", {
        environment: { variables: { A: "x", B: "", C: "\na\r\nb", ...survivors }, secrets: {} },
      })}`,
    ],
    [post, service("e6", { expose: { ...zeros, api_port: [0], min_scale: 1 } }), "201"],
    [
      "GET /system/services/e6",
      undefined,
      `200 J ${golden("e6", {
        expose: {
          min_scale: 1,
          max_scale: 0,
          api_port: [0],
          cpu_threshold: 0,
          rewrite_target: false,
          default_command: false,
          set_auth: false,
          health_path: "",
        },
      })}`,
    ],
  ),
  ...Object.entries({
    h1: { environment: { variables: { A: "- x" } } },
    h2: { annotations: { a: "- b" } },
    h3: { visibility: "-" },
    h4: { allowed_users: ["-"] },
    h5: { vo: "- v" },
    h6: { environment: { variables: { A: "-x", E: " -" } } },
    h9: { environment: { variables: { A: "? x", G: "- " } } },
  }).map(([name, more]) =>
    transcript(
      `a text that cannot be read: ${name}`,
      { backend: "knative" },
      [post, service(name, more), "201"],
      [`GET /system/services/${name}`, undefined, `500 T the FDL of the service "${name}" cannot be read`],
    ),
  ),
  transcript(
    "federation and jobs of a service without any",
    {},
    [post, service("kn"), "201"],
    ["GET /system/federation/kn", undefined, '200 J {"topology":"none","members":null}'],
    ["POST /system/federation/kn", { members: [] }, '200 J {"topology":"none","members":null}'],
    ["POST /system/federation/kn", "", "400 T Invalid payload: EOF"],
    ["GET /system/federation/nope", undefined, "404"],
    ["GET /system/logs/kn", undefined, '200 J {"jobs":{}}'],
    ["GET /system/logs/nope", undefined, "404"],
    ["GET /system/logs", undefined, "404"],
    [
      post,
      service("fed", {
        federation: { group_id: "g", topology: "star", members: [{ type: "oscar", cluster_id: "c2" }] },
      }),
      "400 T refresh_token secret is required for federated services",
    ],
  ),
];

describe("recorded calls", () => {
  it.each(transcripts)("$name", async (recorded) => {
    expect(await replay(recorded)).toEqual(recorded.steps);
  });
});
