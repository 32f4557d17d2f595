// What a document asks of the heap while it is configured. Counted is what is asked, not what is
// free: a document is refused by every worker or by none. Texts that a VM makes once count where
// they are made: most in a new VM, such as the one in which Envoy tries a document first. Nothing
// is collected meanwhile. Both: patterns are also compiled while serving, when nothing is counted.

import { DOCUMENT_MEMORY_MAX_BYTES } from "../shared/limits";

let isCounting: bool = false;
let start: usize = 0;

/** From here on a document is configured. */
export function beginBudget(): void {
  isCounting = true;
  start = asked();
}

/** The document is configured, or refused. */
export function endBudget(): void {
  isCounting = false;
}

/** Whether the document that is being configured has asked for more than it may. */
export function isBudgetSpent(): bool {
  return isCounting && asked() - start > <usize>DOCUMENT_MEMORY_MAX_BYTES;
}

// The build gives the runtime this function; specs are compiled without it.
function asked(): usize {
  // @ts-ignore: a function of the runtime
  return isDefined(__asked) ? __asked() : 0;
}
