// Bytes of an expression → tokens of CEL, one at a time. Knows no grammar and reads no literal's
// value. Cold.

import { DiagnosticCode } from "../../shared/diagnostics";
import { textOf } from "../../memory/literal";
import { Slice, endOf, slice, startOf } from "../../memory/slice";
import { decodeRune, runeSizeOf } from "../../text/utf8";
import { Problem, Problems } from "../problem";
import { CelToken, celSymbolOf } from "./token";

/** Reads tokens from left to right. After `next`, the fields describe the token just read. */
export class CelLexer {
  kind: CelToken = CelToken.End;
  /** Where the token begins and ends, in bytes of the expression. */
  start: i32 = 0;
  end: i32 = 0;
  /** Of Text and Bytes: where what stands between the quotes is, and how to read it. */
  bodyStart: i32 = 0;
  bodyEnd: i32 = 0;
  isRaw: bool = false;
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
    this.skipBlanks();
    this.start = this.at;
    this.kind = this.scan();
    this.end = this.at;
  }

  /** Whether the current token is of this kind. */
  is(kind: CelToken): bool {
    return this.kind == kind;
  }

  /** The token's own text; of a quoted name what stands between the quotes. */
  get text(): string {
    return this.kind == CelToken.QuotedName
      ? this.textBetween(this.start + 1, this.end - 1)
      : this.textBetween(this.start, this.end);
  }

  /** The text between two offsets. */
  textBetween(start: i32, end: i32): string {
    return textOf(slice(this.base + start, end - start));
  }

  /** Records a mistake. */
  fail(code: DiagnosticCode, start: i32, end: i32, expected: string): Problem {
    const found = end > start ? this.textBetween(start, end) : "";
    const problem = this.problems.add(code, start, end, found);
    problem.text = "expected " + expected + ", found '" + found + "'";
    problem.expected = expected;
    return problem;
  }

  /** The byte at an offset; -1 behind the end. */
  byte(at: i32): i32 {
    return at < this.size ? load<u8>(this.base + at) : -1;
  }

  private skipBlanks(): void {
    while (this.at < this.size) {
      const byte = this.byte(this.at);
      if (byte == 32 || (byte >= 9 && byte <= 13 && byte != 11)) {
        this.at++;
      } else if (byte == 47 && this.byte(this.at + 1) == 47) {
        while (this.at < this.size && this.byte(this.at) != 10) this.at++;
      } else {
        return;
      }
    }
  }

  private scan(): CelToken {
    const byte = this.byte(this.at);
    if (byte < 0) return CelToken.End;
    const next = this.byte(this.at + 1);
    if (isDigit(byte) || (byte == 46 && isDigit(next))) return this.scanNumber();
    if (byte == 34 || byte == 39) return this.scanText(0);
    if (isLetter(byte)) {
      const prefix = this.prefixSize(byte | 32, next | 32);
      return prefix > 0 ? this.scanText(prefix) : this.scanName();
    }
    if (byte == 96) return this.scanQuotedName();
    const found = celSymbolOf(byte, next);
    if (found == 0) return this.scanIllegal();
    this.at += found >> 8;
    return <CelToken>(found & 0xff);
  }

  // How many letters stand before the quote of a literal: b, r, br or rb in any letter case.
  private prefixSize(first: i32, second: i32): i32 {
    if (first != 98 && first != 114) return 0;
    if (isQuote(this.byte(this.at + 1))) return 1;
    if (first == second || (second != 98 && second != 114)) return 0;
    return isQuote(this.byte(this.at + 2)) ? 2 : 0;
  }

  private scanName(): CelToken {
    while (isLetter(this.byte(this.at)) || isDigit(this.byte(this.at))) this.at++;
    const isIn =
      this.at - this.start == 2 && this.byte(this.start) == 105 && this.byte(this.start + 1) == 110;
    return isIn ? CelToken.In : CelToken.Identifier;
  }

  private scanQuotedName(): CelToken {
    for (this.at++; this.at < this.size; this.at++) {
      const byte = this.byte(this.at);
      if (byte == 96) {
        this.at++;
        return CelToken.QuotedName;
      }
      const isPart = isLetter(byte) || isDigit(byte) || byte == 32 || (byte >= 45 && byte <= 47);
      if (!isPart) break;
    }
    this.fail(DiagnosticCode.UnterminatedText, this.start, this.at, "a closing backquote");
    return CelToken.Illegal;
  }

  private scanNumber(): CelToken {
    let kind = CelToken.Int;
    if (this.byte(this.at) == 48 && (this.byte(this.at + 1) | 32) == 120) {
      this.at += 2;
      while (isHexDigit(this.byte(this.at))) this.at++;
    } else {
      this.skipDigits();
      if (this.byte(this.at) == 46 && isDigit(this.byte(this.at + 1))) {
        kind = CelToken.Double;
        this.at++;
        this.skipDigits();
      }
      if (this.skipExponent()) kind = CelToken.Double;
    }
    if (kind == CelToken.Int && (this.byte(this.at) | 32) == 117) {
      this.at++;
      return CelToken.Uint;
    }
    return kind;
  }

  private skipExponent(): bool {
    if ((this.byte(this.at) | 32) != 101) return false;
    let digits = this.at + 1;
    if (this.byte(digits) == 43 || this.byte(digits) == 45) digits++;
    if (!isDigit(this.byte(digits))) return false;
    this.at = digits;
    this.skipDigits();
    return true;
  }

  private skipDigits(): void {
    while (isDigit(this.byte(this.at))) this.at++;
  }

  private scanText(prefixSize: i32): CelToken {
    let isBytes = false;
    this.isRaw = false;
    for (let at = 0; at < prefixSize; at++) {
      if ((this.byte(this.at + at) | 32) == 98) isBytes = true;
      else this.isRaw = true;
    }
    this.at += prefixSize;
    const quote = this.byte(this.at);
    const isTriple = this.byte(this.at + 1) == quote && this.byte(this.at + 2) == quote;
    const quotes = isTriple ? 3 : 1;
    this.at += quotes;
    this.bodyStart = this.at;
    for (; this.at < this.size; this.at++) {
      const byte = this.byte(this.at);
      if (!isTriple && (byte == 10 || byte == 13)) break;
      if (byte == 92 && !this.isRaw) {
        this.at++;
      } else if (byte == quote && this.endsHere(quote, isTriple)) {
        this.bodyEnd = this.at;
        this.at += quotes;
        return isBytes ? CelToken.Bytes : CelToken.Text;
      }
    }
    if (this.at > this.size) this.at = this.size;
    this.fail(DiagnosticCode.UnterminatedText, this.start, this.at, "a closing quote");
    return CelToken.Illegal;
  }

  private endsHere(quote: i32, isTriple: bool): bool {
    if (!isTriple) return true;
    return this.byte(this.at + 1) == quote && this.byte(this.at + 2) == quote;
  }

  private scanIllegal(): CelToken {
    this.at += <i32>runeSizeOf(decodeRune(this.base + this.at, this.base + this.size));
    this.fail(DiagnosticCode.UnexpectedSymbol, this.start, this.at, "a token of CEL");
    return CelToken.Illegal;
  }
}

function isQuote(byte: i32): bool {
  return byte == 34 || byte == 39;
}

function isDigit(byte: i32): bool {
  return byte >= 48 && byte <= 57;
}

function isHexDigit(byte: i32): bool {
  const lower = byte | 32;
  return isDigit(byte) || (lower >= 97 && lower <= 102);
}

function isLetter(byte: i32): bool {
  const lower = byte | 32;
  return byte == 95 || (byte < 128 && lower >= 97 && lower <= 122);
}
