// Evaluates header operations of a rule and says what came of it: failures in the rule's count,
// values that are too long in the log and in a count of their own. Hot.

import { HeaderOperation, evaluateOperations, takeLongHeader } from "../rule/header-operation";
import { sizeOf } from "../memory/slice";
import { noteLongHeader } from "../rule/failure-log";
import { Rule } from "../rule/rule";
import { Root } from "./root";

/** Evaluates them for the stream that the bag stands at; `applyOperations` makes the changes. */
export function operateFor(root: Root, rule: Rule, operations: StaticArray<HeaderOperation>): void {
  if (!evaluateOperations(operations, root.bag!)) rule.errors++;
  const header = takeLongHeader();
  if (sizeOf(header) == 0) return;
  root.statistics!.longHeaders++;
  noteLongHeader(rule, header);
}
