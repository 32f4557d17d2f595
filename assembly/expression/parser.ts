// Tokens → syntax tree, by Go's grammar and precedence, restricted to what Mixer's language has.
// The first mistake ends it. Depth and size are bounded here for every later stage. Knows no types,
// no functions and no attributes. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { booleanNode, literalNode } from "./literals";
import { ExpressionNode, SyntaxKind } from "./node";
import { Problems } from "./problem";
import { SyntaxReader } from "./syntax-reader";
import { FIRST_OPERATOR, OPERATOR_NAMES, Token, precedenceOf } from "./token";

/**
 * The syntax tree of `source`, or null after reporting what is wrong. Literals go into `region`.
 * `isNumber`: the document has a number there, which may have a sign; the language has none.
 */
export function parseExpression(
  source: Slice,
  region: Region,
  problems: Problems,
  isNumber: bool = false,
): ExpressionNode | null {
  return new Parser(source, region, problems).parse(isNumber);
}

/** No attribute has a longer name. */
const ATTRIBUTE_SIZE_MAX_CHARS: i32 = 512;

class Parser extends SyntaxReader {
  parse(isNumber: bool): ExpressionNode | null {
    const lexer = this.lexer;
    lexer.next();
    if (isNumber && lexer.is(Token.Subtract)) {
      lexer.next();
      return literalNode(lexer, this.region, 0);
    }
    if (lexer.kind == Token.End) {
      lexer.fail(
        DiagnosticCode.ExpressionEmpty,
        lexer.start,
        lexer.start,
        "expected operand, found 'EOF'",
      );
      return null;
    }
    const root = this.parseBinary(1);
    if (!this.failed && !lexer.is(Token.End)) this.failExpected("'EOF'", "the end, or an operator");
    if (this.failed || this.problems.failed) return null;
    const unexpected = this.unexpected;
    if (unexpected == null) return root;
    this.reportUnexpected(unexpected);
    return null;
  }

  private parseBinary(lowest: i32): ExpressionNode {
    let left = this.parseUnary();
    while (!this.failed) {
      const token = this.lexer.kind;
      if (token == Token.Assign) {
        this.failExpected("'=='", "`==`").suggestion = "==";
        break;
      }
      const precedence = precedenceOf(token);
      if (precedence < lowest || precedence == 0) break;
      const start = this.lexer.start;
      const end = this.lexer.end;
      this.lexer.next();
      const right = this.parseBinary(precedence + 1);
      left = this.operation(OPERATOR_NAMES[token - FIRST_OPERATOR], left, right);
      left.nameAt(start, end);
    }
    return left;
  }

  private parseUnary(): ExpressionNode {
    const token = this.lexer.kind;
    const start = this.lexer.start;
    if (token == Token.Multiply || token == Token.Arrow) {
      this.lexer.next();
      const operand = this.parseNestedUnary();
      return this.refuse(start, operand.end);
    }
    const name = unaryName(token);
    if (name.length == 0) return this.parsePrimary();
    const node = this.make(SyntaxKind.Call, name, start, this.lexer.end);
    this.lexer.next();
    node.isOperator = true;
    this.append(node, this.parseNestedUnary());
    return node;
  }

  private parseNestedUnary(): ExpressionNode {
    if (!this.enter()) return this.nothing();
    const operand = this.parseUnary();
    this.nesting--;
    return operand;
  }

  private parsePrimary(): ExpressionNode {
    let node = this.parseOperand();
    while (!this.failed) {
      const token = this.lexer.kind;
      if (token == Token.Period) node = this.parseSelector(node);
      else if (token == Token.LeftBracket) node = this.parseIndex(node);
      else if (token == Token.LeftParenthesis) node = this.parseCall(node);
      else if (token == Token.LeftBrace) node = this.skipBraces(node);
      else break;
    }
    return node;
  }

  private parseOperand(): ExpressionNode {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.Identifier: {
        const boolean = booleanNode(lexer, this.region);
        const node =
          boolean != null
            ? this.count(boolean)
            : this.make(SyntaxKind.Attribute, lexer.text, lexer.start, lexer.end);
        lexer.next();
        return node;
      }
      case Token.Int:
      case Token.Float:
      case Token.Text: {
        const node = literalNode(lexer, this.region);
        if (node == null) this.failed = true;
        lexer.next();
        return node == null ? this.nothing() : this.count(node);
      }
      case Token.LeftParenthesis:
        return this.parseParentheses();
      default:
        this.failExpected("operand", "an operand");
        return this.nothing();
    }
  }

  private parseParentheses(): ExpressionNode {
    if (!this.enter()) return this.nothing();
    this.lexer.next();
    const node = this.parseBinary(1);
    this.nesting--;
    this.expect(Token.RightParenthesis, "')'");
    return node;
  }

  private parseSelector(base: ExpressionNode): ExpressionNode {
    const lexer = this.lexer;
    lexer.next();
    if (lexer.kind == Token.LeftParenthesis) return this.skipTypeAssertion(base);
    if (lexer.kind != Token.Identifier) {
      this.failExpected("selector or type assertion", "a name");
      return base;
    }
    const name = lexer.text;
    const start = lexer.start;
    const end = lexer.end;
    lexer.next();
    if (lexer.is(Token.LeftParenthesis)) return this.parseArguments(base, name, start);
    if (base.kind != SyntaxKind.Attribute) return this.refuse(base.start, end);
    if (base.text.length > ATTRIBUTE_SIZE_MAX_CHARS) return this.failName(base);
    return this.make(SyntaxKind.Attribute, base.text + "." + name, base.start, end);
  }

  private parseCall(base: ExpressionNode): ExpressionNode {
    const isName = base.kind == SyntaxKind.Attribute && !base.text.includes(".");
    const node = this.parseArguments(null, base.text, base.start);
    node.start = base.start;
    return isName ? node : this.refuse(base.start, node.end);
  }

  private parseArguments(
    receiver: ExpressionNode | null,
    name: string,
    start: i32,
  ): ExpressionNode {
    const lexer = this.lexer;
    const node = this.make(SyntaxKind.Call, name, start, lexer.start);
    if (receiver != null) {
      node.hasReceiver = true;
      node.start = receiver.start;
      this.append(node, receiver);
    }
    if (!this.enter()) return node;
    lexer.next();
    while (!this.failed && lexer.kind != Token.RightParenthesis && lexer.kind != Token.End) {
      this.append(node, this.parseBinary(1));
      if (this.failed || lexer.is(Token.RightParenthesis)) break;
      if (lexer.kind == Token.Comma) lexer.next();
      else this.failComma();
    }
    this.nesting--;
    node.end = lexer.end;
    this.expect(Token.RightParenthesis, "')'");
    return node;
  }

  private parseIndex(base: ExpressionNode): ExpressionNode {
    const lexer = this.lexer;
    if (!this.enter()) return base;
    lexer.next();
    const node = this.make(SyntaxKind.Call, "INDEX", base.start, lexer.end);
    node.isOperator = true;
    this.append(node, base);
    let isSlice = lexer.kind == Token.Colon;
    if (!isSlice) this.append(node, this.parseBinary(1));
    while (!this.failed && lexer.kind == Token.Colon) {
      isSlice = true;
      lexer.next();
      const isOpen = lexer.kind == Token.Colon || lexer.kind == Token.RightBracket;
      if (!isOpen) this.parseBinary(1);
    }
    this.nesting--;
    node.end = lexer.end;
    this.expect(Token.RightBracket, "']'");
    return isSlice ? this.refuse(node.start, node.end) : node;
  }

  // A composite literal or a function body: Go's, not ours.
  private skipBraces(base: ExpressionNode): ExpressionNode {
    const lexer = this.lexer;
    let depth = 0;
    do {
      if (lexer.kind == Token.LeftBrace) depth++;
      if (lexer.kind == Token.RightBrace) depth--;
      if (lexer.kind == Token.End || lexer.kind == Token.Illegal) break;
      lexer.next();
    } while (depth > 0);
    if (depth > 0) this.failExpected("'}'", "`}`");
    return this.refuse(base.start, lexer.start);
  }

  private skipTypeAssertion(base: ExpressionNode): ExpressionNode {
    this.lexer.next();
    if (this.lexer.kind != Token.Identifier) this.failExpected("type", "a name");
    else this.lexer.next();
    this.expect(Token.RightParenthesis, "')'");
    return this.refuse(base.start, this.lexer.start);
  }

  private operation(name: string, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
    if (isChain(name) && left.isOperator && left.text == name && left.operands.length > 1) {
      this.append(left, right);
      return left;
    }
    const node = this.make(SyntaxKind.Call, name, left.start, right.end);
    node.isOperator = true;
    this.append(node, left);
    this.append(node, right);
    return node;
  }
}

function unaryName(token: Token): string {
  if (token == Token.Not) return "NOT";
  if (token == Token.Tilde) return "TILDE";
  const isUnary =
    token == Token.Add ||
    token == Token.Subtract ||
    token == Token.ExclusiveOr ||
    token == Token.BitAnd;
  return isUnary ? OPERATOR_NAMES[token - FIRST_OPERATOR] : "";
}

function isChain(name: string): bool {
  return name == "LOR" || name == "LAND" || name == "OR" || name == "ADD";
}
