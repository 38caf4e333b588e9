import type { UserQuota, UserQuotaUpdate } from "../wire";
import { segment } from "./endpoint";
import { oneAtATime } from "./one-at-a-time";
import { readSure } from "./read-answer";
import { isQuota } from "./shapes";
import type { Transport } from "./transport";

/**
 * What users may take, from 3.7; the routes are there only with Kueue or volumes. Other users' quotas are for basic
 * auth, one's own are for a token; a user who never came is a `ManagerError` of 500.
 */
export class Quotas {
  constructor(private readonly transport: Transport) {}

  own(): Promise<UserQuota> {
    return readSure(this.transport, { method: "GET", path: "/system/quotas/user" }, isQuota);
  }

  get(userId: string): Promise<UserQuota> {
    return readSure(this.transport, { method: "GET", path: ofUser(userId) }, isQuota);
  }

  set(userId: string, quota: UserQuotaUpdate): Promise<UserQuota> {
    const sent = { method: "PUT", path: ofUser(userId), json: quota } as const;
    return oneAtATime(this.transport.base, () => readSure(this.transport, sent, isQuota));
  }
}

const ofUser = (userId: string): string => `/system/quotas/user/${segment("user", userId)}`;
