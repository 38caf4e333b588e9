import { describe, expect, it } from "vitest";
import { pageOf } from "../../../../../components/oscar/ui/exposed-ui";
import { withoutSlash } from "../../../../../components/oscar/ui/ui-endpoint";
import {
  validateOscarUi,
  type CheckedOscarUiArgs,
} from "../../../../../components/oscar/ui/validate-oscar-ui";
import type { UiService } from "../../../../../components/oscar/ui/ui-args";

const sound: CheckedOscarUiArgs = {
  image: "ghcr.io/grycap/plants-ui:1.2.0",
  oscarEndpoint: "https://oscar.example.com",
  as: { kind: "service" },
};
const deployment: CheckedOscarUiArgs["as"] = {
  kind: "deployment",
  cluster: { gpu: () => ({ resource: "nvidia.com/gpu", nodeSelector: {}, tolerations: [] }) },
  exposure: { kind: "none" },
};
const faults = (args: Partial<CheckedOscarUiArgs>, name = "plants-ui") =>
  validateOscarUi(name, { ...sound, ...args });
const serviceFaults = (as: Partial<Omit<UiService, "provider">>) =>
  faults({ as: { kind: "service", ...as } });

const such = "such as https://oscar.example.com, or in its cluster http://oscar.oscar:8080";
const clear =
  "allowed: https://, because people's passwords go there; or, in its cluster, http://oscar.oscar:8080; or clearText: true";

describe("the endpoint that people's passwords go to", () => {
  it.each([
    "https://oscar.example.com",
    "https://203.0.113.7:8443/oscar/",
    "http://oscar.oscar:8080",
    "http://oscar:8080",
    "http://oscar.oscar.svc:8080/",
    "http://manager.lab.svc.cluster.local",
  ])("%s", (oscarEndpoint) => {
    expect(faults({ oscarEndpoint })).toEqual([]);
    expect(faults({ oscarEndpoint, as: deployment })).toEqual([]);
  });

  it.each([
    ["http://oscar.example.com", clear],
    ["http://10.0.0.7:8080", clear],
    ["http://[fd00::7]:8080", clear],
    ["http://oscar.com", clear],
    ["http://a.svc.example.com", clear],
    ["ftp://oscar.example.com", `allowed: a URL, ${such}`],
    ["oscar.example.com", `allowed: a URL, ${such}`],
    ["https://oscar.example.com?a=b", `allowed: a URL, ${such}`],
    ["http://localhost:8080", `allowed: a URL that pods reach, ${such}; to a pod, localhost is itself`],
    ["https://localhost", `allowed: a URL that pods reach, ${such}; to a pod, localhost is itself`],
    ["http://127.0.0.1:8080", `allowed: a URL that pods reach, ${such}; to a pod, 127.0.0.1 is itself`],
    ["http://[::1]:8080", `allowed: a URL that pods reach, ${such}; to a pod, [::1] is itself`],
  ])("not %s", (oscarEndpoint, allowed) => {
    expect(faults({ oscarEndpoint })).toEqual([`oscarEndpoint: got "${oscarEndpoint}"; ${allowed}`]);
  });

  it("in clear text where that is said", () => {
    expect(faults({ oscarEndpoint: "http://10.0.0.7:8080", clearText: true })).toEqual([]);
  });

  it("is not repeated where it has a password in it", () => {
    expect(faults({ oscarEndpoint: "https://ada:hidden@oscar.example.com" })).toEqual([
      "oscarEndpoint: got a URL with a login in it; allowed: one without, for people give their own",
    ]);
  });

  it("is told without slashes at its end", () => {
    expect(withoutSlash("https://oscar.example.com/lab//")).toBe("https://oscar.example.com/lab");
    expect(withoutSlash("https://oscar.example.com")).toBe("https://oscar.example.com");
  });
});

describe("a UI's faults", () => {
  it.each(["port", "oscar_endpoint", "GRADIO_SERVER_PORT"])(
    "a variable that an argument says: %s",
    (name) => {
      const argument = name === "oscar_endpoint" ? "oscarEndpoint" : "port";
      const fault = `environment: got the name "${name}"; allowed: others, because ${argument} says it`;
      expect(faults({ environment: { [name]: "1" } })).toEqual([fault]);
      expect(faults({ environment: { [name]: "1" }, as: deployment })).toEqual([fault]);
    },
  );

  it("a variable without a name", () => {
    const fault =
      'environment: got the name "1A"; allowed: letters, digits, underscores, hyphens and dots, no digit first';
    expect(faults({ environment: { "1A": "" } })).toEqual([fault]);
    expect(faults({ environment: { "1A": "" }, as: deployment })).toEqual([fault]);
  });

  it("of an InferenceUi, once each", () => {
    expect(faults({ as: deployment, port: 0, image: "ui", resources: { cpu: "0" } }, "-")).toEqual([
      'name: got "-"; allowed: lower-case letters, digits and hyphens, a letter first, at most 52 characters',
      'image: got "ui"; allowed: an image with a tag (not latest) or a digest, such as ghcr.io/you/ui:1.4.0',
      "port: got 0; allowed: a whole number from 1 to 65535",
      'resources.cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
    ]);
  });

  it("of a service, once each", () => {
    expect(faults({ port: 70000, resources: { cpu: "0", memory: "1", disk: "5" } }, "a".repeat(40))).toEqual([
      "port: got 70000; allowed: a whole number from 1 to 65535",
      'resources.cpu: got "0"; allowed: a number of CPUs, such as 2 or 500m',
      'resources.memory: got "1"; allowed: a size with a unit, such as 2Gi',
      'resources.disk: got "5"; allowed: a size with a unit, such as 2Gi',
      `name: got "${"a".repeat(40)}"; allowed: lower-case letters, digits and hyphens, a letter first, at most 39 characters`,
    ]);
  });

  it("of a service's paths, secrets and users", () => {
    expect(serviceFaults({ rootPath: "demo", probePath: "health", secrets: { "1A": "" } })).toEqual([
      'rootPath: got "demo"; allowed: an absolute path, such as /models/model.pt',
      'probePath: got "health"; allowed: an absolute path, such as /models/model.pt',
      'environment.secrets: got the name "1A"; allowed: letters, digits, underscores, hyphens and dots, no digit first',
    ]);
  });

  it("of a variable that the Manager could not read back", () => {
    expect(faults({ environment: { MODE: "-" } })).toEqual([
      'environment.MODE: got a text that is "-" or begins with "- "; allowed: any other, because the Manager could not read it back, and could then list no service to anyone',
    ]);
    expect(faults({ environment: { MODE: "-" }, as: deployment })).toEqual([]);
  });
});

describe("the UI's page", () => {
  it.each([
    [
      "https://oscar.example.com/system/services/ui/exposed",
      "https://oscar.example.com/system/services/ui/exposed/",
    ],
    ["https://ui.oscar.example.com/", "https://ui.oscar.example.com/"],
  ])("of %s ends with a slash", (url, page) => {
    expect(pageOf(url)).toBe(page);
  });
});
