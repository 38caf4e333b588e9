import type { Properties } from "../../../provider";
import type * as shared from "../behaviour";
import { at, textAt } from "../kubernetes/objects";

/** What the provider is configured with. */
export interface AwsPlace {
  readonly region: string;
}

/** A resource of AWS's as it is asked for. */
export type Wanted = shared.Wanted<AwsPlace>;

/** How AWS treats one type of resource. */
export type Behaviour = shared.Behaviour<AwsPlace>;

export function placeOf(config: Properties): AwsPlace {
  return { region: textAt(config, "region") ?? "us-east-1" };
}

/** AWS's error as the provider shows it. The number of the request is the same every time. */
export function awsError(
  service: string,
  operation: string,
  status: number,
  code: string,
  message: string,
): string {
  const request = "00000000-0000-0000-0000-000000000000";
  return `operation error ${service}: ${operation}, https response error StatusCode: ${status}, RequestID: ${request}, ${code}: ${message}`;
}

/** The tags that a resource really has. */
export const tagsAll = (inputs: Properties): Properties => ({ tagsAll: at(inputs, "tags") ?? {} });
