// On which side of a rollout a request is, as parameters of an explanation (RFC 9651). Hot.

import { literal } from "../memory/literal";
import { Writer } from "../memory/writer";
import { Action } from "./action";
import { Rule } from "./rule";

const ENFORCED_PARAMETER = literal(";side=enforced");
const SHADOW_PARAMETER = literal(";side=shadow");
const SIDES_PARAMETER = literal(';sides="');
const IS_ENFORCED = literal("=enforced");
const IS_SHADOW = literal("=shadow");
/** Longest side of an action: its name, and which. */
const SIDE_SIZE_MAX_BYTES: usize = 80;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;

/** Whether something of what denied is enforced for a part of the traffic only. */
export function isSplit(rule: Rule, action: Action | null): bool {
  return rule.rollout != null || (action != null && action.rollout != null);
}

/** Writes the side of the rule, or those of its actions; false where they end at `end` bytes. */
export function writeSides(out: Writer, rule: Rule, end: usize): bool {
  if (rule.rollout != null) {
    out.bytes(rule.isAside ? SHADOW_PARAMETER : ENFORCED_PARAMETER);
    return true;
  }
  const parts = rule.actionRollouts;
  let slot = 0;
  out.bytes(SIDES_PARAMETER);
  for (; slot < parts.length && out.size + SIDE_SIZE_MAX_BYTES <= end; slot++) {
    const part = unchecked(parts[slot]);
    if (slot > 0) out.byte(BLANK);
    out.bytes(part.action);
    out.bytes(part.isAside ? IS_SHADOW : IS_ENFORCED);
  }
  out.byte(QUOTE);
  return slot == parts.length;
}
