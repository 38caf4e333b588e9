import type { ToolName } from "./catalogue";

export interface Tool {
  readonly name: ToolName;
  readonly path: string;
  /** Without a leading v. */
  readonly version: string;
  readonly origin: "path" | "cache" | "download" | "build";
}

/** What happens while tools are got, for whoever wants to show it. */
export type ToolEvent =
  | { readonly kind: "found"; readonly tool: Tool }
  | { readonly kind: "passed-over"; readonly name: string; readonly path: string; readonly reason: string }
  | { readonly kind: "downloading"; readonly name: string; readonly from: string }
  | { readonly kind: "not-downloaded"; readonly name: string; readonly reason: string }
  /** Told every second; a build happens once only. */
  | {
      readonly kind: "building";
      readonly name: string;
      readonly seconds: number;
      readonly expectedSeconds: number;
    }
  | { readonly kind: "waiting"; readonly name: string }
  | { readonly kind: "done"; readonly tool: Tool; readonly seconds: number };

export type ToolReporter = (event: ToolEvent) => void;
