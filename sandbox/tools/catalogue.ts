import { join } from "node:path";

export const toolNames = [
  "pulumi",
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;
export type ToolName = (typeof toolNames)[number];

export interface Platform {
  readonly os: "linux" | "darwin";
  readonly arch: "amd64" | "arm64";
}

export interface Download {
  readonly url: string;
  /** A text whose line for the file begins with its SHA-256, or that is nothing else. */
  readonly checksums: string;
  /** Path inside the archive; left out where the download is the program itself. */
  readonly member?: string;
}

export interface ToolEntry {
  readonly version: string;
  /** What a program of this name on PATH must be to be used. */
  readonly accepts: string;
  /** Arguments that make it tell its version. */
  readonly versionArgs: readonly string[];
  /** Where Go builds it: the folder of the go.mod that pins it, and the package. */
  readonly module: string;
  readonly package: string;
  readonly ldflags: string;
  /** How long a build takes on two cores, in seconds; measured. */
  readonly buildSeconds: number;
  /** The official release, `undefined` where there is none for the platform. Mirrors: `base` of another address. */
  download(platform: Platform, base: (name: string, official: string) => string): Download | undefined;
}

const kubernetesVersion = "1.36.3";

function kubernetes(name: string, buildSeconds: number): ToolEntry {
  return {
    version: kubernetesVersion,
    accepts: "~1.36.0",
    versionArgs: ["--version"],
    module: join(__dirname, "kubernetes"),
    package: `k8s.io/kubernetes/cmd/${name}`,
    ldflags: ["gitVersion=v1.36.3", "gitMajor=1", "gitMinor=36"]
      .map((value) => `-X k8s.io/component-base/version.${value}`)
      .join(" "),
    buildSeconds,
    // There are no server programs for macOS.
    download: ({ os, arch }, base) => {
      if (os !== "linux") return undefined;
      const url = `${base("KUBERNETES", "https://dl.k8s.io")}/v${kubernetesVersion}/bin/linux/${arch}/${name}`;
      return { url, checksums: `${url}.sha256` };
    },
  };
}

/** The one place that says which versions the sandbox is made of. They are known to build and to work together. */
export const catalogue: Readonly<Record<ToolName, ToolEntry>> = {
  pulumi: {
    version: "3.250.0",
    accepts: ">=3.250.0 <4.0.0",
    versionArgs: ["version"],
    module: join(__dirname, "pulumi"),
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.250.0",
    buildSeconds: 225,
    download: ({ os, arch }, base) => {
      const file = `pulumi-v3.250.0-${os}-${arch === "amd64" ? "x64" : arch}.tar.gz`;
      const release = `${base("PULUMI", "https://github.com/pulumi/pulumi/releases/download")}/v3.250.0`;
      return {
        url: `${release}/${file}`,
        checksums: `${release}/pulumi-3.250.0-checksums.txt`,
        member: "pulumi/pulumi",
      };
    },
  },
  etcd: {
    version: "3.6.6",
    accepts: ">=3.5.0 <4.0.0",
    versionArgs: ["--version"],
    module: join(__dirname, "etcd"),
    package: "go.etcd.io/etcd/server/v3",
    ldflags: "",
    buildSeconds: 28,
    download: ({ os, arch }, base) => {
      // For macOS the release is a zip archive, which a build of half a minute spares us.
      if (os !== "linux") return undefined;
      const folder = `etcd-v3.6.6-${os}-${arch}`;
      const release = `${base("ETCD", "https://github.com/etcd-io/etcd/releases/download")}/v3.6.6`;
      return {
        url: `${release}/${folder}.tar.gz`,
        checksums: `${release}/SHA256SUMS`,
        member: `${folder}/etcd`,
      };
    },
  },
  "kube-apiserver": kubernetes("kube-apiserver", 290),
  "kube-controller-manager": kubernetes("kube-controller-manager", 90),
  "kube-scheduler": kubernetes("kube-scheduler", 8),
  kwok: {
    version: "0.8.0",
    accepts: ">=0.7.0 <1.0.0",
    versionArgs: ["--version"],
    module: join(__dirname, "kwok"),
    package: "sigs.k8s.io/kwok/cmd/kwok",
    ldflags: "",
    buildSeconds: 120,
    download: ({ os, arch }, base) => {
      const release = `${base("KWOK", "https://github.com/kubernetes-sigs/kwok/releases/download")}/v0.8.0`;
      return { url: `${release}/kwok-${os}-${arch}`, checksums: `${release}/kwok-${os}-${arch}.sha256` };
    },
  },
};

/** The platform we run on. */
export function platform(os: string = process.platform, arch: string = process.arch): Platform {
  if (os === "win32") throw new Error("the sandbox needs Linux or macOS; on Windows, run it in WSL");
  if ((os !== "linux" && os !== "darwin") || (arch !== "x64" && arch !== "arm64")) {
    throw new Error(`the sandbox needs Linux or macOS on amd64 or arm64; this is ${os} on ${arch}`);
  }
  return { os, arch: arch === "x64" ? "amd64" : "arm64" };
}
