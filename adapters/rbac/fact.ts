// What is known of one request: facts that conditions are about, each read from the instance once.
// Hot: texts are borrowed or lie in the arena.

import {
  Authorization,
  AuthorizationText,
  Slice,
  ValueType,
  emptySlice,
  hasValue,
  isAbsentAt,
  sizeOf,
  textAt,
  toLowerAscii,
  typeAt,
} from "../../assembly/sdk";
import { PatternSet } from "./pattern-set";

/** Whether there is something to compare. */
export const enum FactState {
  /** There is no such thing: no pattern matches. */
  Absent = 0,
  Known = 1,
  /**
   * There may be one, but it was not told, or belongs to HTTP while this is a TCP connection: no
   * ALLOW matches because of it, and every DENY does.
   */
  Unknown = 2,
}

/** The instance that is asked about. One for each handler, filled for each request. */
export class Question {
  authorization: Authorization | null = null;
  /** Addresses of the instance's cells by slot, 4 bytes each. */
  cells: usize = 0;
  /** False: a TCP connection. */
  isHttp: bool = true;

  /** The cell of a slot. */
  // @ts-ignore: decorator
  @inline
  cell(slot: i32): usize {
    return <usize>load<u32>(this.cells + ((<usize>slot) << 2));
  }
}

/** One fact. */
export abstract class Fact {
  state: FactState = FactState.Absent;
  /** Patterns of all rules that can only match where one of their patterns does; null: none. */
  index: PatternSet | null = null;
  /** Bits of these rules. */
  waiting: usize = 0;

  constructor(
    /** Whether only HTTP requests have it. */
    readonly isOfHttp: bool,
  ) {}

  /** Takes the values of a new request. */
  abstract load(question: Question): void;

  /** Whether a pattern matches; see PatternSet.visit. Only of a fact that is known. */
  abstract visit(set: PatternSet, bits: usize): bool;

  /** The same where a match can only refuse: whatever a client could hide a value behind counts. */
  visitAny(set: PatternSet, bits: usize): bool {
    return this.visit(set, bits);
  }

  /** A pattern will be compared with it; `text` as the document has it. Cold. */
  notePattern(text: string): void {}
}

/** The state of a cell that should hold a text. */
export function stateOf(cell: usize): FactState {
  if (hasValue(cell)) {
    return typeAt(cell) == ValueType.String ? FactState.Known : FactState.Unknown;
  }
  return isAbsentAt(cell) ? FactState.Absent : FactState.Unknown;
}

/** One of the template's own texts; an empty one is absent. */
export class TemplateText extends Fact {
  private text: Slice = emptySlice();

  constructor(
    private readonly field: AuthorizationText,
    isOfHttp: bool,
    /** Whether an empty text is one that can be compared. */
    private readonly takesEmpty: bool = false,
  ) {
    super(isOfHttp);
  }

  load(question: Question): void {
    this.text = question.authorization!.text(this.field);
    const isThere = this.takesEmpty || sizeOf(this.text) > 0;
    this.state = isThere ? FactState.Known : FactState.Absent;
  }

  visit(set: PatternSet, bits: usize): bool {
    return set.visit(this.text, bits);
  }
}

/** The text of a property. */
export class PropertyText extends Fact {
  protected text: Slice = emptySlice();

  constructor(
    private readonly slot: i32,
    isOfHttp: bool,
    /** Whether patterns are in lower case. */
    private readonly ignoresCase: bool = false,
  ) {
    super(isOfHttp);
  }

  load(question: Question): void {
    const cell = question.cell(this.slot);
    this.state = stateOf(cell);
    if (this.state != FactState.Known) return;
    const text = textAt(cell);
    this.text = this.ignoresCase ? toLowerAscii(text) : text;
    // The lower-case form did not fit into memory.
    if (sizeOf(this.text) != sizeOf(text)) this.state = FactState.Unknown;
  }

  visit(set: PatternSet, bits: usize): bool {
    return set.visit(this.text, bits);
  }
}
