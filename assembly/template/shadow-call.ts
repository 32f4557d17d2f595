// What rules in SHADOW mode still have to hear. A trial is what one rule would have made of one
// request: it collects the verdicts of its actions, and outlives the stream while backends have not
// answered. A shadow call is a question under way, owned by its trial: "shadow of rule R". Hot:
// bounded by SHADOW_CALL_COUNT_MAX.
//
//   trial 0      4         8       12     16      24
//         | rule | pending | flags | next | tried | ended |, bits by slot of an action's rollout
//   call  0      4       8        12         16            20    24
//         | size | trial | action | instance | bytes' size | pad | bytes …
//
// The bytes of a check are the key of its verdict for the cache, those of a charge the values of
// its dimensions (kept-values.ts).

import { SHADOW_CALL_COUNT_MAX, WAIT_COUNT_MAX } from "../shared/limits";
import { giveBlock, takeBlock } from "../memory/blocks";
import { Slice, sizeOf, slice, startOf } from "../memory/slice";
import { recordTrials, setRecordTrials } from "../attribute/record";

const TRIAL_SIZE_BYTES: usize = 32;
const CALL_HEAD_SIZE_BYTES: usize = 24;
/** In the place of the instance: the question is a check. */
const NO_INSTANCE: i32 = -1;
const DENIED: u32 = 1;
const CLOSED: u32 = 2;
const ASIDE: u32 = 4;
const SKIPPED: u32 = 8;

let pendingCount: i32 = 0;

/**
 * The trial of a rule for a stream, made on first use; 0 without memory. `isAside`: the rule as a
 * whole is in SHADOW mode for this stream, as its rollout has it.
 */
export function trialOf(record: usize, rule: i32, isAside: bool): usize {
  const first = recordTrials(record);
  for (let trial = first; trial != 0; trial = nextTrial(trial)) {
    if (trialRule(trial) == rule) return trial;
  }
  const trial = takeBlock(TRIAL_SIZE_BYTES);
  if (trial == 0) return 0;
  store<i32>(trial, rule);
  store<u32>(trial, 0, 4);
  store<u32>(trial, isAside ? ASIDE : 0, 8);
  store<u32>(trial, <u32>first, 12);
  store<u64>(trial, 0, 16);
  store<u64>(trial, 0, 24);
  setRecordTrials(record, trial);
  return trial;
}

/** The number of the trial's rule. */
export function trialRule(trial: usize): i32 {
  return load<i32>(trial);
}

/** The next trial of the same stream; 0 behind the last. */
export function nextTrial(trial: usize): usize {
  return <usize>load<u32>(trial, 12);
}

/** Whether the rule as a whole was in SHADOW mode, as its rollout has it. */
export function isTrialAside(trial: usize): bool {
  return (load<u32>(trial, 8) & ASIDE) != 0;
}

/** Whether the rule would have denied. */
export function isTrialDenied(trial: usize): bool {
  return (load<u32>(trial, 8) & DENIED) != 0;
}

/** The rule would have denied; false: that had been said before. */
export function denyTrial(trial: usize): bool {
  const flags = load<u32>(trial, 8);
  store<u32>(trial, flags | DENIED, 8);
  return (flags & DENIED) == 0;
}

/** Not all of the rule's questions were asked: what it would have said is not known. */
export function skipTrial(trial: usize): void {
  store<u32>(trial, load<u32>(trial, 8) | SKIPPED, 8);
}

/** Whether something was not asked. */
export function isTrialSkipped(trial: usize): bool {
  return (load<u32>(trial, 8) & SKIPPED) != 0;
}

/** An action with a rollout, by its slot, is tried: it allows until something else is said. */
export function tryAction(trial: usize, slot: i32): void {
  setAction(trial, slot, true, false);
}

/** It would have denied. */
export function denyAction(trial: usize, slot: i32): void {
  setAction(trial, slot, true, true);
}

/** It was not asked: what it would have said is not known. A denial stays one. */
export function skipAction(trial: usize, slot: i32): void {
  if (!isActionDenied(trial, slot)) setAction(trial, slot, false, true);
}

/** Whether an action with a rollout was asked all that it asks, or has denied. */
export function isActionTried(trial: usize, slot: i32): bool {
  return isSlotSet(trial, slot, 16);
}

/** Whether it would have denied. */
export function isActionDenied(trial: usize, slot: i32): bool {
  return isSlotSet(trial, slot, 16) && isSlotSet(trial, slot, 24);
}

/** Whether something of it was not asked. */
export function isActionSkipped(trial: usize, slot: i32): bool {
  return !isSlotSet(trial, slot, 16) && isSlotSet(trial, slot, 24);
}

function isSlotSet(trial: usize, slot: i32, bits: usize): bool {
  return ((load<u64>(trial + bits) >> (<u64>slot)) & 1) != 0;
}

function setAction(trial: usize, slot: i32, isTried: bool, isEnded: bool): void {
  const bit = (<u64>1) << (<u64>slot);
  const tried = load<u64>(trial, 16);
  const ended = load<u64>(trial, 24);
  store<u64>(trial, isTried ? tried | bit : tried & ~bit, 16);
  store<u64>(trial, isEnded ? ended | bit : ended & ~bit, 24);
}

/** The stream asks nothing more for it. */
export function closeTrial(trial: usize): void {
  store<u32>(trial, load<u32>(trial, 8) | CLOSED, 8);
}

/** Whether nothing more will be heard: the verdict is final. */
export function isTrialOver(trial: usize): bool {
  return (load<u32>(trial, 8) & CLOSED) != 0 && load<u32>(trial, 4) == 0;
}

/** Gives a trial's memory back. */
export function dropTrial(trial: usize): void {
  giveBlock(trial, TRIAL_SIZE_BYTES);
}

/** Whether one more question may be asked in SHADOW mode, for this trial and at all. */
export function mayAskInShadow(trial: usize): bool {
  return pendingCount < SHADOW_CALL_COUNT_MAX && load<i32>(trial, 4) < WAIT_COUNT_MAX;
}

/** A check under way, with the key of its verdict for the cache; 0 without memory. */
export function addShadowCheck(trial: usize, action: i32, key: Slice): usize {
  return addShadowCall(trial, action, NO_INSTANCE, key);
}

/** A charge under way, with the values of its dimensions; 0 without memory. */
export function addShadowCharge(trial: usize, action: i32, instance: i32, values: Slice): usize {
  return addShadowCall(trial, action, instance, values);
}

function addShadowCall(trial: usize, action: i32, instance: i32, bytes: Slice): usize {
  const size = CALL_HEAD_SIZE_BYTES + sizeOf(bytes);
  const call = takeBlock(size);
  if (call == 0) return 0;
  store<u32>(call, <u32>size);
  store<u32>(call, <u32>trial, 4);
  store<i32>(call, action, 8);
  store<i32>(call, instance, 12);
  store<u32>(call, <u32>sizeOf(bytes), 16);
  memory.copy(call + CALL_HEAD_SIZE_BYTES, startOf(bytes), sizeOf(bytes));
  store<u32>(trial, load<u32>(trial, 4) + 1, 4);
  pendingCount++;
  return call;
}

/** The trial that a call belongs to. */
export function shadowCallTrial(call: usize): usize {
  return <usize>load<u32>(call, 4);
}

/** The position of its action among the checks of the rule, or among the quotas. */
export function shadowCallAction(call: usize): i32 {
  return load<i32>(call, 8);
}

/** Whether it is a charge. */
export function isShadowCharge(call: usize): bool {
  return load<i32>(call, 12) != NO_INSTANCE;
}

/** The position of a charge's instance among those of its action. */
export function shadowCallInstance(call: usize): i32 {
  return load<i32>(call, 12);
}

/** The key of a check's verdict for the cache, empty for none; the values of a charge. */
export function shadowCallBytes(call: usize): Slice {
  return slice(call + CALL_HEAD_SIZE_BYTES, <usize>load<u32>(call, 16));
}

/** The question has been answered, or never will be: gives its memory back. */
export function endShadowCall(call: usize): void {
  const trial = shadowCallTrial(call);
  store<u32>(trial, load<u32>(trial, 4) - 1, 4);
  pendingCount--;
  giveBlock(call, load<u32>(call));
}

/** The document has ended: nobody counts the verdict any more. */
export function abandonShadowCall(call: usize): void {
  const trial = shadowCallTrial(call);
  endShadowCall(call);
  if (isTrialOver(trial)) dropTrial(trial);
}
