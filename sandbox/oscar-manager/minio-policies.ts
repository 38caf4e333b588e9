import { listsOf, refillMap, refillSet } from "./snapshot.js";

/** A bucket's owner, and who else may use it. */
export interface Access {
  readonly bucket: string;
  readonly owner: string;
  readonly visibility: string;
  readonly users: readonly string[];
}

const everyone = "all_users_group";

/** As plain JSON. */
export interface PoliciesSnapshot {
  readonly users: readonly string[];
  /** The members of each. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** The buckets of each policy. */
  readonly buckets: Readonly<Record<string, readonly string[]>>;
}

/** Who may use which bucket: one policy for each user, for each restricted bucket, and for the group of everyone. */
export class Policies {
  readonly users = new Set<string>();
  readonly groups = new Map<string, Set<string>>();
  private readonly buckets = new Map<string, Set<string>>();

  constructor(
    private readonly call: (request: string) => void,
    withEveryone: boolean,
  ) {
    if (withEveryone) this.addEveryone();
  }

  /** The group that all users of OIDC are in; there from when OIDC is on. */
  addEveryone(): void {
    if (!this.groups.has(everyone)) this.groups.set(everyone, new Set());
  }

  snapshot(): PoliciesSnapshot {
    return { users: [...this.users], groups: listsOf(this.groups), buckets: listsOf(this.buckets) };
  }

  restore({ users, groups, buckets }: PoliciesSnapshot): void {
    refillSet(this.users, users);
    refillMap(this.groups, groups, (members) => new Set(members));
    refillMap(this.buckets, buckets, (names) => new Set(names));
  }

  addUser(user: string): void {
    this.users.add(user);
  }

  set({ bucket, owner, visibility, users }: Access): void {
    if (visibility !== "private" && visibility !== "restricted") {
      wrap("error creating policy", () => this.add(bucket, everyone, true));
      return;
    }
    this.add(bucket, owner, false);
    if (visibility === "private") return;
    this.groups.set(bucket, new Set(users));
    wrap("error creating policy", () => this.add(bucket, bucket, true));
  }

  /** Takes the policies of a former visibility away. */
  unset({ bucket, owner, visibility }: Access): void {
    const isPublic = visibility === "public";
    wrap("error removing resource", () => this.take(bucket, isPublic ? everyone : owner, isPublic), false);
    if (visibility === "restricted") this.buckets.delete(bucket);
  }

  setMembers(bucket: string, users: readonly string[]): void {
    if (!this.groups.has(bucket))
      throw new Error(`error getting group description for ${bucket}: The specified group does not exist.`);
    this.groups.set(bucket, new Set(users));
  }

  members(bucket: string): string[] {
    return [...(this.groups.get(bucket) ?? [])];
  }

  visibility(bucket: string, owner: string): string {
    if (this.has(bucket, bucket)) return "restricted";
    if (this.has(owner, bucket)) return "private";
    return this.has(everyone, bucket) ? "public" : "";
  }

  has(policy: string, bucket: string): boolean {
    return this.buckets.get(policy)?.has(bucket) ?? false;
  }

  private add(bucket: string, policy: string, isGroup: boolean): void {
    const failed = `error creating/adding MinIO policy for user/group ${policy}`;
    wrap(failed, () => this.call(`Put "/minio/admin/v3/add-canned-policy?name=${policy}"`));
    if (policy === "")
      throw new Error(`${failed}: Invalid arguments specified. (Invalid arguments specified)`);
    // The policy is made before it is found that there is nobody to give it to.
    this.buckets.set(policy, new Set([...(this.buckets.get(policy) ?? []), bucket]));
    this.attach(policy, isGroup, "error setting MinIO policy for user/group");
  }

  private take(bucket: string, policy: string, isGroup: boolean): void {
    if (!this.buckets.has(policy)) throw new Error(`policy '${policy}' does not exist`);
    this.buckets.get(policy)?.delete(bucket);
    this.attach(policy, isGroup, "error setting MinIO policy for user");
  }

  private attach(policy: string, isGroup: boolean, failed: string): void {
    if ((isGroup ? this.groups : this.users).has(policy)) return;
    const kind = isGroup ? "group" : "user";
    throw new Error(
      `${failed} ${policy}: The specified ${kind} does not exist. (Specified ${kind} does not exist)`,
    );
  }
}

/** Runs it; what it throws is told below a heading, or by the heading alone. */
function wrap(heading: string, act: () => void, reason = true): void {
  try {
    act();
  } catch (error) {
    throw new Error(reason && error instanceof Error ? `${heading}: ${error.message}` : heading);
  }
}
