// What a table may hold: a key that nobody here reads is a failure with its name, for it would otherwise pass unread.

/** A table holds something that its runner cannot read; the message names it. */
export class UnreadableTable extends Error {}

/** Fails for keys that are not among the known ones. */
export function onlyFields(what: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new UnreadableTable(`unknown field ${unknown.join(', ')} in ${what}`);
}
