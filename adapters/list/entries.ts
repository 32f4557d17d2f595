// What every kind of list can do: say whether a value stands on it. Hot: allocates nothing.

/** How a look-up ended. */
export const enum Found {
  No = 0,
  Yes = 1,
  /** The value cannot be compared with entries of this type. */
  NotComparable = 2,
}

/** The entries of a list, built once and never changed. */
export abstract class Entries {
  /** Looks up a value cell of type STRING or IP_ADDRESS. */
  abstract find(cell: usize): Found;
}
