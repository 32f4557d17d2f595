// Asked at each part of a document that is read or built: whether the document has used up what it
// may take. Cold.

import { Report } from "../diagnostic/report";
import { isBudgetSpent } from "../memory/budget";
import { DiagnosticCode } from "../shared/diagnostics";
import { Node } from "./node";

/** Whether nothing more is built; says so, once, where this part stands. */
export function isSpent(node: Node, report: Report): bool {
  if (!isBudgetSpent()) return false;
  report.error(DiagnosticCode.DocumentTakesTooMuch, node.place(), "");
  return true;
}
