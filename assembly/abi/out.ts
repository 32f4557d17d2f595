// Where the host writes the results of a call. Each wrapper reads them before the next call. Both.

/** The address of returned bytes. */
export const OUT_AT: usize = memory.data(24, 8);
/** Their size. */
export const OUT_SIZE: usize = OUT_AT + 4;
/** A number: a token, a metric's id, a version, a time. */
export const OUT_NUMBER: usize = OUT_AT + 8;
