// Whether managed objects have become garbage: the collector runs at the end of a tick or before a
// document is loaded, with an empty stack, and only then. Both.

let isLeft: bool = false;

/** Managed objects were left behind: the collector runs at the next tick or document. */
export function leaveGarbage(): void {
  isLeft = true;
}

/** Whether any were, since the last call. */
export function takeGarbage(): bool {
  const wasLeft = isLeft;
  isLeft = false;
  return wasLeft;
}
