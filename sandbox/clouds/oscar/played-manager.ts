import { createHash, randomUUID } from "node:crypto";
import type { Credentials } from "../../../components/oscar/service/client/endpoint";
import { FakeManager, type FakeManagerOptions, type FakeUser } from "../../oscar-manager/fake-manager.js";
import type { Generation } from "../../oscar-manager/versions.js";
import type { WorldSnapshot } from "../../oscar-manager/world.js";
import type { ResourceStore } from "../resource-store";
import { readManager, writeManager, type Installation } from "./stored";

export interface PlayedOptions {
  /** Where it is kept what the Managers hold. */
  readonly store: ResourceStore;
  /** How long things take. @default nothing takes any time */
  readonly timings?: Readonly<Partial<Record<"minioRestartMs" | "rolloutMs" | "knativeReadyMs", number>>>;
  /** What is another after OSCAR was installed anew; undefined where the sandbox has no OSCAR in it. */
  readonly installation?: () => Promise<string | undefined>;
}

/** Who comes: a provider, with its configuration. */
export interface Visitor {
  readonly credentials: Credentials;
  /** As the user gives it, such as `4.1`. */
  readonly apiVersion: string | undefined;
}

/**
 * The Manager at one address, and how it lasts from one run to the next. The password that it is given is its
 * administrator's, whichever that is: nobody else could have it. A password that changes is that of an upgrade, and
 * what the Manager holds stays; but where OSCAR was installed anew meanwhile, it is another Manager, with another
 * MinIO, and holds nothing. Who comes with a token is one user, whichever token it is.
 */
export class PlayedManager {
  readonly manager: FakeManager;
  private readonly users: FakeUser[] = [];
  private readonly empty: WorldSnapshot;
  private installation: Installation = {};
  /** What the store has. */
  private saved: string | undefined;
  /** Of what reads the store or writes it, the last: one half done is not taken for another process's. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly address: string,
    private readonly options: PlayedOptions,
  ) {
    this.manager = new FakeManager({
      ...this.settings(),
      changed: () => this.inTurn(() => this.save()),
    });
    this.empty = this.manager.state.snapshot();
  }

  /** To be called before a visitor's first request. */
  receive(visitor: Visitor): Promise<void> {
    return this.inTurn(() => this.prepareFor(visitor));
  }

  private async prepareFor({ credentials, apiVersion }: Visitor): Promise<void> {
    const { store, installation: installedNow } = this.options;
    const stored = await readManager(store, this.address);
    const text = JSON.stringify(stored?.world);
    // Another process may have been at work.
    if (stored !== undefined && text !== this.saved) {
      this.manager.state.restore(stored.world);
      this.installation = stored.installation;
      this.saved = text;
    }
    const id = await installedNow?.();
    const found: Installation = {
      ...(credentials.kind === "basic" && { administrator: digest(credentials.password) }),
      ...(id !== undefined && { id }),
    };
    if (isAnother(this.installation, found)) this.manager.state.restore(this.empty);
    this.installation = { ...this.installation, ...found };
    await this.admit(credentials);
    this.manager.upgrade({
      ...this.settings(generationOf(apiVersion)),
      ...(credentials.kind === "basic" && credentials),
      users: this.users,
    });
  }

  /** To be called before each request: tokens are renewed. */
  async admit(credentials: Credentials): Promise<void> {
    if (credentials.kind === "basic") return;
    const token = (await credentials.token()).trim();
    if (this.users.some((user) => user.token === token)) return;
    this.users.push({ token, uid: "sandbox-user", name: "Sandbox User" });
  }

  private settings(generation: Generation = "4.1"): FakeManagerOptions {
    return {
      generation,
      backend: "knative",
      password: randomUUID(),
      minioRestartMs: 0,
      rolloutMs: 0,
      knativeReadyMs: 0,
      ...this.options.timings,
      runAnswer: { status: 200, body: "simulated: no container of this service runs\n" },
      usersCame: true,
    };
  }

  private async save(): Promise<void> {
    const world = this.manager.state.snapshot();
    const text = JSON.stringify(world);
    if (text === this.saved) return;
    await writeManager(this.options.store, this.address, { installation: this.installation, world });
    this.saved = text;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}

const digest = (password: string): string => createHash("sha256").update(password).digest("hex");

/** Password and installation are both others: each of them alone may change under a Manager that stays. */
function isAnother(before: Installation, now: Installation): boolean {
  const differ = (key: keyof Installation) =>
    before[key] !== undefined && now[key] !== undefined && before[key] !== now[key];
  return differ("administrator") && differ("id");
}

/** Whose wire format a version has. */
export function generationOf(apiVersion = "4.1"): Generation {
  const [, major = "4", minor = "1"] = /^v?(\d+)\.(\d+)/.exec(apiVersion.trim()) ?? [];
  if (Number(major) < 4) return "3.7";
  if (Number(major) > 4 || Number(minor) > 1) return "4.2";
  return minor === "0" ? "4.0" : "4.1";
}
