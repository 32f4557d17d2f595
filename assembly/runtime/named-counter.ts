// Counters of the runtime by the name that their labels make. Hot: the name is written into the
// arena.

import { MetricKind } from "../shared/abi";
import { METRIC_DROPPED } from "../shared/statistics";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { defineMetric, incrementMetric } from "../abi/metrics";

const DROPPED = literal(METRIC_DROPPED + ".adapter=");
const REASON = literal(";reason=");
const NAME_SIZE_MAX_BYTES: usize = 512;
const SEMICOLON: u8 = 59;

const name = new Writer();

/** The counter `PREFIX` `FIRST` `LABEL` `SECOND` `;`, made if need be; 0 without memory or host. */
export function namedCounter(prefix: Slice, first: Slice, label: Slice, second: Slice): u32 {
  const at = takeArena(NAME_SIZE_MAX_BYTES);
  if (at == 0) return 0;
  name.open(at, NAME_SIZE_MAX_BYTES);
  name.bytes(prefix);
  name.bytes(first);
  name.bytes(label);
  name.bytes(second);
  name.byte(SEMICOLON);
  return defineMetric(MetricKind.Counter, name.written);
}

/** Adds to what an adapter, or the engine, has dropped for a reason. */
export function countDropped(adapter: Slice, reason: Slice, count: u64): void {
  if (count > 0) incrementMetric(namedCounter(DROPPED, adapter, REASON, reason), <i64>count);
}
