// Whether managed objects have become garbage: the collector runs at the end of a tick, with an
// empty stack, and only then. Both.

let isLeft: bool = false;

/** Managed objects were left behind: the collector runs at the end of the next tick. */
export function leaveGarbage(): void {
  isLeft = true;
}

/** Whether any were, since the last call. */
export function takeGarbage(): bool {
  const wasLeft = isLeft;
  isLeft = false;
  return wasLeft;
}
