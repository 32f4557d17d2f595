// The value of a sample as the whole number that Envoy's metrics take. Hot: pure.

import { ValueType, doubleAt, intAt, parseDouble, textAt, typeAt } from "../../assembly/sdk";

/** The sample has no number: a text that is none, or a DOUBLE that is not finite. */
export const NOT_A_NUMBER: i64 = -1;
/** The number is below 0. */
export const NEGATIVE: i64 = -2;

const NS_PER_MS: i64 = 1_000_000;
// The least double that no i64 holds.
const TOO_LARGE: f64 = 9223372036854775808.0;
const PARSED: usize = memory.data(8, 8);

/** The value, not negative; or NOT_A_NUMBER or NEGATIVE. DURATION in milliseconds, rounded. */
export function sampleOf(cell: usize): i64 {
  const type = typeAt(cell);
  if (type == ValueType.Int64) return intAt(cell) < 0 ? NEGATIVE : intAt(cell);
  if (type == ValueType.Duration) {
    const ns = intAt(cell);
    if (ns < 0) return NEGATIVE;
    return ns / NS_PER_MS + (ns % NS_PER_MS >= NS_PER_MS / 2 ? 1 : 0);
  }
  if (type == ValueType.Double) return rounded(doubleAt(cell));
  if (type != ValueType.String || !parseDouble(textAt(cell), PARSED)) return NOT_A_NUMBER;
  return rounded(load<f64>(PARSED));
}

function rounded(value: f64): i64 {
  if (!isFinite(value)) return NOT_A_NUMBER;
  if (value < 0) return NEGATIVE;
  const whole = floor(value + 0.5);
  return whole >= TOO_LARGE ? i64.MAX_VALUE : <i64>whole;
}
