import { join } from "node:path";

export { fileResources as fileAccount, memoryResources as memoryAccount } from "../resource-store";

/** Where a sandbox's folder has its simulated AWS account. */
export const accountFile = (dir: string): string => join(dir, "aws", "account.json");

/** The number that AWS's own examples have. */
export const accountId = "123456789012";
