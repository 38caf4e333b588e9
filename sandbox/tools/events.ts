import type { Tool, ToolName } from "./catalogue";

type Name = ToolName | "pulumi-resource-kubernetes";

/** What happens while the tools are got. */
export type ToolEvent =
  | { readonly kind: "found"; readonly tool: Tool }
  | { readonly kind: "passed-over"; readonly name: Name; readonly path: string; readonly reason: string }
  /** `from` is the host alone. */
  | { readonly kind: "downloading"; readonly name: Name; readonly from: string }
  | { readonly kind: "not-downloaded"; readonly name: Name; readonly reason: string }
  /** Repeated every second; `seconds` so far. */
  | {
      readonly kind: "building";
      readonly name: ToolName;
      readonly seconds: number;
      readonly expectedSeconds: number;
    }
  /** Another process is getting the tool. */
  | { readonly kind: "waiting"; readonly name: ToolName }
  | { readonly kind: "done"; readonly tool: Tool; readonly seconds: number };

export type ToolReporter = (event: ToolEvent) => void;
