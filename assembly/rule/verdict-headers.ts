// Applies what the verdicts of an allowed request say of its headers, in the order of the document
// and before the document's own operations, which win. Hot.

import { HeaderMap } from "../shared/abi";
import { sizeOf } from "../memory/slice";
import { addHeader, removeHeader, replaceHeader } from "../abi/headers";
import { PairsCursor } from "../abi/pairs";
import { Outcome } from "../template/verdict";
import { HeaderList } from "../template/verdict-headers";
import { RuleTable } from "./table";
import { extraHeaders, extraHides } from "./verdict-extra";
import {
  waitAction,
  waitAt,
  waitCount,
  waitExtra,
  waitInstance,
  waitOutcome,
  waitRule,
} from "./wait";

const cursor = new PairsCursor();

/**
 * Changes the current request's headers as its verdicts want it; false where a credential would go
 * on that they hide.
 */
export function applyVerdicts(table: RuleTable, record: usize): bool {
  const count = waitCount(record);
  for (let at: u32 = 0; at < count; at++) {
    const wait = waitAt(record, at);
    if (waitOutcome(wait) != Outcome.Allowed || waitExtra(wait) == 0) continue;
    if (extraHides(waitExtra(wait)) && !hideCredential(table, wait)) return false;
    apply(waitExtra(wait), HeaderList.RequestRemove);
    apply(waitExtra(wait), HeaderList.RequestSet);
    apply(waitExtra(wait), HeaderList.RequestAdd);
  }
  return true;
}

function hideCredential(table: RuleTable, wait: usize): bool {
  const action = unchecked(unchecked(table.rules[waitRule(wait)]).checks[waitAction(wait)]);
  const credential = unchecked(action.instances[waitInstance(wait)]).credential;
  return credential == null || credential.hide();
}

function apply(extra: usize, list: HeaderList): void {
  const headers = extraHeaders(extra, list);
  if (sizeOf(headers) == 0) return;
  cursor.open(headers);
  while (cursor.next()) {
    if (list == HeaderList.RequestRemove) removeHeader(HeaderMap.Request, cursor.key);
    else if (list == HeaderList.RequestAdd) {
      addHeader(HeaderMap.Request, cursor.key, cursor.value);
    } else replaceHeader(HeaderMap.Request, cursor.key, cursor.value);
  }
}
