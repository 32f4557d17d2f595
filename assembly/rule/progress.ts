// How far a check has come. Both.

/** How far a check has come. */
export const enum Progress {
  Passed = 0,
  Denied = 1,
  Waiting = 2,
}
