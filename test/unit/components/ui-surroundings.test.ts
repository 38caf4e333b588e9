import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { run, valueOf, type Registered } from "../../support/mocks";
import { kinds, labels, ui, workload } from "./fixtures";

describe.each([false, true])("more than one pod, preview %s", (preview) => {
  it("a fixed number: spread, sticky, and drained one at a time", async () => {
    const { one, registered } = await run(preview, () => ui({ replicas: 3 }));
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: { "app.kubernetes.io/name": workload } },
              },
            ],
          },
        },
      },
    });
    expect(one("Service").inputs).toMatchObject({ spec: { sessionAffinity: "ClientIP" } });
    expect(one("PodDisruptionBudget")).toMatchObject({
      inputs: {
        spec: { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": workload } } },
      },
      options: { deletedWith: "Namespace mnist" },
    });
    expect(kinds(registered)).not.toContain("HorizontalPodAutoscaler mnist-inference-autoscaler");
  });

  it("as many as the autoscaler says, from the least on", async () => {
    const { one } = await run(preview, () => ui({ replicas: { min: 2, max: 4, cpuPercent: 70 } }));
    expect(one("Deployment")).toMatchObject({
      inputs: { spec: { replicas: 2 } },
      options: { ignoreChanges: ["spec.replicas"] },
    });
    expect(one("HorizontalPodAutoscaler")).toMatchObject({
      inputs: {
        spec: {
          scaleTargetRef: {
            apiVersion: "apps/v1",
            kind: "Deployment",
            name: preview ? "<unknown>" : `${workload}-1a2b3c4d`,
          },
          minReplicas: 2,
          maxReplicas: 4,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
            },
          ],
        },
      },
      options: { deletedWith: "Namespace mnist" },
    });
    expect(one("Service").inputs).toMatchObject({ spec: { sessionAffinity: "ClientIP" } });
  });
});

describe.each([false, true])("logins, preview %s", (preview) => {
  const known = (value: string) => (preview ? "<unknown>" : value);
  const login = (secretName: string) => [
    { name: "UI_PASSWORD", valueFrom: { secretKeyRef: { name: secretName, key: "password" } } },
    { name: "UI_USERNAME", valueFrom: { secretKeyRef: { name: secretName, key: "username" } } },
  ];
  const envOf = (deployment: Registered) =>
    (deployment.inputs as { spec: { template: { spec: { containers: [{ env: object[] }] } } } }).spec.template
      .spec.containers[0].env;

  it("given: a secret from the first line on, and in a Secret whose name changes with it", async () => {
    const { one } = await run(preview, () =>
      ui({ credentials: { kind: "given", username: "ada", password: secret("canary") } }),
    );
    const made = one("Secret");
    expect(made.name).toBe("mnist-inference-login");
    expect(made.inputs["metadata"]).not.toHaveProperty("name");
    expect(made.inputs["stringData"]).toEqual({ secret: { username: "ada", password: "canary" } });
    expect(made.options).toEqual({ deletedWith: "Namespace mnist" });
    expect(envOf(one("Deployment")).slice(-2)).toEqual(login(known("mnist-inference-login-1a2b3c4d")));
  });

  it("given in clear text is kept as a secret all the same", async () => {
    const { one, registered } = await run(preview, () =>
      ui({ credentials: { kind: "given", username: "ada", password: "canary" } }),
    );
    expect(one("Secret").inputs["stringData"]).toEqual({ secret: { username: "ada", password: "canary" } });
    expect(JSON.stringify(registered.filter(({ type }) => !type.endsWith(":Secret")))).not.toContain(
      "canary",
    );
  });

  it("generated", async () => {
    const { one, result } = await run(preview, () =>
      ui({ credentials: { kind: "generated", username: "ada" } }),
    );
    expect(one("RandomPassword")).toMatchObject({
      name: "mnist-inference-password",
      inputs: { length: 24, special: false },
      parent: "InferenceUi mnist-inference",
    });
    const stringData = { secret: { username: "ada", password: "generated-password" } };
    expect(one("Secret").inputs["stringData"]).toEqual(preview ? "<unknown>" : stringData);
    expect(result.password).toBeDefined();
  });

  it("of a Secret that exists", async () => {
    const { one, registered } = await run(preview, () =>
      ui({ credentials: { kind: "existing", secretName: "login" } }),
    );
    expect(registered.filter(({ type }) => type.endsWith(":Secret"))).toEqual([]);
    expect(envOf(one("Deployment")).slice(-2)).toEqual(login("login"));
  });
});

describe.each([false, true])("exposure, preview %s", (preview) => {
  it("by a load balancer: its address is awaited, and it does not go unseen with the namespace", async () => {
    const { one, result } = await run(preview, () =>
      ui({ exposure: { kind: "load-balancer" }, replicas: 2 }),
    );
    expect(one("Service")).toMatchObject({
      inputs: {
        metadata: { annotations: { "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}" } },
        spec: { type: "LoadBalancer", sessionAffinity: "ClientIP", externalTrafficPolicy: "Local" },
      },
    });
    expect(one("Service").options).toEqual({ customTimeouts: { create: "600s", update: "600s" } });
    if (!preview) expect(await valueOf(result.address)).toBe("http://203.0.113.7");
  });

  it("by a port of every node", async () => {
    const { one, result } = await run(preview, () => ui({ exposure: { kind: "node-port", port: 30080 } }));
    expect(one("Service").inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080 }] },
    });
    if (!preview) expect(await valueOf(result.address)).toBe("http://<any node>:30080");
  });

  it("by none", async () => {
    const { result } = await run(preview, () => ui({}));
    if (!preview) {
      expect(await valueOf(result.address)).toBe(
        "kubectl port-forward -n mnist-1a2b3c4d service/mnist-inference-service 8080:80",
      );
    }
  });

  it("by an ingress, once the pods are ready; its address is known before", async () => {
    const { one, result } = await run(preview, () =>
      ui({
        replicas: 2,
        exposure: {
          kind: "ingress",
          host: "mnist.example.com",
          path: "/demo",
          tls: { secretName: "mnist-tls", issuer: "letsencrypt-prod" },
          backendProtocol: "HTTPS",
        },
      }),
    );
    const ingress = one("Ingress");
    expect(ingress.inputs).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        namespace: preview ? "<unknown>" : "mnist-1a2b3c4d",
        labels: labels(workload),
        annotations: {
          "cert-manager.io/cluster-issuer": "letsencrypt-prod",
          "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
          "nginx.ingress.kubernetes.io/proxy-read-timeout": "300",
          "nginx.ingress.kubernetes.io/proxy-send-timeout": "300",
          "nginx.ingress.kubernetes.io/proxy-body-size": "64m",
          "nginx.ingress.kubernetes.io/affinity": "cookie",
          "nginx.ingress.kubernetes.io/session-cookie-name": "inference-ui",
        },
      },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["mnist.example.com"], secretName: "mnist-tls" }],
        rules: [
          {
            host: "mnist.example.com",
            http: {
              paths: [
                {
                  path: "/demo",
                  pathType: "Prefix",
                  backend: {
                    service: {
                      name: preview ? "<unknown>" : "mnist-inference-service",
                      port: { name: "web" },
                    },
                  },
                },
              ],
            },
          },
        ],
      },
    });
    expect(ingress.dependsOn).toContain(`Deployment ${workload}`);
    expect(ingress.options).toEqual({ customTimeouts: { create: "20m", update: "20m" } });
    expect(await valueOf(result.address)).toBe("https://mnist.example.com/demo");
    expect(one("Deployment").inputs).toMatchObject({
      spec: { template: { spec: { containers: [{ startupProbe: { httpGet: { scheme: "HTTPS" } } }] } } },
    });
    expect(JSON.stringify(one("Deployment").inputs)).toContain('{"name":"GRADIO_ROOT_PATH","value":"/demo"}');
  });

  it("by an ingress of GKE's, which knows it by an annotation alone", async () => {
    const { one } = await run(preview, () =>
      ui({ exposure: { kind: "ingress", host: "mnist.example.com", className: "gce" } }),
    );
    const { metadata, spec } = one("Ingress").inputs;
    expect(metadata).toMatchObject({ annotations: { "kubernetes.io/ingress.class": "gce" } });
    expect(spec).not.toHaveProperty("ingressClassName");
  });

  it("by an ingress of Traefik's, which reads the Service", async () => {
    const { one } = await run(preview, () =>
      ui({
        replicas: 2,
        exposure: {
          kind: "ingress",
          host: "mnist.example.com",
          className: "traefik",
          backendProtocol: "HTTPS",
        },
      }),
    );
    expect(one("Service").inputs["metadata"]).toMatchObject({
      annotations: {
        "traefik.ingress.kubernetes.io/service.sticky.cookie": "true",
        "traefik.ingress.kubernetes.io/service.serversscheme": "https",
      },
    });
  });

  it("by an ingress with annotations of one's own, and not awaited", async () => {
    const annotations = { "nginx.ingress.kubernetes.io/proxy-body-size": "1g", mine: "1" };
    const { one } = await run(preview, () =>
      ui({ exposure: { kind: "ingress", host: "mnist.example.com", annotations, await: false } }),
    );
    expect(one("Ingress").inputs["metadata"]).toMatchObject({
      annotations: { ...annotations, "pulumi.com/skipAwait": "true" },
    });
  });
});
