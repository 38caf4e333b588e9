import type { ManagedVolume } from "../wire";
import { segment } from "./endpoint";
import { absentWhen } from "./errors";
import { oneAtATime } from "./one-at-a-time";
import { read, readList, readSure } from "./read-answer";
import { areVolumes, isVolume } from "./shapes";
import type { Transport } from "./transport";

/** Managed volumes, from 4.0; the Manager has these routes only when its installation has volumes switched on. */
export class Volumes {
  constructor(private readonly transport: Transport) {}

  list(): Promise<ManagedVolume[]> {
    return readList(this.transport, { method: "GET", path: "/system/volumes" }, areVolumes);
  }

  /** One volume, or nothing when there is none of that name. */
  async get(name: string): Promise<ManagedVolume | undefined> {
    const path = `/system/volumes/${segment("volume", name)}`;
    return read(this.transport, { method: "GET", path }, isVolume).catch((error) => absentWhen(error, 404));
  }

  /** Size: a quantity, such as `1Gi`. A name that is taken is a `ManagerError` of 409. */
  create(volume: { name: string; size: string }): Promise<ManagedVolume> {
    const sent = { method: "POST", path: "/system/volumes", json: volume } as const;
    return oneAtATime(this.transport.base, () => readSure(this.transport, sent, isVolume));
  }

  /** Comes back at once; the volume is listed as `deleting` until it is gone. One in use is a `ManagerError` of 400. */
  async delete(name: string): Promise<void> {
    const sent = { method: "DELETE", path: `/system/volumes/${segment("volume", name)}` } as const;
    await oneAtATime(this.transport.base, () => this.transport.send(sent)).catch((error) =>
      absentWhen(error, 404),
    );
  }
}
