// The bits of a stream's record that remember which rules matched at the check. Hot.

import { RECORD_HEAD_SIZE_BYTES } from "../attribute/record";
import { isSet } from "./matching";
import { RuleTable } from "./table";

/** Keeps the matches of every rule that later phases ask for. */
export function keepRuleBits(record: usize, table: RuleTable): void {
  const rules = table.rulesKept;
  for (let at = 0; at < rules.length; at++) {
    const rule = unchecked(rules[at]);
    if (!isSet(table.matched, rule.number)) continue;
    setBit(record, rule.recordBit);
    if (rule.isAside && rule.asideBit >= 0) setBit(record, rule.asideBit);
  }
}

function setBit(record: usize, bit: i32): void {
  const word = record + RECORD_HEAD_SIZE_BYTES + (((<usize>bit) >> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (bit & 63)));
}

/** Whether the rule with this record bit matched at the check. */
export function isRuleBitSet(record: usize, bit: i32): bool {
  return isSet(record + RECORD_HEAD_SIZE_BYTES, bit);
}
