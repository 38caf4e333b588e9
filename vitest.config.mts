import { defineConfig } from "vitest/config";

/**
 * Four rooms: `unit` needs nothing, `plan` needs the pulumi CLI, `lifecycle` the whole sandbox, `examples` a Python with
 * the dependencies of `examples/mnist` (`npm run test:examples`).
 */
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
      {
        test: {
          name: "examples",
          include: ["test/examples/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
