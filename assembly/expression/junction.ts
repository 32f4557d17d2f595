// How `&&` and `||` join the comparisons of a condition in another language. Cold.

/** A comparison, or two or more joined. */
export class Junction {
  /** None: a comparison. */
  readonly operands: Junction[] = [];

  /** `start` and `end` are bytes of the condition's text. */
  constructor(
    readonly isAnd: bool,
    readonly start: i32,
    readonly end: i32,
  ) {}
}
