// The explanation of a decision between callbacks: made when the request is decided, kept by the
// stream, shown when response headers come. A denial's goes out with the local reply. Hot.

import { HeaderMap } from "../shared/abi";
import { takeArena } from "../memory/arena";
import { Slice, emptySlice, sizeOf, slice, startOf } from "../memory/slice";
import { removeHeader, replaceHeader } from "../abi/headers";
import {
  RecordFlag,
  addRecordFlag,
  keepText,
  recordFlags,
  recordShadowRule,
} from "../attribute/record";
import { resetSteps } from "../expression/failure";
import { Explainer } from "../rule/explainer";
import { Rule } from "../rule/rule";
import { Root } from "./root";

/** Where a request's record says where its explanation is; connections keep their traffic there. */
const EXPLANATION: usize = 92;
const SIZE_BYTES: usize = 4;

/** Explains a denial where the client may see it. `reason` is what the answer says. */
export function explainDenial(root: Root, reason: Slice): void {
  const explainer = root.table!.explainer;
  if (explainer === null) return;
  const bag = root.bag!;
  const denial = root.check!.denial;
  resetSteps();
  denial.explanationHeader = explainer.header;
  denial.explanation = explainer.allows(bag)
    ? explainer.denied(denial.rule, denial.action, reason, bag)
    : emptySlice();
}

/** Explains why a request passed; kept until its response comes. */
export function explainPass(root: Root, record: usize): void {
  const table = root.table!;
  const explainer = table.explainer;
  if (explainer === null) return;
  const bag = root.bag!;
  resetSteps();
  if (!explainer.allows(bag)) return;
  const number = recordShadowRule(record);
  let shadow: Rule | null = null;
  if (number >= 0) shadow = unchecked(table.rules[number]);
  keep(record, explainer.allowed(table.rules, shadow, bag));
}

/** Removes the upstream's header of that name. First thing when response headers come. */
export function hideExplanation(explainer: Explainer): void {
  removeHeader(HeaderMap.Response, explainer.header);
}

/** Shows the explanation that the stream has. Last thing when response headers come. */
export function showExplanation(explainer: Explainer, record: usize): void {
  if (record == 0 || (recordFlags(record) & RecordFlag.Explained) == 0) return;
  const at = <usize>load<u32>(record, EXPLANATION);
  replaceHeader(HeaderMap.Response, explainer.header, slice(at + SIZE_BYTES, load<u32>(at)));
}

// The size stands in front of the text; without memory for both there is no explanation.
function keep(record: usize, text: Slice): void {
  const size = sizeOf(text) + SIZE_BYTES;
  const at = sizeOf(text) == 0 ? 0 : takeArena(size);
  if (at == 0) return;
  store<u32>(at, <u32>sizeOf(text));
  memory.copy(at + SIZE_BYTES, startOf(text), sizeOf(text));
  const kept = keepText(record, slice(at, size));
  if (sizeOf(kept) < size) return;
  store<u32>(record, <u32>startOf(kept), EXPLANATION);
  addRecordFlag(record, RecordFlag.Explained);
}
