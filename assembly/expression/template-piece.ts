// A compiled template: literal texts and programs in the order of the text. Both: made while
// configuring, read per request.

import { Slice } from "../memory/slice";
import { Program } from "./program";

/** One piece: a literal, or a program whose value stands here. */
export class TemplatePiece {
  constructor(
    readonly literal: Slice,
    readonly program: Program | null,
  ) {}
}

/** A text with expressions in it. Its bytes live as long as the configuration's region. */
export class TextTemplate {
  constructor(readonly pieces: StaticArray<TemplatePiece>) {}

  /** Whether it is the same for every request. */
  get isConstant(): bool {
    for (let at = 0; at < this.pieces.length; at++) {
      if (unchecked(this.pieces[at]).program != null) return false;
    }
    return true;
  }
}
