import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  Found,
  Properties,
  ReadRequest,
  Resource,
  UpdateRequest,
} from "../../../provider";
import type { Connection } from "./connection";

type Answer<Result> = Promise<Result> | Result;

/**
 * One kind of resource of the provider: Pulumi's operations, each with the connection to the Manager that the
 * provider is configured with. In a preview, and there alone, `connection.isKnown` may be false: endpoint or
 * credentials come from what is not made yet, and nothing can be asked.
 */
export interface ResourceKind {
  /** There is no connection where the provider could not be configured yet. */
  check(request: CheckRequest, connection?: Connection): Answer<CheckResult>;
  diff(request: DiffRequest, connection: Connection): Answer<DiffResult>;
  create(request: CreateRequest, connection: Connection): Answer<Resource>;
  /** `undefined`: it does not exist any more. */
  read(request: ReadRequest, connection: Connection): Answer<Found | undefined>;
  update(request: UpdateRequest, connection: Connection): Answer<Properties>;
  delete(request: DeleteRequest, connection: Connection): Answer<void>;
}
