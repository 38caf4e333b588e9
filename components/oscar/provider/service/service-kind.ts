import { PartialFailure, type Properties } from "../../../../provider";
import { messageOf } from "../../../messages";
import type { Connection } from "../connection";
import { explain } from "../explain";
import type { ResourceKind } from "../resource-kind";
import { check } from "./check";
import { create } from "./create";
import { remove } from "./delete";
import { diff } from "./diff";
import { hider } from "./properties";
import { read } from "./read";
import { update } from "./update";

/** `oscar:index:Service`. Its id is its name. */
export const serviceKind: ResourceKind = {
  check,
  diff: hushed(diff, ({ inputs, oldInputs, oldState }) => [inputs, oldInputs, oldState]),
  create: hushed(create, ({ inputs }) => [inputs]),
  read: hushed(read, ({ inputs, state }) => [inputs, state]),
  update: hushed(update, ({ inputs, oldInputs, oldState }) => [inputs, oldInputs, oldState]),
  delete: hushed(remove, ({ inputs, state }) => [inputs, state]),
};

/**
 * An operation whose errors tell no secret. The Manager's words may have what it was sent, and of that the client knows
 * only what is always a secret, not what the user has marked as one.
 */
function hushed<Request, Result>(
  operation: (request: Request, connection: Connection) => Promise<Result>,
  holders: (request: Request) => readonly Properties[],
): (request: Request, connection: Connection) => Promise<Result> {
  return async (request, connection) => {
    try {
      return await operation(request, connection);
    } catch (thrown) {
      const error = explain(thrown, connection);
      const hide = hider(...holders(request));
      const message = hide(messageOf(error));
      if (error instanceof PartialFailure) {
        throw new PartialFailure(message, { ...error.made, reasons: error.made.reasons.map(hide) });
      }
      throw message === messageOf(error) ? error : new Error(message);
    }
  };
}
