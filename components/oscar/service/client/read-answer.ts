import { UnexpectedAnswer, type Request } from "./errors";
import type { Shape } from "./shapes";
import type { Answer, Sent, Transport } from "./transport";

/** Go writes an empty list as null; here a field that is null is absent. */
const withoutNull = (_key: string, value: unknown): unknown => (value === null ? undefined : value);

function parsed(request: Request, base: string, { text, contentType }: Answer): unknown {
  try {
    return JSON.parse(text, withoutNull);
  } catch {
    throw new UnexpectedAnswer(request, base, `answered success with what is not JSON (${contentType})`);
  }
}

/**
 * The JSON of an answer of success; nothing for an empty one, by which some of the Manager's routes say that the
 * object is not there or not for this user.
 */
export async function read<Value>(
  transport: Transport,
  sent: Sent,
  isShape: Shape<Value>,
): Promise<Value | undefined> {
  const answer = await transport.send(sent);
  if (answer.text.trim() === "") return undefined;
  const value = parsed(sent, transport.base, answer);
  if (isShape(value)) return value;
  throw new UnexpectedAnswer(sent, transport.base, "answered JSON of another shape than the Manager's");
}

/** As `read`, for answers that are always there. */
export async function readSure<Value>(
  transport: Transport,
  sent: Sent,
  isShape: Shape<Value>,
): Promise<Value> {
  const value = await read(transport, sent, isShape);
  if (value !== undefined) return value;
  throw new UnexpectedAnswer(sent, transport.base, "answered success with nothing in it");
}

/** A list; `null` is an empty one. An empty answer is not: it would make everything seem gone. */
export async function readList<Value>(
  transport: Transport,
  sent: Sent,
  areShape: Shape<Value[]>,
): Promise<Value[]> {
  const isListOrNull = (value: unknown): value is Value[] | undefined =>
    value === undefined || areShape(value);
  const answer = await transport.send(sent);
  const value = answer.text.trim() === "" ? "" : parsed(sent, transport.base, answer);
  if (isListOrNull(value)) return value ?? [];
  throw new UnexpectedAnswer(sent, transport.base, "answered success with what is not the Manager's list");
}
