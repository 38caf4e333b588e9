export { complete, diffByEquality } from "./defaults";
export * from "./errors";
export type { Log } from "./log";
export * from "./provider";
export { serve, type ProviderServer } from "./server";
export * from "./values";
