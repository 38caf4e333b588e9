/* Words that messages are made of. */

/** What an error says, or whatever else was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A name as messages have it: where it begins and ends can be seen, and blanks and line breaks in it. */
export const quoted = (text: string): string => JSON.stringify(text);
