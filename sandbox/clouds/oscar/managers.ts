import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../../components/messages";
import { baseUrl } from "../../../components/oscar/service/client/endpoint";
import {
  ManagerClient,
  type ManagerClientOptions,
} from "../../../components/oscar/service/client/manager-client";
import type { FakeManager } from "../../oscar-manager/fake-manager.js";
import type { PlayedManager, PlayedOptions, Visitor } from "./played-manager";
import { addressOf } from "./stored";

interface Visit extends Visitor {
  received?: Promise<void>;
}

/**
 * OSCAR's Managers, all of them played by this process: one for each address that a program's providers name, made when
 * the first of them asks it something. They share a port on loopback, each below a path that says what it is:
 * `http://127.0.0.1:4000/simulated/oscar.example.com`.
 */
export class OscarManagers {
  private readonly played = new Map<string, Promise<PlayedManager>>();
  private readonly visits = new Map<string, Visit>();

  private constructor(
    private readonly options: PlayedOptions,
    private readonly server: Server,
    private readonly origin: string,
  ) {}

  static async start(options: PlayedOptions): Promise<OscarManagers> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const managers = new OscarManagers(options, server, `http://127.0.0.1:${address.port}`);
    server.on("request", (request, response) => void managers.answer(request, response));
    return managers;
  }

  /** A client of the Manager that plays the one at an endpoint. */
  connect(options: ManagerClientOptions, apiVersion?: string): ManagerClient {
    const address = addressOf(options.endpoint);
    this.visits.set(address, { credentials: options.credentials, apiVersion });
    const endpoint = `${this.origin}/simulated/${encodeURIComponent(address)}`;
    return new PlayedClient({ ...options, endpoint }, baseUrl(options.endpoint));
  }

  /** The Manager at an endpoint, whether someone has been there or not; without one, the only one there is. */
  async at(endpoint?: string): Promise<FakeManager> {
    const addresses = [...this.played.keys()];
    const [only] = addresses;
    if (endpoint === undefined && addresses.length !== 1)
      throw new Error(`OSCAR's Managers: there is not one, but ${addresses.join(", ") || "none"}`);
    return (await this.manager(endpoint === undefined ? (only ?? "") : addressOf(endpoint))).manager;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const [, name = "", path] = /^\/simulated\/([^/]+)(\/.*)$/.exec(request.url ?? "") ?? [];
      const address = decodeURIComponent(name);
      const visit = this.visits.get(address);
      if (visit === undefined) {
        response.writeHead(404).end();
        return;
      }
      const played = await this.manager(address);
      visit.received ??= played.receive(visit);
      await visit.received;
      await played.admit(visit.credentials);
      await played.manager.answer(request, response, path);
    } catch (error) {
      const reason = messageOf(error);
      response.writeHead(500).end(`the simulated Manager itself failed: ${reason}`);
    }
  }

  /** Most programs have no OSCAR in them: its Manager is loaded for those that do. */
  private manager(address: string): Promise<PlayedManager> {
    const there = this.played.get(address);
    if (there !== undefined) return there;
    const made = import("./played-manager.js").then(
      ({ PlayedManager }) => new PlayedManager(address, this.options),
    );
    this.played.set(address, made);
    return made;
  }
}

/** Asks at one address, and tells of another: what a stack's outputs say must be true of the service that is played. */
class PlayedClient extends ManagerClient {
  constructor(
    options: ManagerClientOptions,
    private readonly endpoint: string,
  ) {
    super(options);
  }

  override get base(): string {
    return this.endpoint;
  }
}
