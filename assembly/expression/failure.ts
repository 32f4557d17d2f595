// The cell in which a failed evaluation ends, and the request's budget of steps. Hot.

import { EVALUATION_STEPS_MAX } from "../shared/limits";
import { ValueType } from "../shared/types";
import { EvaluationError, setError } from "../attribute/value";

/** The failure that ended the last evaluation. */
export const FAILURE: usize = memory.data(16, 8);

/** What a test answers. */
export const enum Outcome {
  False = 0,
  True = 1,
  /** FAILURE says why. */
  Failed = 2,
}

let stepsLeft: i32 = EVALUATION_STEPS_MAX;

/** Gives the next request its whole budget. */
export function resetSteps(): void {
  stepsLeft = EVALUATION_STEPS_MAX;
}

/** Takes steps from the budget; false, with FAILURE set, when it is used up. */
// @ts-ignore: decorator
@inline
export function takeSteps(count: i32): bool {
  stepsLeft -= count;
  return stepsLeft >= 0 || refuseSteps();
}

function refuseSteps(): bool {
  stepsLeft = 0;
  setError(FAILURE, EvaluationError.StepsExhausted, 0);
  return false;
}

/** Sets FAILURE; see EvaluationError for the payload. */
export function fail(error: EvaluationError, payload: u64): Outcome {
  setError(FAILURE, error, payload);
  return Outcome.Failed;
}

/** Sets FAILURE: `text` is no value of this type. The type stands in bytes 4 to 7. */
export function failConversion(type: ValueType, text: u64): Outcome {
  setError(FAILURE, EvaluationError.ConversionFailed, text);
  store<u32>(FAILURE, type, 4);
  return Outcome.Failed;
}
