// What is wrong with an expression, before anybody knows in which document it stands. Every stage
// appends to one list and goes on where it can. Cold.

import { EXPRESSION_PROBLEM_COUNT_MAX } from "../shared/limits";
import { DiagnosticCode } from "../shared/diagnostics";
import { nearest } from "../diagnostic/suggest";

/** One mistake and where it is, in bytes of the expression. */
export class Problem {
  /** Mixer's own text for it, where Mixer has one. */
  text: string = "";
  /** What would be right here; "" when the message says enough. */
  expected: string = "";
  /** The nearest known name, or what to write instead; "" when there is none. */
  suggestion: string = "";
  isWarning: bool = false;

  constructor(
    readonly code: DiagnosticCode,
    readonly start: i32,
    readonly end: i32,
    /** Stands for `%` in the code's message. */
    readonly found: string,
  ) {}

  /** What was found is none of these names. */
  wantOneOf(names: string[]): void {
    this.expected = "one of " + names.join(", ");
    this.suggestion = nearest(this.found, names);
  }
}

/** Mistakes of one expression that are told; further ones would only repeat them. */
const PROBLEM_COUNT_MAX: i32 = EXPRESSION_PROBLEM_COUNT_MAX;

/** The mistakes of one expression, first come first. */
export class Problems {
  readonly list: Problem[] = [];

  /** Whether further mistakes are dropped, so that nobody need explain them. */
  get isFull(): bool {
    return this.list.length >= PROBLEM_COUNT_MAX;
  }

  /** How many errors there are, those that are not kept included. */
  errorCount: i32 = 0;

  /** Appends an error; the caller fills in what else is known of it. */
  add(code: DiagnosticCode, start: i32, end: i32, found: string): Problem {
    const problem = new Problem(code, start, end, found);
    this.errorCount++;
    if (!this.isFull) this.list.push(problem);
    return problem;
  }

  /** Appends a warning. */
  warn(code: DiagnosticCode, start: i32, end: i32, found: string): Problem {
    const problem = new Problem(code, start, end, found);
    problem.isWarning = true;
    if (!this.isFull) this.list.push(problem);
    return problem;
  }

  /** Whether there is an error. */
  get failed(): bool {
    return this.errorCount > 0;
  }

  /** Mixer's text of the first error; "" when there is none. */
  get firstText(): string {
    for (let at = 0; at < this.list.length; at++) {
      if (!this.list[at].isWarning) return this.list[at].text;
    }
    return "";
  }
}
