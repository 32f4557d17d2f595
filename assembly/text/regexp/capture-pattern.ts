// A compiled regular expression whose groups keep what they matched, with the memory that looking
// for a match needs. In raw memory, so that it can live in a region. Both.
//
// A thread is | instruction, u32 | place by slot, u32 each |: the address behind what was matched.

import { CAPTURE_GROUP_COUNT_MAX, CAPTURE_INSTRUCTION_COUNT_MAX } from "../../shared/limits";
import { Slice } from "../../memory/slice";
import { markArena, releaseArena } from "../../memory/arena";
import { Region } from "../../memory/region";
import { codeAndClassesSize, layCode } from "./link";
import { Problem, fail } from "./problem";
import { groupCount, programCount } from "./program";
import { translateCapturing } from "./translate";

/** Size of a task: instruction, slot and place (capture.ts). */
export const TASK_SIZE_BYTES: usize = 12;

/** A compiled pattern; it owns nothing, the region that it stands in does. */
// @ts-ignore: decorator
@unmanaged
export class CapturePattern {
  code: usize = 0;
  codeCount: u32 = 0;
  /** Two for each group, and two for the whole match. */
  slotCount: u32 = 0;
  /** When an instruction was last reached: a step, u32 each. */
  reached: usize = 0;
  step: u32 = 0;
  /** Two lists of threads, in the order of their preference. */
  now: usize = 0;
  next: usize = 0;
  /** What is still to be followed. */
  tasks: usize = 0;
  /** The places of the match found last. */
  match: usize = 0;
  /** The places of the thread being followed. */
  places: usize = 0;

  /** Size of a thread. */
  get threadSizeBytes(): usize {
    return (<usize>(1 + this.slotCount)) << 2;
  }
}

/**
 * Compiles a pattern. Its memory is the region's. Null when it is wrong or too large: patternError
 * and patternErrorAt say why until the next compilation.
 */
export function compileCapturing(source: Slice, region: Region): CapturePattern | null {
  const mark = markArena();
  const isGood = translateCapturing(source) && isSmall();
  const pattern = isGood ? lay(region) : null;
  releaseArena(mark);
  return pattern;
}

function isSmall(): bool {
  const isGood =
    programCount() <= <u32>CAPTURE_INSTRUCTION_COUNT_MAX &&
    groupCount() <= <u32>CAPTURE_GROUP_COUNT_MAX;
  return isGood || fail(Problem.ReplacementTooLarge, 0);
}

function lay(region: Region): CapturePattern {
  const pattern = changetype<CapturePattern>(region.take(offsetof<CapturePattern>()));
  const count = <usize>programCount();
  pattern.codeCount = programCount();
  pattern.slotCount = (groupCount() + 1) << 1;
  pattern.code = region.take(codeAndClassesSize());
  layCode(pattern.code);
  const slots = (<usize>pattern.slotCount) << 2;
  pattern.reached = region.take(count << 2);
  memory.fill(pattern.reached, 0, count << 2);
  pattern.step = 0;
  pattern.now = region.take(count * pattern.threadSizeBytes);
  pattern.next = region.take(count * pattern.threadSizeBytes);
  pattern.tasks = region.take((2 * count + 2) * TASK_SIZE_BYTES);
  pattern.match = region.take(slots);
  pattern.places = region.take(slots);
  return pattern;
}
