// Patterns that are known only when a request is there: compiled and matched in the arena, so
// bounded more tightly than those of the document. Hot: allocates nothing managed.

import { PATTERN_DYNAMIC_SIZE_MAX_BYTES } from "../../shared/limits";
import { Slice, sizeOf } from "../../memory/slice";
import { markArena, releaseArena, takeArena } from "../../memory/arena";
import { automatonSize, isLiteralProgram, layAutomaton, layLiteral, literalSize } from "./link";
import { matchesPattern } from "./match";
import { translate } from "./translate";

/**
 * Whether a pattern's text matches somewhere in the subject: 1 or 0; −1 when the pattern is wrong,
 * longer than PATTERN_DYNAMIC_SIZE_MAX_BYTES, or there is no memory for it.
 */
export function matchesText(pattern: Slice, subject: Slice): i32 {
  if (sizeOf(pattern) > <usize>PATTERN_DYNAMIC_SIZE_MAX_BYTES) return -1;
  const mark = markArena();
  const answer = translate(pattern) ? matchTranslated(subject) : -1;
  releaseArena(mark);
  return answer;
}

function matchTranslated(subject: Slice): i32 {
  const isLiteral = isLiteralProgram();
  const at = takeArena(isLiteral ? literalSize() : automatonSize());
  if (at == 0) return -1;
  return matchesPattern(isLiteral ? layLiteral(at) : layAutomaton(at), subject) ? 1 : 0;
}
