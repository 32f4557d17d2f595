// Bytes of an expression → tokens, one at a time, by Go's lexical rules. Line ends are blanks: an
// expression may be laid out over lines, also where Go would end a statement. Knows no grammar.
// Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { textOf } from "../memory/literal";
import { Slice, endOf, slice, startOf } from "../memory/slice";
import { decodeRune, runeOf, runeSizeOf } from "../text/utf8";
import { Problem, Problems } from "./problem";
import { symbolOf } from "./symbol";
import { Token } from "./token";
import { hexText, upperCase } from "../text/strings";

/** Reads tokens from left to right. After `next`, the fields describe the token just read. */
export class Lexer {
  kind: Token = Token.End;
  /** Where the token begins and ends, in bytes of the expression. */
  start: i32 = 0;
  end: i32 = 0;
  /** Whether Go would end a statement at a line end or the end of the text here. */
  endsOperand: bool = false;
  private readonly base: usize;
  private readonly size: i32;
  private at: i32 = 0;

  constructor(
    readonly source: Slice,
    readonly problems: Problems,
  ) {
    this.base = startOf(source);
    this.size = <i32>(endOf(source) - startOf(source));
  }

  /** Moves to the next token. */
  next(): void {
    this.endsOperand = isOperandEnd(this.kind);
    this.skipBlanks();
    this.start = this.at;
    this.kind = this.scan();
    this.end = this.at;
  }

  /** Whether the token just read is of this kind. */
  is(kind: Token): bool {
    return this.kind == kind;
  }

  /** The token's own text. */
  get text(): string {
    return this.textBetween(this.start, this.end);
  }

  /** The text between two offsets. */
  textBetween(start: i32, end: i32): string {
    return textOf(slice(this.base + start, end - start));
  }

  /** `line:column` of an offset as Go counts them: from 1, columns in bytes. */
  positionOf(offset: i32): string {
    let line = 1;
    let lineStart = 0;
    for (let at = 0; at < offset; at++) {
      if (this.byte(at) != 10) continue;
      line++;
      lineStart = at + 1;
    }
    return line.toString() + ":" + (offset - lineStart + 1).toString();
  }

  /** Records a mistake; `message` is Go's. */
  fail(code: DiagnosticCode, start: i32, end: i32, message: string): Problem {
    const found = end > start ? this.textBetween(start, end) : "";
    const problem = this.problems.add(code, start, end, found);
    const source = this.textBetween(0, this.size);
    problem.text =
      "unable to parse expression '" + source + "': " + this.positionOf(start) + ": " + message;
    return problem;
  }

  private byte(at: i32): i32 {
    return at < this.size ? load<u8>(this.base + at) : -1;
  }

  private skipBlanks(): void {
    while (this.at < this.size) {
      const byte = this.byte(this.at);
      if (byte == 32 || byte == 9 || byte == 10 || byte == 13) this.at++;
      else if (byte != 47 || !this.skipComment()) return;
    }
  }

  private skipComment(): bool {
    const second = this.byte(this.at + 1);
    if (second == 47) {
      while (this.at < this.size && this.byte(this.at) != 10) this.at++;
      return true;
    }
    if (second != 42) return false;
    const start = this.at;
    for (this.at += 2; this.at < this.size; this.at++) {
      if (this.byte(this.at) != 42 || this.byte(this.at + 1) != 47) continue;
      this.at += 2;
      return true;
    }
    this.fail(DiagnosticCode.ExpressionIncomplete, start, start + 2, "comment not terminated");
    return true;
  }

  private scan(): Token {
    const byte = this.byte(this.at);
    if (byte < 0) return Token.End;
    if (isDigit(byte) || (byte == 46 && isDigit(this.byte(this.at + 1)))) return this.scanNumber();
    if (isAsciiLetter(byte) || byte >= 128) return this.scanName();
    if (byte == 34) return this.scanText();
    if (byte == 96) return this.scanRawText();
    if (byte == 39) return this.scanChar();
    return this.scanSymbol(byte);
  }

  private scanName(): Token {
    while (this.at < this.size) {
      const byte = this.byte(this.at);
      if (isAsciiLetter(byte) || isDigit(byte)) {
        this.at++;
        continue;
      }
      if (byte < 128) break;
      const decoded = decodeRune(this.base + this.at, this.base + this.size);
      if (!isNameRune(runeOf(decoded))) break;
      this.at += <i32>runeSizeOf(decoded);
    }
    return this.at > this.start ? Token.Identifier : this.scanIllegal();
  }

  private scanNumber(): Token {
    const second = this.byte(this.at + 1) | 32;
    if (this.byte(this.at) == 48 && (second == 120 || second == 98 || second == 111)) {
      this.at += 2;
      while (isHexDigit(this.byte(this.at)) || this.byte(this.at) == 95) this.at++;
      return this.endNumber(Token.Int);
    }
    let kind = Token.Int;
    this.skipDigits();
    if (this.byte(this.at) == 46) {
      kind = Token.Float;
      this.at++;
      this.skipDigits();
    }
    if ((this.byte(this.at) | 32) == 101) {
      kind = Token.Float;
      this.at++;
      if (this.byte(this.at) == 43 || this.byte(this.at) == 45) this.at++;
      const digits = this.at;
      this.skipDigits();
      if (this.at == digits) this.failNumber("exponent has no digits");
    }
    return this.endNumber(kind);
  }

  private endNumber(kind: Token): Token {
    if (this.byte(this.at) != 105) return kind;
    this.at++;
    return Token.Imaginary;
  }

  private skipDigits(): void {
    while (isDigit(this.byte(this.at))) this.at++;
  }

  private failNumber(message: string): void {
    this.fail(DiagnosticCode.BadLiteral, this.start, this.at, message);
  }

  private scanText(): Token {
    for (this.at++; this.at < this.size; this.at++) {
      const byte = this.byte(this.at);
      if (byte == 10) break;
      if (byte == 92) {
        this.at++;
      } else if (byte == 34) {
        this.at++;
        return Token.Text;
      }
    }
    if (this.at > this.size) this.at = this.size;
    this.unterminated("string literal not terminated", 'a closing `"`');
    return Token.Illegal;
  }

  private scanRawText(): Token {
    for (this.at++; this.at < this.size; this.at++) {
      if (this.byte(this.at) != 96) continue;
      this.at++;
      return Token.Text;
    }
    this.unterminated("raw string literal not terminated", "a closing backquote");
    return Token.Illegal;
  }

  private scanChar(): Token {
    for (this.at++; this.at < this.size; this.at++) {
      const byte = this.byte(this.at);
      if (byte == 10) break;
      if (byte == 92) this.at++;
      if (byte != 39) continue;
      this.at++;
      this.failChar("illegal rune literal");
      return Token.Illegal;
    }
    if (this.at > this.size) this.at = this.size;
    this.failChar("rune literal not terminated");
    return Token.Illegal;
  }

  private failChar(message: string): void {
    const problem = this.fail(DiagnosticCode.UnexpectedToken, this.start, this.at, message);
    problem.expected = "string literals in double quotes";
    if (this.at > this.start + 1) {
      problem.suggestion = '"' + this.textBetween(this.start + 1, this.at - 1) + '"';
    }
  }

  private unterminated(message: string, expected: string): void {
    this.fail(DiagnosticCode.UnterminatedText, this.start, this.at, message).expected = expected;
  }

  private scanIllegal(): Token {
    const message = "illegal character " + this.runeText(this.at);
    const decoded = decodeRune(this.base + this.at, this.base + this.size);
    this.at += <i32>runeSizeOf(decoded);
    this.fail(DiagnosticCode.UnexpectedSymbol, this.start, this.at, message);
    return Token.Illegal;
  }

  /** The code point at an offset as Go shows it: `U+0022 '"'`. */
  runeText(at: i32): string {
    const decoded = decodeRune(this.base + at, this.base + this.size);
    const shown = this.textBetween(at, at + <i32>runeSizeOf(decoded));
    return "U+" + upperCase(hexText(runeOf(decoded), 4)) + " '" + shown + "'";
  }

  private scanSymbol(byte: i32): Token {
    const next = this.byte(this.at + 1);
    const symbol = symbolOf(byte, next, this.byte(this.at + 2));
    if (symbol == 0) return this.scanIllegal();
    this.at += symbol >> 8;
    return <Token>(symbol & 0xff);
  }
}

function isOperandEnd(kind: Token): bool {
  return (
    (kind >= Token.Identifier && kind <= Token.Text) ||
    kind == Token.RightParenthesis ||
    kind == Token.RightBracket ||
    kind == Token.RightBrace
  );
}

function isDigit(byte: i32): bool {
  return byte >= 48 && byte <= 57;
}

function isHexDigit(byte: i32): bool {
  const lower = byte | 32;
  return isDigit(byte) || (lower >= 97 && lower <= 102);
}

function isAsciiLetter(byte: i32): bool {
  const lower = byte | 32;
  return byte == 95 || (byte < 128 && lower >= 97 && lower <= 122);
}

// Letters of any script may stand in a name; signs that only look like ASCII ones may not.
function isNameRune(rune: u32): bool {
  if (rune < 0xc0 || rune == 0xd7 || rune == 0xf7)
    return rune == 0xaa || rune == 0xb5 || rune == 0xba;
  if (rune >= 0x2000 && rune < 0x2070) return false;
  return !(rune >= 0x3000 && rune < 0x3004) && rune < 0xfe00;
}
