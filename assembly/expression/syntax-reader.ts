// What every part of the grammar needs: tokens, new nodes within their bounds, and the first
// mistake, in the words of Go's parser. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { EXPRESSION_DEPTH_MAX, EXPRESSION_NODE_COUNT_MAX } from "../shared/limits";
import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { Lexer } from "./lexer";
import { ExpressionNode, SyntaxKind } from "./node";
import { Problem, Problems } from "./problem";
import { Token } from "./token";
import { replaced } from "../text/strings";

/** The parser without its grammar. */
export abstract class SyntaxReader {
  protected readonly lexer: Lexer;
  /** Whether there is a mistake: nothing is read any more. */
  protected failed: bool = false;
  protected nesting: i32 = 0;
  /** The first construct that Go has and this language does not; reported if nothing else is. */
  protected unexpected: ExpressionNode | null = null;
  private nodeCount: i32 = 0;

  constructor(
    source: Slice,
    protected readonly region: Region,
    protected readonly problems: Problems,
  ) {
    this.lexer = new Lexer(source, problems);
  }

  protected append(node: ExpressionNode, operand: ExpressionNode): void {
    node.add(operand);
    if (node.depth > EXPRESSION_DEPTH_MAX) this.failDepth(node.start);
  }

  protected make(kind: SyntaxKind, text: string, start: i32, end: i32): ExpressionNode {
    return this.count(new ExpressionNode(kind, text, start, end));
  }

  protected count(node: ExpressionNode): ExpressionNode {
    if (++this.nodeCount > EXPRESSION_NODE_COUNT_MAX && !this.failed) {
      const found = EXPRESSION_NODE_COUNT_MAX.toString();
      this.failWith(DiagnosticCode.ExpressionTooLarge, node.start, found, "too many parts");
    }
    return node;
  }

  protected nothing(): ExpressionNode {
    return new ExpressionNode(SyntaxKind.Unexpected, "", this.lexer.start, this.lexer.end);
  }

  protected enter(): bool {
    if (++this.nesting <= EXPRESSION_DEPTH_MAX) return true;
    this.failDepth(this.lexer.start);
    return false;
  }

  private failDepth(start: i32): void {
    const found = EXPRESSION_DEPTH_MAX.toString();
    this.failWith(DiagnosticCode.ExpressionTooDeep, start, found, "nested too deeply");
  }

  private failWith(code: DiagnosticCode, start: i32, found: string, message: string): void {
    if (this.failed) return;
    this.failed = true;
    const problem = this.problems.add(code, start, start + 1, found);
    problem.text = "unable to parse expression: " + this.lexer.positionOf(start) + ": " + message;
  }

  protected failName(node: ExpressionNode): ExpressionNode {
    const found = node.text.substring(0, 64) + "…";
    this.failWith(DiagnosticCode.UnknownAttribute, node.start, found, "a name is too long");
    return node;
  }

  protected refuse(start: i32, end: i32): ExpressionNode {
    const node = this.make(SyntaxKind.Unexpected, this.lexer.textBetween(start, end), start, end);
    if (this.unexpected == null) this.unexpected = node;
    return node;
  }

  protected reportUnexpected(node: ExpressionNode): void {
    const code = DiagnosticCode.UnexpectedToken;
    const problem = this.problems.add(code, node.start, node.end, node.text.trim());
    problem.text = "unexpected expression: " + node.text;
    problem.expected = 'attributes (a.b), map["key"], function(…), value.method(…) and operators';
  }

  protected expect(token: Token, shown: string): void {
    if (this.failed) return;
    if (this.lexer.kind == token) this.lexer.next();
    else this.failExpected(shown, replaced(shown, "'", "`"));
  }

  protected failExpected(shown: string, expected: string): Problem {
    return this.failSyntax("expected " + shown + ", found " + this.foundText(), expected);
  }

  protected failComma(): void {
    const isEnd = this.lexer.kind == Token.End;
    const message = isEnd ? "missing ',' before newline" : "missing ','";
    this.failSyntax(message + " in argument list", "`,` or `)`");
  }

  private failSyntax(message: string, expected: string): Problem {
    const lexer = this.lexer;
    // A lexical error explains itself better.
    if (this.failed || lexer.kind == Token.Illegal) {
      this.failed = true;
      return new Problem(DiagnosticCode.UnexpectedToken, 0, 0, "");
    }
    this.failed = true;
    const code =
      lexer.kind == Token.End
        ? DiagnosticCode.ExpressionIncomplete
        : DiagnosticCode.UnexpectedToken;
    const problem = lexer.fail(code, lexer.start, lexer.end, message);
    problem.expected = expected;
    return problem;
  }

  private foundText(): string {
    const lexer = this.lexer;
    const kind = lexer.kind;
    if (kind == Token.End) return lexer.endsOperand ? "newline" : "'EOF'";
    if (kind >= Token.Identifier && kind <= Token.Text) return lexer.text;
    return "'" + lexer.text + "'";
  }
}
