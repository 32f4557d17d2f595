// Regular expressions: what RE2's syntax means, what is refused, and that bounds hold. Random
// patterns run in test/fuzz/text-regexp.test.ts.

import { resetArena } from "../../memory/arena";
import { literal } from "../../memory/literal";
import { Region } from "../../memory/region";
import { Slice, slice } from "../../memory/slice";
import { Pattern, compilePattern, patternError, patternErrorAt } from "./compile";
import { matchesText } from "./dynamic";
import { matchesPattern } from "./match";
import { PatternKind } from "./pattern";
import { visitCountForTest } from "./state";

const region = new Region();

function bytes(values: u8[]): Slice {
  const copy = heap.alloc(values.length);
  memory.copy(copy, values.dataStart, values.length);
  return slice(copy, values.length);
}

function compiled(text: string): Pattern {
  resetArena();
  region.free();
  const pattern = compilePattern(literal(text), region);
  assert(pattern != null, text + ": " + patternError());
  return pattern!;
}

// Rows of pattern, subjects that match (separated by `~`), subjects that do not.
function check(rows: string[]): void {
  for (let row = 0; row < rows.length; row += 3) {
    const pattern = compiled(rows[row]);
    checkSubjects(pattern, rows[row], rows[row + 1], true);
    checkSubjects(pattern, rows[row], rows[row + 2], false);
  }
}

function checkSubjects(pattern: Pattern, text: string, subjects: string, expected: bool): void {
  if (subjects == "") return;
  const parts = subjects.split("~");
  for (let index = 0; index < parts.length; index++) {
    const subject = literal(parts[index]);
    const name = text + " on " + parts[index];
    expect(matchesPattern(pattern, subject)).toBe(expected, name);
    expect(matchesText(literal(text), subject)).toBe(expected ? 1 : 0, name + ", at run time");
  }
}

function problem(text: string): string {
  resetArena();
  region.free();
  const pattern = compilePattern(literal(text), region);
  return pattern != null ? "none" : patternErrorAt().toString() + ": " + patternError();
}

function says(text: string, part: string): void {
  const said = problem(text);
  expect(said.includes(part)).toBe(true, text.substring(0, 40) + " says " + said);
}

function repeated(text: string, count: i32): string {
  return text.repeat(count);
}

describe("regular expressions", () => {
  it("match anywhere, at the beginning, at the end or as a whole", () => {
    check(["b", "b~abc", "a~"]);
    check(["^b", "b~bc", "ab~"]);
    check(["b$", "b~ab", "bc~b\n"]);
    check(["^b$", "b", "ab~bc~"]);
    check(["", "~a", ""]);
    check(["^$", "", "a"]);
    check(["\\Ab\\z", "b", "b\n"]);
    check(["a|^b|c$", "xax~bx~xc", "xb~cx"]);
  });

  it("repeat what stands before", () => {
    check(["^ab*c$", "ac~abbbc", "ab"]);
    check(["^ab+c$", "abc", "ac"]);
    check(["^ab?c$", "ac~abc", "abbc"]);
    check(["^(ab){2,3}$", "abab~ababab", "ab~abababab"]);
    check(["^(ab){2}$", "abab", "ab~ababab"]);
    check(["^(a|b){2,}?$", "ab~abba", "a"]);
    check(["^a{0}b$", "b", "ab"]);
    check(["(?:^x$){0}a", "bab", "b"]);
    check(["^a{0,2}b$", "b~aab", "aaab"]);
    check(["^(a*)*$", "~aaa", "ab"]);
    check(["^(a|())*b$", "b~aab", "a"]);
    check(["^a{,2}{$", "a{,2}{", "aa"]);
  });

  it("know classes", () => {
    check(["^[a-c]+$", "abc", "abd"]);
    check(["^[^a-c]+$", "xyz\n~é", "xa"]);
    check(["^[]a-]+$", "]a-", "b"]);
    check(["^[\\d_]+$", "12_", "a"]);
    check(["^[[:alpha:]]+[[:^alpha:]]$", "abc1~a-", "1~abc"]);
    check(["^\\w\\W\\s\\S\\d\\D$", "a- b1c", "a-_b1c"]);
    check(["^.$", "a~é~世", "\n~ab"]);
    check(["^(?s).$", "\n", "ab"]);
    check(["^\\x41\\x{e9}\\101\\n\\.$", "AéA\n.", "AeA\n."]);
    check(["^\\Qa.b*\\E+$", "a.b**", "axb"]);
  });

  it("know Unicode", () => {
    check(["^\\pL+$", "aéЖ世", "a1"]);
    check(["^\\p{Lu}\\p{Ll}$", "Éé~Жж", "éÉ"]);
    check(["^\\p{Greek}\\P{Greek}$", "αa", "aα"]);
    check(["^\\p{^Latin}\\p{Cyrillic}\\p{Han}\\pN$", "жж世٣", "aж世٣"]);
    check(["^[α-ω]$", "λ", "Λ~a"]);
    check(["^é{2}$", "éé", "é"]);
  });

  it("ignore case where told to", () => {
    check(["(?i)^straße$", "STRAßE~straẞe", "strasse"]);
    check(["(?i)^k$", "k~K~\u212a", "l"]);
    check(["(?i)^[^s]$", "t", "s~S~ſ"]);
    check(["^(?i:a)b$", "Ab~ab", "AB"]);
    check(["^a(?i)b(?-i)c$", "aBc", "Abc~abC"]);
    check(["(?i)^σ+$", "ΣσςΣ", "τ"]);
  });

  it("hold assertions at the places between code points", () => {
    check(["\\bfoo\\b", "foo~a foo b~é foo é~éfoo", "foobar~_foo"]);
    check(["\\Boo", "foo", "oo~ oo"]);
    check(["\\B", "~ab~é", "a"]);
    check(["(?m)^b$", "a\nb\nc~b", "ab"]);
    check(["(?m)a$\n^b", "a\nb", "ab"]);
    check(["x*$^y", "", "xy"]);
  });

  it("take groups with names and without", () => {
    check(["^(?P<year>\\d+)-(?<month>\\d+)$", "2006-01", "2006"]);
    check(["^(?:ab|c(d|e))+$", "abcdce", "abc"]);
  });

  it("count each byte that is no UTF-8 as U+FFFD", () => {
    expect(matchesPattern(compiled("^.$"), bytes([0xff]))).toBe(true);
    expect(matchesPattern(compiled("^..$"), bytes([0xe2, 0x82]))).toBe(true);
    expect(matchesPattern(compiled("^[^a]{2}$"), bytes([0xc3, 0xa9]))).toBe(false);
    expect(matchesPattern(compiled("^\ufffd$"), bytes([0x80]))).toBe(true);
    expect(matchesPattern(compiled("^\\w$"), bytes([0x80]))).toBe(false);
    expect(matchesPattern(compiled("é"), bytes([0xe2, 0xc3, 0xa9]))).toBe(true);
  });

  it("are searched for as bytes when they are literals", () => {
    expect(compiled("a\\.b").kind).toBe(PatternKind.Contains);
    expect(compiled("^/api/").kind).toBe(PatternKind.Prefix);
    expect(compiled("[.]html$").kind).toBe(PatternKind.Suffix);
    expect(compiled("^GET$").kind).toBe(PatternKind.Whole);
    expect(compiled("a.b").kind).toBe(PatternKind.Automaton);
  });
});

describe("wrong patterns", () => {
  it("are refused with the place and the reason", () => {
    expect(problem("a**")).toBe("2: a repetition is repeated; put the inner one into `(?:…)`");
    says("ab|*", "3: nothing stands before this repetition");
    expect(problem("x[a-z")).toBe("1: `[` has no `]`");
    expect(problem("a(b")).toBe("1: `(` has no `)`");
    expect(problem("ab)")).toBe("2: `)` has no `(`");
    says("a\\", "1: `\\` at the end");
    expect(problem("a\\y")).toBe("1: RE2's syntax has no such escape");
    says("(a)\\1", "3: back-references are not supported");
    says("(?=a)", "0: look-around is not supported");
    says("(?<!a)", "0: look-around is not supported");
    says("(?x)a", "0: `(?` is followed by");
    says("(?P<a b>c)", "0: a group's name");
    says("[z-a]", "1: the end of the range");
    says("[[:foo:]]", "1: there is no such class");
    says("\\p{Zs}", "0: of Unicode only");
    says("\\x{110000}", "0: this is no code point");
    says("a{2,1}", "1: repetition counts");
  });

  it("are refused at their bounds", () => {
    expect(problem("a{1000}")).toBe("none");
    says("a{1001}", "1: repetition counts");
    expect(problem("(a{10}){100}")).toBe("none");
    says("(a{10}){101}", "repetition counts");
    expect(problem("[ab]{1000}" + repeated("[cd]{1000}", 8))).toBe("none");
    says(repeated("[ab]{1000}", 10), "more than 10000 instructions");
    expect(problem(repeated("(", 200) + repeated(")", 200))).toBe("none");
    says(repeated("(", 201) + repeated(")", 201), "more than 200 deep");
    says(repeated("a", 65537), "longer than 65536 bytes");
    says(repeated("\\pL", 100), "more than 20000 ranges");
  });

  it("answer −1 at run time", () => {
    resetArena();
    expect(matchesText(literal("("), literal("a"))).toBe(-1);
    expect(matchesText(literal(repeated("a", 1025)), literal("a"))).toBe(-1);
  });
});

describe("the time to match", () => {
  it("is linear for patterns that ruin backtracking", () => {
    checkVisits("(a+)+$", repeated("a", 5000) + "b");
    checkVisits("(a|aa)+$", repeated("a", 5000) + "b");
    checkVisits("(x+x+)+y", repeated("x", 5000));
    checkVisits("(.*)(.*)(.*)(.*)(.*)[^a]$", repeated("a", 5000));
  });

  it("stays bounded by program and subject when no state is met twice", () => {
    const subject = repeated("abbababaabbbabaabab", 100);
    const pattern = compiled("[ab]*a[ab]{500}c");
    const before = visitCountForTest();
    expect(matchesPattern(pattern, literal(subject))).toBe(false);
    const visits = visitCountForTest() - before;
    expect(visits).toBeLessThan(<u64>(subject.length * pattern.codeCount * 3));
  });
});

// Few states are made for these, so the visits do not even grow with the subject.
function checkVisits(text: string, subject: string): void {
  const pattern = compiled(text);
  const before = visitCountForTest();
  expect(matchesPattern(pattern, literal(subject))).toBe(false, text);
  expect(visitCountForTest() - before).toBeLessThan(<u64>2000, text);
}
