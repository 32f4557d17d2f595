// Compiles regular expressions in RE2's syntax to Patterns in a region. Cold.

import { Slice } from "../../memory/slice";
import { markArena, releaseArena } from "../../memory/arena";
import { isBudgetSpent } from "../../memory/budget";
import { Region } from "../../memory/region";
import { automatonSize, isLiteralProgram, layAutomaton, layLiteral, literalSize } from "./link";
import { Pattern } from "./pattern";
import { translate } from "./translate";

export { Pattern } from "./pattern";
export { patternError, patternErrorAt } from "./problem-text";

/**
 * Compiles a pattern. Its memory is the region's. Null when it is wrong or too large: patternError
 * and patternErrorAt say why until the next compilation, unless the document has used its memory
 * up. The pattern keeps nothing of the text.
 */
export function compilePattern(pattern: Slice, region: Region): Pattern | null {
  const mark = markArena();
  const compiled = !isBudgetSpent() && translate(pattern) ? lay(region) : null;
  releaseArena(mark);
  return compiled;
}

function lay(region: Region): Pattern {
  if (isLiteralProgram()) return layLiteral(region.take(literalSize()));
  return layAutomaton(region.take(automatonSize()));
}
