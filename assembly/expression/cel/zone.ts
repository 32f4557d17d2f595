// Time zones with a fixed offset. Names of the IANA data base are not known: their table would be
// larger than everything else. Both.

import { Slice, byteAt, sizeOf } from "../../memory/slice";

/** No zone with a fixed offset. */
export const NO_ZONE: i32 = i32.MIN_VALUE;

/** Seconds east of UTC: of `UTC`, the empty text, `+02:00`, `-02:30` and `02:00`; else NO_ZONE. */
export function zoneSeconds(zone: Slice): i32 {
  const size = sizeOf(zone);
  if (size == 0) return 0;
  if (size == 3 && byteAt(zone, 0) == 85 && byteAt(zone, 1) == 84 && byteAt(zone, 2) == 67)
    return 0;
  const first = byteAt(zone, 0);
  const hasSign = first == 43 || first == 45;
  const from: usize = hasSign ? 1 : 0;
  if (size != from + 5 || byteAt(zone, from + 2) != 58) return NO_ZONE;
  const hours = twoDigits(zone, from);
  const minutes = twoDigits(zone, from + 3);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return NO_ZONE;
  const seconds = hours * 3600 + minutes * 60;
  return first == 45 ? -seconds : seconds;
}

function twoDigits(text: Slice, at: usize): i32 {
  const tens = <u32>byteAt(text, at) - 48;
  const ones = <u32>byteAt(text, at + 1) - 48;
  return tens > 9 || ones > 9 ? -1 : <i32>(tens * 10 + ones);
}
