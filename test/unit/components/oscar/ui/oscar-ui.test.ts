import { secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { OscarProvider } from "../../../../../components/oscar/oscar-provider";
import { OscarUi } from "../../../../../components/oscar/ui/oscar-ui";
import type { OscarUiArgs, UiDeployment, UiService } from "../../../../../components/oscar/ui/ui-args";
import { run, valueOf } from "../../../../support/mocks";
import { sharedGateway } from "../../exposure/support";
import { testGround } from "../../fixtures";

const image = "ghcr.io/grycap/plants-ui:1.2.0";
const oscarEndpoint = "https://oscar.example.com";

const lab = () =>
  new OscarProvider("lab", { endpoint: oscarEndpoint, credentials: { kind: "basic", password: "given" } });
const asService = (as: Partial<UiService> = {}, args: Partial<OscarUiArgs> = {}) =>
  new OscarUi("plants-ui", {
    image,
    oscarEndpoint,
    ...args,
    as: { kind: "service", provider: lab(), ...as },
  });
const asDeployment = (as: Partial<UiDeployment> = {}, args: Partial<OscarUiArgs> = {}) =>
  new OscarUi("plants-ui", {
    image,
    oscarEndpoint,
    ...args,
    as: { kind: "deployment", ...testGround(), exposure: { kind: "none" }, ...as },
  });

describe.each([false, true])("the UI as a Deployment, preview %s", (preview) => {
  it("is seed 000's: the same variables, ports, host and certificate, and no login of ours", async () => {
    const { registered, one, result } = await run(preview, () =>
      asDeployment(
        {
          servicePort: 9000,
          exposure: {
            kind: "ingress",
            host: "plants.example.com",
            tls: { secretName: "plants.example.com", issuer: "letsencrypt-prod" },
          },
        },
        { port: 30001, environment: { SERVICE: "plants" }, resources: { memory: "2Gi" } },
      ),
    );
    expect(registered.filter(({ parent }) => parent === "OscarUi plants-ui").map(({ type }) => type)).toEqual(
      ["inference-infra:serving:InferenceUi"],
    );
    expect(one("Deployment").inputs).toMatchObject({
      spec: {
        replicas: 1,
        template: {
          spec: {
            containers: [
              {
                image,
                env: [
                  { name: "GRADIO_ANALYTICS_ENABLED", value: "False" },
                  { name: "GRADIO_SERVER_NAME", value: "0.0.0.0" },
                  { name: "GRADIO_SERVER_PORT", value: "30001" },
                  { name: "GRADIO_TEMP_DIR", value: "/tmp/gradio" },
                  { name: "HOME", value: "/tmp" },
                  { name: "MPLCONFIGDIR", value: "/tmp/matplotlib" },
                  { name: "SERVICE", value: "plants" },
                  { name: "USER", value: "app" },
                  { name: "oscar_endpoint", value: "https://oscar.example.com" },
                  { name: "port", value: "30001" },
                ],
                ports: [{ name: "web", containerPort: 30001 }],
                resources: { requests: { cpu: "250m", memory: "2Gi" } },
              },
            ],
          },
        },
      },
    });
    expect(one("Service").inputs).toMatchObject({
      metadata: { name: "plants-ui-service" },
      spec: { ports: [{ name: "web", port: 9000, targetPort: "web" }] },
    });
    expect(one("Ingress").inputs).toMatchObject({
      metadata: { annotations: { "cert-manager.io/cluster-issuer": "letsencrypt-prod" } },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["plants.example.com"], secretName: "plants.example.com" }],
        rules: [{ host: "plants.example.com" }],
      },
    });
    expect(registered.filter(({ type }) => type.endsWith(":Secret"))).toEqual([]);
    expect(await valueOf(result.address)).toBe("https://plants.example.com");
    expect(result.service).toBeUndefined();
  });

  it("has the rest of what an InferenceUi has", async () => {
    const { one, result } = await run(preview, () =>
      asDeployment({
        exposure: { kind: "gateway", gateway: sharedGateway(), path: "/plants" },
        host: "a.example.com",
      }),
    );
    const [container] = containersOf(one("Deployment").inputs);
    expect(container?.env).toContainEqual({ name: "GRADIO_ROOT_PATH", value: "/plants" });
    expect(container?.env).toContainEqual({ name: "port", value: "7860" });
    expect(await valueOf(result.address)).toBe("https://a.example.com/plants");
  });
});

describe.each([false, true])("the UI as a service, preview %s", (preview) => {
  it("is exposed by its image's own command, knows its path, and is made in OSCAR alone", async () => {
    const { registered, one, result } = await run(preview, () => asService());
    expect(registered.map(({ type }) => type).sort()).toEqual([
      "inference-infra:oscar:OscarUi",
      "oscar:index:Service",
      "pulumi:providers:oscar",
    ]);
    expect(one("Service")).toEqual({
      type: "oscar:index:Service",
      name: "plants-ui",
      inputs: {
        name: "plants-ui",
        image,
        script: "#!/bin/sh\n# The image's own command serves the UI; a job has nothing to do.\n",
        cpu: "500m",
        memory: "1Gi",
        expose: {
          apiPort: 7860,
          minScale: 1,
          maxScale: 1,
          rewriteTarget: false,
          defaultCommand: true,
          healthPath: "/",
        },
        environment: {
          variables: {
            GRADIO_SERVER_NAME: "0.0.0.0",
            GRADIO_SERVER_PORT: "7860",
            GRADIO_ANALYTICS_ENABLED: "False",
            GRADIO_TEMP_DIR: "/tmp/gradio",
            GRADIO_ROOT_PATH: "/system/services/plants-ui/exposed",
            port: "7860",
            oscar_endpoint: "https://oscar.example.com",
          },
        },
      },
      parent: "OscarUi plants-ui",
      provider: "lab",
      dependsOn: [],
      options: { deleteBeforeReplace: true },
    });
    expect(result.deployment).toBeUndefined();
  });

  it("hands over what it is given", async () => {
    const { one } = await run(preview, () =>
      asService(
        {
          name: "plants",
          probePath: "/health",
          secrets: { TOKEN: secret("hidden") },
          visibility: "restricted",
          allowedUsers: ["ada"],
          vo: "vo.example.org",
          labels: { team: "plants" },
          annotations: { note: "ours" },
          imagePullSecrets: ["registry"],
          readyWithinSeconds: 60,
        },
        {
          port: 7000,
          oscarEndpoint: "http://oscar.oscar:8080/",
          environment: { SERVICE: "plants", GRADIO_TEMP_DIR: "/data" },
          resources: { cpu: "2", memory: "4Gi", disk: "5Gi" },
        },
      ),
    );
    expect(one("Service").inputs).toEqual({
      name: "plants",
      image,
      script: expect.stringMatching(/^#!\/bin\/sh\n/) as string,
      cpu: "2",
      memory: "4Gi",
      ephemeralStorageRequest: "5Gi",
      expose: {
        apiPort: 7000,
        minScale: 1,
        maxScale: 1,
        rewriteTarget: false,
        defaultCommand: true,
        healthPath: "/health",
      },
      environment: {
        variables: {
          GRADIO_SERVER_NAME: "0.0.0.0",
          GRADIO_SERVER_PORT: "7000",
          GRADIO_ANALYTICS_ENABLED: "False",
          GRADIO_TEMP_DIR: "/data",
          GRADIO_ROOT_PATH: "/system/services/plants/exposed",
          port: "7000",
          oscar_endpoint: "http://oscar.oscar:8080",
          SERVICE: "plants",
        },
        secrets: { TOKEN: { secret: "hidden" } },
      },
      visibility: "restricted",
      allowedUsers: ["ada"],
      vo: "vo.example.org",
      labels: { team: "plants" },
      annotations: { note: "ours" },
      imagePullSecrets: ["registry"],
      readyWithinSeconds: 60,
    });
  });

  it("tells Gradio of no path where OSCAR gives it a host of its own", async () => {
    const { one } = await run(preview, () => asService({ rootPath: "/" }));
    expect(one("Service").inputs).not.toHaveProperty("environment.variables.GRADIO_ROOT_PATH");
  });
});

describe("the UI's address as a service", () => {
  it("is said not to be there where OSCAR tells none", async () => {
    const { result } = await run(false, () => asService());
    expect(await valueOf(result.address)).toBe("(OSCAR tells no URL for the service plants-ui)");
  });
});

describe.each([false, true])("a UI with faults, preview %s", (preview) => {
  it("makes nothing, and tells them all at once", async () => {
    await expect(
      run(preview, () => asService({ name: "Plants" }, { image: "ghcr.io/grycap/plants-ui", port: 0 })),
    ).rejects.toThrow(
      [
        "OscarUi plants-ui:",
        "  port: got 0; allowed: a whole number from 1 to 65535",
        '  name: got "Plants"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters',
        '  image: got "ghcr.io/grycap/plants-ui"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
      ].join("\n"),
    );
  });

  it("does not hold back an endpoint that is not known yet", async () => {
    const { one } = await run(preview, () => {
      const provider = lab();
      const unknown: Output<string> = provider.id.apply(() => "http://oscar.example.com/");
      return asService({ provider }, { oscarEndpoint: unknown });
    });
    expect(one("Service").inputs).toHaveProperty(
      "environment.variables.oscar_endpoint",
      preview ? "<unknown>" : "http://oscar.example.com",
    );
  });
});

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

function containersOf(inputs: Record<string, unknown>): readonly Container[] {
  const { spec } = inputs as { spec: { template: { spec: { containers: readonly Container[] } } } };
  return spec.template.spec.containers;
}
