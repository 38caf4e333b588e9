import { defineConfig } from "vitest/config";

/** Three rooms: `unit` needs nothing, `plan` needs the pulumi CLI, `lifecycle` the whole sandbox. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 20_000 } },
      {
        test: {
          name: "plan",
          include: ["test/plan/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "lifecycle",
          include: ["test/lifecycle/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          pool: "forks",
        },
      },
    ],
  },
});
