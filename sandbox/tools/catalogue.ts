import { definitionSets, type DefinitionsName } from "./definition-sets";

/** A program the sandbox is made of. */
export type ProgramName =
  "pulumi" | "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

export type ToolName = ProgramName | DefinitionsName;

export interface Tool {
  readonly name: ToolName;
  readonly path: string;
  /** Without a leading `v`. */
  readonly version: string;
  readonly origin: "path" | "cache" | "download" | "build";
}

/** What the publishers call a machine: Go's names. */
export interface Platform {
  readonly os: "linux" | "darwin";
  readonly arch: "amd64" | "arm64";
}

/** One file of an official release; both addresses are relative to the base address. */
export interface Artifact {
  readonly file: string;
  /**
   * The publisher's list of SHA-256 sums, or the sum itself where the publisher has no such list. Or that of the
   * definitions that are in the YAML file, which is the same for whatever file they are in.
   */
  readonly checksum:
    { readonly list: string } | { readonly sha256: string } | { readonly definitions: string };
  /** Where the program lies in the tarball; the file is the program itself if this is absent. */
  readonly entry?: string;
}

export interface Recipe {
  /** What is downloaded or built. */
  readonly version: string;
  /** What is good enough on PATH: a semver range, and the same in words. */
  readonly accepts: { readonly range: string; readonly words: string };
  /** Undefined where it is no program, which PATH is not searched for. */
  readonly versionCommand?: readonly string[];
  readonly download: {
    readonly base: string;
    /** The environment variable that names another base address. */
    readonly mirror: string;
    /** Undefined where the publisher has nothing for that platform. */
    readonly artifact: (platform: Platform) => Artifact | undefined;
  };
  readonly build: {
    /** Beside this file; holds the go.mod that pins the module. */
    readonly folder: string;
    /** On two cores, with nothing in Go's cache. */
    readonly expectedSeconds: number;
  } & (
    | { readonly kind: "program"; readonly package: string; readonly ldflags: string }
    /** `yaml` is the module's folder with the YAML files; `sha256` the definitions' (definitions.ts). */
    | {
        readonly kind: "definitions";
        readonly module: string;
        readonly yaml: string;
        readonly sha256: string;
      }
  );
}

const pulumiVersion = "3.250.0";
const kubernetesVersion = "1.36.3";
const etcdVersion = "3.6.6";
const kwokVersion = "0.8.0";

const [kubernetesMajor, kubernetesMinor] = kubernetesVersion.split(".");

function kubernetes(name: string, expectedSeconds: number): Recipe {
  return {
    version: kubernetesVersion,
    accepts: {
      range: `${kubernetesMajor}.${kubernetesMinor}.x`,
      words: `${kubernetesMajor}.${kubernetesMinor}.x`,
    },
    versionCommand: ["--version"],
    download: {
      base: "https://dl.k8s.io/release",
      mirror: "INFERENCE_INFRA_MIRROR_KUBERNETES",
      // Kubernetes publishes server binaries for Linux only.
      artifact: ({ os, arch }) => {
        const file = `v${kubernetesVersion}/bin/linux/${arch}/${name}`;
        return os === "linux" ? { file, checksum: { list: `${file}.sha256` } } : undefined;
      },
    },
    build: {
      folder: "kubernetes",
      kind: "program",
      package: `k8s.io/kubernetes/cmd/${name}`,
      ldflags: [
        "-s -w",
        `-X k8s.io/component-base/version.gitVersion=v${kubernetesVersion}`,
        `-X k8s.io/component-base/version.gitMajor=${kubernetesMajor}`,
        `-X k8s.io/component-base/version.gitMinor=${kubernetesMinor}`,
      ].join(" "),
      expectedSeconds,
    },
  };
}

/**
 * SHA-256 of kwok's release files, which it publishes without a list: from nixpkgs-style package definitions; those of
 * linux/amd64 and darwin/arm64 agree with a second, independent one.
 */
const kwokSums: Readonly<Record<string, string>> = {
  "linux-amd64": "f5a4385a2ae1b9dd7f8acae18e002a75c0ebba124ae9d7259aa8dadb50711f46",
  "linux-arm64": "628f7d277860f524a2a775c217adcc58828e7b59ab0933680315784f1b8b0e37",
  "darwin-arm64": "69a064ec98d37844d9d742b5b28ff57825659a983ccc3e208daa6948b94d64ba",
};

export const catalogue: Readonly<Record<ToolName, Recipe>> = {
  pulumi: {
    version: pulumiVersion,
    accepts: { range: `^${pulumiVersion}`, words: `${pulumiVersion} or later, below 4` },
    versionCommand: ["version"],
    download: {
      base: "https://get.pulumi.com/releases/sdk",
      mirror: "INFERENCE_INFRA_MIRROR_PULUMI",
      artifact: ({ os, arch }) => ({
        file: `pulumi-v${pulumiVersion}-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`,
        checksum: { list: `pulumi-${pulumiVersion}-checksums.txt` },
        entry: "pulumi/pulumi",
      }),
    },
    build: {
      folder: "pulumi",
      kind: "program",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${pulumiVersion}`,
      expectedSeconds: 225,
    },
  },
  etcd: {
    version: etcdVersion,
    accepts: { range: ">=3.5.0", words: "3.5 or later" },
    versionCommand: ["--version"],
    download: {
      base: "https://github.com/etcd-io/etcd/releases/download",
      mirror: "INFERENCE_INFRA_MIRROR_ETCD",
      // For macOS etcd is published as .zip, which Node cannot open; Go is needed there anyway, for Kubernetes.
      artifact: ({ os, arch }) => {
        const name = `etcd-v${etcdVersion}-${os}-${arch}`;
        return os === "linux"
          ? {
              file: `v${etcdVersion}/${name}.tar.gz`,
              checksum: { list: `v${etcdVersion}/SHA256SUMS` },
              entry: `${name}/etcd`,
            }
          : undefined;
      },
    },
    build: {
      folder: "etcd",
      kind: "program",
      package: "go.etcd.io/etcd/server/v3",
      ldflags: "-s -w",
      expectedSeconds: 28,
    },
  },
  "kube-apiserver": kubernetes("kube-apiserver", 290),
  "kube-controller-manager": kubernetes("kube-controller-manager", 90),
  "kube-scheduler": kubernetes("kube-scheduler", 5),
  kwok: {
    version: kwokVersion,
    accepts: { range: ">=0.7.0", words: "0.7 or later" },
    versionCommand: ["--version"],
    download: {
      base: "https://github.com/kubernetes-sigs/kwok/releases/download",
      mirror: "INFERENCE_INFRA_MIRROR_KWOK",
      artifact: ({ os, arch }) => {
        const sha256 = kwokSums[`${os}-${arch}`];
        return sha256 === undefined
          ? undefined
          : { file: `v${kwokVersion}/kwok-${os}-${arch}`, checksum: { sha256 } };
      },
    },
    build: {
      folder: "kwok",
      kind: "program",
      package: "sigs.k8s.io/kwok/cmd/kwok",
      ldflags: `-s -w -X sigs.k8s.io/kwok/pkg/consts.Version=v${kwokVersion}`,
      expectedSeconds: 120,
    },
  },
  ...definitionSets,
};

/** Throws where the sandbox cannot run. */
export function thisPlatform(os: string = process.platform, arch: string = process.arch): Platform {
  if (os === "win32") {
    throw new Error("the sandbox does not run on Windows itself; run it inside WSL (`wsl --install`)");
  }
  const goArch = arch === "x64" ? "amd64" : arch;
  if ((os !== "linux" && os !== "darwin") || (goArch !== "amd64" && goArch !== "arm64")) {
    throw new Error(`the sandbox does not run on ${os}/${arch}; it runs on linux and darwin, x64 and arm64`);
  }
  return { os, arch: goArch };
}
