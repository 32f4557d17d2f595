// Tokens of CEL → syntax tree, with the macros of the standard. Stops at the first mistake; names
// by name what the language has and this implementation has not. Cold.

import { CelFunction } from "../../shared/cel-functions";
import { DiagnosticCode } from "../../shared/diagnostics";
import { ValueType } from "../../shared/types";
import { VALUE_SIZE_BYTES, setBool, setInt, typeAt } from "../../attribute/value";
import { Region } from "../../memory/region";
import { Slice } from "../../memory/slice";
import { Problems } from "../problem";
import { celLiteral } from "./literal";
import { CelMacros } from "./macros";
import { CelKind, CelNode } from "./node";
import { CelToken, bindingOf, functionOf } from "./token";

/** Words that cannot be names of their own; behind a dot they can. */
const RESERVED: string[] = (
  "as break const continue else false for function if import in let loop null package namespace " +
  "return true var void while"
).split(" ");

/** The tree of an expression; null after reporting a mistake. Constants live in the region. */
export function parseCel(source: Slice, region: Region, problems: Problems): CelNode | null {
  return new CelParser(source, region, problems).parse();
}

class CelParser extends CelMacros {
  parse(): CelNode | null {
    this.lexer.next();
    if (this.lexer.kind == CelToken.End) {
      this.problems.add(DiagnosticCode.ExpressionEmpty, 0, 0, "").text = "the expression is empty";
      return null;
    }
    const root = this.parseExpression();
    if (!this.lexer.is(CelToken.End)) this.failExpected("an operator or the end");
    return this.failed ? null : root;
  }

  private parseExpression(): CelNode {
    if (!this.enter()) return this.nothing();
    const condition = this.parseLogical(CelToken.Or);
    let node = condition;
    if (this.lexer.kind == CelToken.Question) {
      this.lexer.next();
      node = this.make(CelKind.Conditional, "", condition.from, condition.until);
      this.append(node, condition);
      this.append(node, this.parseLogical(CelToken.Or));
      this.expect(CelToken.Colon, "`:`");
      this.append(node, this.parseExpression());
    }
    this.nesting--;
    return node;
  }

  private parseLogical(token: CelToken): CelNode {
    const first = token == CelToken.Or ? this.parseLogical(CelToken.And) : this.parseBinary(1);
    if (this.lexer.kind != token) return first;
    const kind = token == CelToken.Or ? CelKind.Or : CelKind.And;
    const node = this.make(kind, "", first.from, first.until);
    this.append(node, first);
    while (!this.failed && this.lexer.kind == token) {
      this.lexer.next();
      const next = token == CelToken.Or ? this.parseLogical(CelToken.And) : this.parseBinary(1);
      this.append(node, next);
    }
    return node;
  }

  private parseBinary(least: i32): CelNode {
    let left = this.parseUnary();
    while (!this.failed) {
      const binding = bindingOf(this.lexer.kind);
      if (binding < least || binding == 0) return left;
      const callee = functionOf(this.lexer.kind);
      this.lexer.next();
      const right = this.parseBinary(binding + 1);
      const node = this.make(CelKind.Call, "", left.from, right.until);
      node.callee = callee;
      this.append(node, left);
      this.append(node, right);
      left = node;
    }
    return left;
  }

  private parseUnary(): CelNode {
    const lexer = this.lexer;
    const start = lexer.start;
    const token = lexer.kind;
    if (token != CelToken.Not && token != CelToken.Subtract) return this.parseMember();
    lexer.next();
    const isMinus = token == CelToken.Subtract;
    if (isMinus && (lexer.kind == CelToken.Int || lexer.kind == CelToken.Double)) {
      const literal = this.parseLiteral(true);
      literal.start = start;
      return this.parseSuffixes(literal);
    }
    if (!this.enter()) return this.nothing();
    const operand = this.parseUnary();
    this.nesting--;
    const node = this.make(CelKind.Call, "", start, operand.until);
    node.callee = isMinus ? CelFunction.Negate : CelFunction.Not;
    this.append(node, operand);
    return node;
  }

  private parseMember(): CelNode {
    return this.parseSuffixes(this.parsePrimary());
  }

  private parseSuffixes(first: CelNode): CelNode {
    let node = first;
    while (!this.failed) {
      if (this.lexer.kind == CelToken.Period) node = this.parseSelector(node);
      else if (this.lexer.kind == CelToken.LeftBracket) node = this.parseIndex(node);
      else if (this.lexer.kind == CelToken.LeftBrace) return this.refuse(node, "messages");
      else return node;
    }
    return node;
  }

  private parsePrimary(): CelNode {
    const lexer = this.lexer;
    switch (<i32>lexer.kind) {
      case CelToken.Int:
      case CelToken.Uint:
      case CelToken.Double:
      case CelToken.Text:
      case CelToken.Bytes:
        return this.parseLiteral(false);
      case CelToken.Period:
      case CelToken.Identifier:
        return this.parseName();
      case CelToken.LeftParenthesis: {
        const opened = lexer.start;
        lexer.next();
        const node = this.parseExpression();
        node.enclose(opened, lexer.end);
        this.expect(CelToken.RightParenthesis, "`)`");
        return node;
      }
      case CelToken.LeftBracket:
        return this.parseList();
      case CelToken.LeftBrace:
        return this.parseMap();
      default:
        this.failExpected("an operand");
        return this.nothing();
    }
  }

  private parseLiteral(isNegative: bool): CelNode {
    const lexer = this.lexer;
    const node = this.make(CelKind.Constant, lexer.text, lexer.start, lexer.end);
    node.value = celLiteral(lexer, this.region, isNegative);
    if (node.value == 0) this.failed = true;
    else node.type = <ValueType>typeAt(node.value);
    lexer.next();
    return node;
  }

  private parseName(): CelNode {
    const lexer = this.lexer;
    const start = lexer.start;
    let name = "";
    if (lexer.kind == CelToken.Period) {
      name = ".";
      lexer.next();
    }
    if (lexer.kind != CelToken.Identifier) {
      this.failExpected("a name");
      return this.nothing();
    }
    const word = lexer.text;
    if (name.length == 0 && (word == "true" || word == "false" || word == "null")) {
      return this.parseWord(word);
    }
    if (RESERVED.includes(word)) {
      this.failExpected("a name that is not reserved");
      return this.nothing();
    }
    const node = this.make(CelKind.Name, name + word, start, lexer.end);
    lexer.next();
    if (!lexer.is(CelToken.LeftParenthesis)) return node;
    node.kind = CelKind.Call;
    this.parseArguments(node);
    return this.expand(node);
  }

  private parseWord(word: string): CelNode {
    const node = this.make(CelKind.Constant, word, this.lexer.start, this.lexer.end);
    node.value = this.region.take(VALUE_SIZE_BYTES);
    if (word == "null") setInt(node.value, ValueType.Null, 0);
    else setBool(node.value, word == "true");
    node.type = <ValueType>typeAt(node.value);
    this.lexer.next();
    return node;
  }

  private parseSelector(base: CelNode): CelNode {
    const lexer = this.lexer;
    lexer.next();
    if (lexer.kind == CelToken.Question) return this.refuse(base, "optional values");
    const isQuoted = lexer.kind == CelToken.QuotedName;
    if (!isQuoted && lexer.kind != CelToken.Identifier && lexer.kind != CelToken.In) {
      this.failExpected("a field's name");
      return base;
    }
    const node = this.make(CelKind.Select, lexer.text, base.from, lexer.end);
    lexer.next();
    if (isQuoted || lexer.kind != CelToken.LeftParenthesis) {
      this.append(node, base);
      return node;
    }
    node.kind = CelKind.Call;
    node.hasReceiver = true;
    this.append(node, base);
    this.parseArguments(node);
    return this.expand(node);
  }

  private parseArguments(node: CelNode): void {
    this.lexer.next();
    this.parseItems(node, CelToken.RightParenthesis, "`,` or `)`");
  }

  private parseIndex(base: CelNode): CelNode {
    this.lexer.next();
    if (this.lexer.kind == CelToken.Question) return this.refuse(base, "optional values");
    const node = this.make(CelKind.Call, "", base.from, base.until);
    node.callee = CelFunction.Index;
    this.append(node, base);
    this.append(node, this.parseExpression());
    node.end = this.lexer.end;
    this.expect(CelToken.RightBracket, "`]`");
    return node;
  }

  private parseList(): CelNode {
    const node = this.make(CelKind.List, "", this.lexer.start, this.lexer.end);
    this.lexer.next();
    this.parseItems(node, CelToken.RightBracket, "`,` or `]`");
    return node;
  }

  private parseMap(): CelNode {
    const node = this.make(CelKind.Map, "", this.lexer.start, this.lexer.end);
    this.lexer.next();
    this.parseItems(node, CelToken.RightBrace, "`,` or `}`");
    return node;
  }

  // Items up to the closing token; those of a map have their value behind a colon.
  private parseItems(node: CelNode, close: CelToken, expected: string): void {
    const lexer = this.lexer;
    const isMap = close == CelToken.RightBrace;
    while (!this.failed && lexer.kind != close) {
      if (lexer.kind == CelToken.Question) {
        this.refuse(node, "optional values");
        return;
      }
      this.append(node, this.parseExpression());
      if (isMap) {
        this.expect(CelToken.Colon, "`:`");
        this.append(node, this.parseExpression());
      }
      if (this.failed || lexer.kind == close) break;
      if (lexer.kind != CelToken.Comma) this.failExpected(expected);
      else lexer.next();
      // Only lists and maps may end with a comma.
      const isCall = close == CelToken.RightParenthesis;
      if (isCall && lexer.kind == close) this.failExpected("an argument");
    }
    node.end = lexer.end;
    this.expect(close, expected);
  }
}
