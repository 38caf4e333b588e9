import { readFile } from "node:fs/promises";
import type { Log, Properties } from "../../../provider";
import { messageOf } from "../../messages";
import type { AwaitOptions } from "../service/await-ready";
import type { GuardOptions } from "../service/bucket-guard";
import type { Credentials } from "../service/client/endpoint";
import { ManagerError } from "../service/client/errors";
import { ManagerClient, type ManagerClientOptions } from "../service/client/manager-client";
import { sniffFeatures, type Features } from "../service/version";
import type { SystemInfo, WireService } from "../service/wire";
import { settingsOf, type Settings } from "./config";
import { remembered } from "./remembered";

/** How long the provider waits between looks; for tests. The defaults are those of what waits. */
export type Pauses = Pick<AwaitOptions, "pollMs" | "settleMs"> & Pick<GuardOptions, "volumeWaitMs">;

export interface ConnectionOptions {
  readonly connect?: (options: ManagerClientOptions) => ManagerClient;
  readonly pauses?: Pauses;
}

/** What others do is seen after that at the latest. */
const listLastsMs = 30_000;
/** A Manager that does not answer is not asked again for each of 100 services. */
const failureLastsMs = 10_000;

/** The Manager that a provider is configured with, and what is known of it; for one visit of an engine. */
export class Connection {
  readonly pauses: Pauses;
  private readonly settings: Settings | undefined;
  private readonly connect: (options: ManagerClientOptions) => ManagerClient;
  private opened: ManagerClient | undefined;
  private readonly info = remembered<SystemInfo>(() => this.ask().info(), {
    lastsMs: Infinity,
    failureLastsMs,
  });
  private readonly sniffed = remembered<Features>(() => this.sniff(), { lastsMs: Infinity, failureLastsMs });
  private readonly list = remembered(() => this.listed(), { lastsMs: listLastsMs, failureLastsMs });
  private readonly told = new Set<string>();
  /** Names of services that the program had before this visit: where one is made anew, it is there still. */
  readonly owned = new Set<string>();
  /** Services that were imported in this visit, as they are. */
  readonly imported = new Map<string, WireService>();
  /** How many services this visit is to make. */
  creations = 0;

  /** Throws where the endpoint is none. */
  constructor(config: Properties, { connect, pauses = {} }: ConnectionOptions = {}) {
    this.settings = settingsOf(config);
    this.connect = connect ?? ((options) => new ManagerClient(options));
    this.pauses = pauses;
  }

  /** False in a preview where endpoint or credentials are not known yet: nothing can be asked. */
  get isKnown(): boolean {
    return this.settings !== undefined;
  }

  /** Throws where endpoint or credentials are not known. */
  get client(): ManagerClient {
    this.opened ??= this.open();
    return this.opened;
  }

  get login(): "basic" | "bearer" {
    return this.settings === undefined || this.settings.login.kind === "basic" ? "basic" : "bearer";
  }

  /** The Manager's address, without a slash at its end. */
  get base(): string {
    return this.client.base;
  }

  /** What this Manager's version can do. */
  features(): Promise<Features> {
    return this.sniffed.get();
  }

  /** Whether OSCAR runs on Knative. */
  async isKnative(): Promise<boolean> {
    const { serverless_backend } = await this.info.get();
    return serverless_backend?.name.toLowerCase() === "knative";
  }

  /**
   * A service as it is, or was at most 30 s ago. All who ask share one list: the Manager may ask Kubernetes five times
   * a second, whoever asks it. What the list does not have is looked for alone, so that nothing is taken for deleted
   * which the list merely leaves out.
   */
  async service(name: string): Promise<WireService | undefined> {
    const listed = await this.list.get().catch(noneIfUnreadable);
    return listed?.get(name) ?? this.client.services.get(name);
  }

  /** The same, where it is enough to believe the list. */
  async listedService(name: string): Promise<WireService | undefined> {
    const listed = await this.list.get().catch(noneIfUnreadable);
    return listed === undefined ? this.client.services.get(name) : listed.get(name);
  }

  /** To be called whenever services were changed, or may have been. */
  forgetServices(): void {
    this.list.forget();
  }

  /** Says what concerns all resources alike, once in a visit. */
  warnOnce(log: Log, message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    log.warning(message);
  }

  private open(): ManagerClient {
    if (this.settings === undefined) {
      throw new Error("the provider's endpoint or credentials are not known yet");
    }
    const { endpoint, login } = this.settings;
    return this.connect({ endpoint, credentials: credentialsOf(login) });
  }

  /** As a promise's failure, where nothing is known. */
  private ask(): Pick<ManagerClient, "info" | "hasRoute"> {
    return {
      info: async () => this.client.info(),
      hasRoute: async (path) => this.client.hasRoute(path),
    };
  }

  private sniff(): Promise<Features> {
    const manager = { info: () => this.info.get(), hasRoute: (path: string) => this.client.hasRoute(path) };
    return sniffFeatures(manager, this.settings?.apiVersion);
  }

  private async listed(): Promise<Map<string, WireService>> {
    const services = await this.client.services.list();
    return new Map(services.map((service) => [service.name, service]));
  }
}

function credentialsOf(login: Settings["login"]): Credentials {
  switch (login.kind) {
    case "basic":
      return login;
    case "token":
      return { kind: "bearer", token: () => login.token };
    case "token-file":
      return { kind: "bearer", token: () => tokenIn(login.path) };
  }
}

async function tokenIn(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`tokenFile: ${messageOf(error)}`, { cause: error });
  }
}

/** One service that the Manager cannot read makes the list fail for all of them; each of the others can be asked for. */
function noneIfUnreadable(error: unknown): undefined {
  if (error instanceof ManagerError && error.status === 500) return undefined;
  throw error;
}
