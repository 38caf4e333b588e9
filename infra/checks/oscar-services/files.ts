import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseFdl, type FdlService } from "../../../components/oscar/fdl/read-fdl";
import { readScript } from "../../../components/oscar/service/script";
import { nearMiss } from "../../../components/near-miss";
import { got, type Fault, type Path } from "../../faults";
import { fdlFile, type FdlFile } from "../../fdl-files";
import { either } from "../../schema/fields";
import { hasHoles, type Draft } from "../draft";

export type Section = NonNullable<Draft["oscarServices"]>;

/** A service, and where the document names its file. */
export interface Found extends FdlService {
  readonly path: Path;
}

export interface Reading {
  readonly services: readonly Found[];
  readonly faults: readonly Fault[];
  /** Whether these are all the services that there are: no file is faulty. */
  readonly isWhole: boolean;
}

/** Reads the files that the document names. */
export function readFiles({ fdl = [] }: Section): Reading {
  const readings = fdl.map((entry, index): Reading => {
    const path = ["oscarServices", "fdl", index];
    if (entry === undefined || hasHoles(entry)) return { services: [], faults: [], isWhole: false };
    if (typeof entry === "string") return readOne(fdlFile(entry), path, path);
    const { path: file = "", cluster } = entry;
    return readOne(fdlFile({ path: file, cluster }), path, [...path, "path"]);
  });
  return {
    services: readings.flatMap(({ services }) => services),
    faults: readings.flatMap(({ faults }) => faults),
    isWhole: fdl.length > 0 && readings.every(({ isWhole }) => isWhole),
  };
}

function readOne({ file, cluster }: FdlFile, path: Path, pathOfFile: Path): Reading {
  const faulty = (...faults: Fault[]): Reading => ({ services: [], faults, isWhole: false });
  const text = textOf(file);
  if (text === undefined)
    return faulty({ path: pathOfFile, message: `got ${JSON.stringify(file)}; there is no such file` });
  const { services, faults } = parseFdl(text, file, (script) => readScript(resolve(dirname(file), script)));
  if (faults.length > 0) return faulty(...faults.map((message) => ({ path, message })));
  if (services.length === 0)
    return faulty({ path, message: `${file}: got no service; needed: at least one` });
  const ids = [...new Set(services.map((each) => each.cluster))];
  if (cluster === undefined && ids.length > 1) {
    const message = `${file}: got services of ${ids.join(" and of ")}; needed: whose, as {path: …, cluster: ${ids[0]}}`;
    return faulty({ path, message });
  }
  if (cluster !== undefined && !ids.includes(cluster)) {
    const place = [...path, "cluster"];
    const meant = nearMiss(cluster, ids);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    return faulty({ path: place, message: `${got(cluster, place)}; allowed: ${either(ids)}${hint}` });
  }
  const wanted = services.filter((each) => cluster === undefined || each.cluster === cluster);
  return { services: wanted.map((each) => ({ ...each, path })), faults: [], isWhole: true };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "EISDIR"].includes(String(error.code)))
      return undefined;
    throw error;
  }
}
