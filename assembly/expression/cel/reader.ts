// What every part of CEL's grammar needs: tokens, new nodes within their bounds, and the first
// mistake. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { EXPRESSION_DEPTH_MAX, EXPRESSION_NODE_COUNT_MAX } from "../../shared/limits";
import { Region } from "../../memory/region";
import { Slice } from "../../memory/slice";
import { Problems } from "../problem";
import { CelLexer } from "./lexer";
import { CelKind, CelNode } from "./node";
import { CelToken } from "./token";

/** The parser without its grammar. */
export abstract class CelReader {
  protected readonly lexer: CelLexer;
  /** Whether there is a mistake: nothing is read any more. */
  protected failed: bool = false;
  protected nesting: i32 = 0;
  private nodeCount: i32 = 0;

  constructor(
    source: Slice,
    protected readonly region: Region,
    protected readonly problems: Problems,
  ) {
    this.lexer = new CelLexer(source, problems);
  }

  // `what` is a part of CEL that is not here.
  protected refuse(node: CelNode, what: string): CelNode {
    if (this.failed) return node;
    this.failed = true;
    const code = DiagnosticCode.CelUnsupported;
    const end = this.lexer.end;
    this.problems.add(code, node.start, end, what).text = what + " of CEL are not supported";
    return node;
  }

  protected make(kind: CelKind, text: string, start: i32, end: i32): CelNode {
    if (++this.nodeCount > EXPRESSION_NODE_COUNT_MAX && !this.failed) {
      this.failed = true;
      const found = EXPRESSION_NODE_COUNT_MAX.toString();
      const code = DiagnosticCode.ExpressionTooLarge;
      this.problems.add(code, start, start + 1, found).text = "too many parts";
    }
    return new CelNode(kind, text, start, end);
  }

  protected nothing(): CelNode {
    return new CelNode(CelKind.Name, "", this.lexer.start, this.lexer.end);
  }

  protected append(node: CelNode, operand: CelNode): void {
    node.add(operand);
    if (node.depth > EXPRESSION_DEPTH_MAX) this.failDepth(node.start);
  }

  protected enter(): bool {
    if (++this.nesting <= EXPRESSION_DEPTH_MAX) return true;
    this.failDepth(this.lexer.start);
    return false;
  }

  private failDepth(start: i32): void {
    if (this.failed) return;
    this.failed = true;
    const found = EXPRESSION_DEPTH_MAX.toString();
    const code = DiagnosticCode.ExpressionTooDeep;
    this.problems.add(code, start, start + 1, found).text = "nested too deeply";
  }

  protected expect(token: CelToken, shown: string): void {
    if (this.failed) return;
    if (this.lexer.kind == token) this.lexer.next();
    else this.failExpected(shown);
  }

  protected failAt(node: CelNode, expected: string): void {
    this.failed = true;
    this.lexer.fail(DiagnosticCode.UnexpectedToken, node.start, node.end, expected);
  }

  protected failExpected(expected: string): void {
    const lexer = this.lexer;
    const isReported = this.failed || lexer.kind == CelToken.Illegal;
    this.failed = true;
    if (isReported) return;
    const isEnd = lexer.kind == CelToken.End;
    const code = isEnd ? DiagnosticCode.ExpressionIncomplete : DiagnosticCode.UnexpectedToken;
    lexer.fail(code, lexer.start, lexer.end, expected);
  }
}
