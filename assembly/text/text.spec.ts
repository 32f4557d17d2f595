// Numbers, durations, times, addresses, networks, UTF-8, JSON, URIs, lower case: tables of what Go
// reads and prints. The large comparisons run in test/fuzz/text-values.test.ts.

import { resetArena } from "../memory/arena";
import { literal, textOf } from "../memory/literal";
import { Slice, isPresent, slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import {
  CIDR_SIZE_BYTES,
  cidrContains,
  equalIp,
  hostOf,
  parseCidr,
  parseHostPort,
  parseIp,
  portOf,
  writeIp,
} from "./address";
import { parseDuration, writeDuration } from "./duration";
import { toLower } from "./fold";
import { matchesGlob } from "./glob";
import { writeJsonText } from "./json";
import { parseDouble, parseGoInt, parseInt64, writeDouble, writeJsonDouble } from "./number";
import { parseTimestamp, writeTimestamp } from "./timestamp";
import { decodeQuery, pathOf, queryOf, queryPairs, queryValue } from "./uri";
import { isUtf8, runeCount, truncateUtf8 } from "./utf8";

const CELL: usize = memory.data(64, 8);
const OTHER: usize = memory.data(64, 8);
const OUT: usize = memory.data(512, 8);
const out = new Writer();

function bytes(values: u8[]): Slice {
  const copy = heap.alloc(values.length);
  memory.copy(copy, values.dataStart, values.length);
  return slice(copy, values.length);
}

function written(): string {
  return textOf(out.written);
}

function begin(): void {
  resetArena();
  out.open(OUT, 512);
}

function shown(value: Slice): string {
  return isPresent(value) ? textOf(value) : "absent";
}

function int(text: string): string {
  return parseInt64(literal(text), CELL) ? load<i64>(CELL).toString() : "no";
}

function goInt(text: string): string {
  return parseGoInt(literal(text), CELL) ? load<i64>(CELL).toString() : "no";
}

function double(text: string): string {
  begin();
  if (!parseDouble(literal(text), CELL)) return "no";
  writeDouble(out, load<f64>(CELL));
  return written();
}

function jsonDouble(value: f64): string {
  begin();
  writeJsonDouble(out, value);
  return written();
}

function duration(text: string): string {
  begin();
  if (!parseDuration(literal(text), CELL)) return "no";
  writeDuration(out, load<i64>(CELL));
  return written();
}

function time(text: string): string {
  begin();
  if (!parseTimestamp(literal(text), CELL, CELL + 8)) return "no";
  writeTimestamp(out, load<i64>(CELL), load<u32>(CELL, 8));
  return written();
}

function ip(text: string): string {
  begin();
  const size = parseIp(literal(text), CELL);
  if (size == 0) return "no";
  writeIp(out, slice(CELL, size));
  return written();
}

function inside(network: string, address: string): string {
  if (!parseCidr(literal(network), CELL)) return "no network";
  const at = CELL + CIDR_SIZE_BYTES;
  const size = parseIp(literal(address), at);
  return size == 0 ? "no address" : cidrContains(CELL, slice(at, size)) ? "inside" : "outside";
}

function json(text: Slice): string {
  begin();
  writeJsonText(out, text);
  return written();
}

function parameter(query: string, name: string): string {
  resetArena();
  return shown(queryValue(literal(query), literal(name)));
}

// Rows of input and answer, compared one by one so that a failure names its row.
function check(rows: string[], answer: (text: string) => string): void {
  for (let row = 0; row < rows.length; row += 2) {
    expect(answer(rows[row])).toBe(rows[row + 1], rows[row]);
  }
}

describe("numbers", () => {
  it("reads decimal integers of 64 bits and nothing else", () => {
    check(
      ["0", "0", "-0", "0", "+7", "7", "007", "7", "9223372036854775807", "9223372036854775807"],
      int,
    );
    check(["-9223372036854775808", "-9223372036854775808", "9223372036854775808", "no"], int);
    check(["", "no", "-", "no", "1_0", "no", "0x1", "no", " 1", "no", "1.", "no"], int);
  });

  it("reads the integer literals of Go", () => {
    check(["0x1F", "31", "0b101", "5", "0o17", "15", "017", "15", "1_000", "1000"], goInt);
    check(["0x_1", "1", "-0x8000000000000000", "-9223372036854775808"], goInt);
    check(["08", "no", "0x", "no", "1__0", "no", "_1", "no", "1_", "no", "0x1g", "no"], goInt);
  });

  it("rounds doubles to the nearest, ties to even", () => {
    check(
      ["9007199254740993", "9.007199254740992e+15", "1e23", "1e+23", "8.5e22", "8.5e+22"],
      double,
    );
    check(["2.4703282292062327e-324", "0", "2.4703282292062328e-324", "5e-324"], double);
    check(["1.00000000000000011102230246251565404", "1", "0.1", "0.1", ".5", "0.5"], double);
    check(["1.7976931348623157e308", "1.7976931348623157e+308", "1e309", "no"], double);
    check(["1e-400", "0", "-0", "-0", "inf", "+Inf", "-Infinity", "-Inf", "NaN", "NaN"], double);
    check(["", "no", ".", "no", "1e", "no", "1e+", "no", "0x1p3", "no", "1_0", "no"], double);
  });

  it("prints doubles with the fewest digits in both forms", () => {
    check(["100000", "100000", "1000000", "1e+06", "1234567", "1.234567e+06"], double);
    check(["0.0001", "0.0001", "0.00001", "1e-05", "123456.75", "123456.75"], double);
    expect(jsonDouble(1e20)).toBe("100000000000000000000");
    expect(jsonDouble(1e21)).toBe("1e+21");
    expect(jsonDouble(0.000001)).toBe("0.000001");
    expect(jsonDouble(1.5e-7)).toBe("1.5e-7");
    expect(jsonDouble(0)).toBe("0");
    expect(jsonDouble(NaN)).toBe('"NaN"');
    expect(jsonDouble(-Infinity)).toBe('"-Infinity"');
  });
});

describe("durations and times", () => {
  it("reads and prints durations as Go does", () => {
    check(
      ["1h2m", "1h2m0s", "-1.5s", "-1.5s", "250ms", "250ms", "0", "0s", "+5us", "5µs"],
      duration,
    );
    check(["1µs", "1µs", "1μs", "1µs", ".5m", "30s", "5.h", "5h0m0s", "1ns", "1ns"], duration);
    check(["1h1h", "2h0m0s", "1500ms", "1.5s", "999999ns", "999.999µs"], duration);
    const least = "-2562047h47m16.854775808s";
    check([least, least], duration);
  });

  it("refuses what Go refuses as a duration", () => {
    check(["", "no", "1", "no", "s", "no", ".s", "no", "1x", "no", "1h-2m", "no"], duration);
    check(["9223372036854775808ns", "no", "2562048h", "no", "1 s", "no", "-", "no"], duration);
  });

  it("reads RFC 3339 and prints it in UTC", () => {
    check(["2006-01-02T15:04:05Z", "2006-01-02T15:04:05Z"], time);
    check(["2006-01-02T15:04:05.120+07:00", "2006-01-02T08:04:05.12Z"], time);
    check(["1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"], time);
    check(["2000-02-29T0:00:00-23:59", "2000-02-29T23:59:00Z"], time);
    check(["0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"], time);
  });

  it("refuses days and clock times that do not exist", () => {
    check(["2001-02-29T00:00:00Z", "no", "1900-02-29T00:00:00Z", "no"], time);
    check(["2006-13-01T00:00:00Z", "no", "2006-01-02T24:00:00Z", "no"], time);
    check(["2006-01-02T15:04:60Z", "no", "2006-01-02T15:04:05", "no", "2006-01-02", "no"], time);
  });
});

describe("addresses", () => {
  it("reads and prints IP addresses as Go does", () => {
    check(["1.2.3.4", "1.2.3.4", "::", "::", "::1", "::1", "2001:DB8::1", "2001:db8::1"], ip);
    check(["::ffff:1.2.3.4", "1.2.3.4", "1:0:0:2:0:0:0:3", "1:0:0:2::3"], ip);
    check(["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", "0:0:1:0:0:0:0:0", "0:0:1::"], ip);
  });

  it("refuses zones, leading zeros and wrong counts", () => {
    check(["fe80::1%eth0", "no", "01.2.3.4", "no", "1.2.3", "no", "1.2.3.256", "no"], ip);
    check(["1::2::3", "no", ":1", "no", "1:", "no", "1:2:3:4:5:6:7::8", "no", "12345::", "no"], ip);
  });

  it("takes an IPv4 address and the same one written as IPv6 for equal", () => {
    const first = parseIp(literal("10.0.0.1"), CELL);
    const second = parseIp(literal("::ffff:10.0.0.1"), OTHER);
    expect(equalIp(slice(CELL, first), slice(OTHER, second))).toBe(true);
    expect(equalIp(slice(CELL, first), slice(CELL, 3))).toBe(false);
  });

  it("knows which addresses lie in a network", () => {
    expect(inside("10.0.0.0/8", "10.255.0.1")).toBe("inside");
    expect(inside("10.0.0.0/8", "::ffff:10.1.1.1")).toBe("inside");
    expect(inside("::ffff:10.0.0.0/104", "10.1.1.1")).toBe("inside");
    expect(inside("10.1.2.3", "10.1.2.4")).toBe("outside");
    expect(inside("2001:db8::/33", "2001:db8:8000::1")).toBe("outside");
    expect(inside("0.0.0.0/0", "::1")).toBe("outside");
    expect(inside("::/0", "1.2.3.4")).toBe("outside");
    expect(inside("::/0", "fe80::1")).toBe("inside");
    expect(inside("1.2.3.4/33", "1.2.3.4")).toBe("no network");
    expect(inside("1.2.3.4/", "1.2.3.4")).toBe("no network");
  });

  it("splits host and port, and leaves Unix sockets alone", () => {
    expect(parseHostPort(literal("1.2.3.4:80"), CELL)).toBe(4);
    expect(load<u32>(CELL, 16)).toBe(80);
    expect(parseHostPort(literal("[::1]:8080"), CELL)).toBe(16);
    expect(load<u32>(CELL, 16)).toBe(8080);
    expect(parseHostPort(literal("/run/envoy.sock"), CELL)).toBe(0);
    expect(parseHostPort(literal("1.2.3.4:65536"), CELL)).toBe(0);
    expect(shown(hostOf(literal("example.com:443")))).toBe("example.com");
    expect(shown(hostOf(literal("::1")))).toBe("::1");
    expect(portOf(literal("example.com"))).toBe(-1);
    expect(portOf(literal("[::1]x"))).toBe(-2);
  });
});

describe("text", () => {
  it("counts a byte that is no UTF-8 as one code point", () => {
    expect(isUtf8(literal("aé世𐐀"))).toBe(true);
    expect(isUtf8(bytes([0xed, 0xa0, 0x80]))).toBe(false);
    expect(isUtf8(bytes([0xc0, 0x80]))).toBe(false);
    expect(isUtf8(bytes([0xf4, 0x90, 0x80, 0x80]))).toBe(false);
    expect(runeCount(literal("aé世𐐀"))).toBe(4);
    expect(runeCount(bytes([0xe2, 0x82, 0x41]))).toBe(3);
  });

  it("cuts no code point in two", () => {
    expect(textOf(truncateUtf8(literal("aé世"), 2))).toBe("a");
    expect(textOf(truncateUtf8(literal("aé世"), 3))).toBe("aé");
    expect(textOf(truncateUtf8(literal("aé世"), 5))).toBe("aé");
    expect(textOf(truncateUtf8(literal("aé世"), 6))).toBe("aé世");
  });

  it("matches one star at an end of the pattern", () => {
    expect(matchesGlob(literal("ns1.svc"), literal("ns1.*"))).toBe(true);
    expect(matchesGlob(literal("ns1.svc"), literal("*.svc"))).toBe(true);
    expect(matchesGlob(literal("ns1.svc"), literal("*"))).toBe(true);
    expect(matchesGlob(literal("ns1.svc"), literal("ns1*svc"))).toBe(false);
    expect(matchesGlob(literal("*x"), literal("*x*"))).toBe(true);
    expect(matchesGlob(literal(""), literal(""))).toBe(true);
  });

  it("keeps JSON on one line and valid whatever the bytes", () => {
    expect(json(literal('a"b\\c\n\t\u0001/é'))).toBe('"a\\"b\\\\c\\n\\t\\u0001/é"');
    expect(json(literal("\u2028\u2029\u0085"))).toBe('"\\u2028\\u2029\\u0085"');
    expect(json(bytes([0x61, 0xff, 0xe2, 0x82]))).toBe('"a\ufffd\ufffd\ufffd"');
  });

  it("reads path, query and parameters", () => {
    expect(shown(pathOf(literal("/a/b?c=d#e")))).toBe("/a/b");
    expect(shown(queryOf(literal("/a/b?c=d?x#e")))).toBe("c=d?x");
    expect(shown(queryOf(literal("/a#b?c=d")))).toBe("absent");
    expect(parameter("a=1&b=%32+%zz&a=3", "a")).toBe("1");
    expect(parameter("a=1&b=%32+%zz", "b")).toBe("2 %zz");
    expect(parameter("%61b=x&c", "ab")).toBe("x");
    expect(parameter("%61b=x&c", "c")).toBe("");
    expect(parameter("a=1", "d")).toBe("absent");
    const pairs = queryPairs(literal("a=1&&b=%33"));
    expect(load<u32>(<usize>(<u32>pairs))).toBe(2);
    expect(shown(decodeQuery(literal("%e4%B8%96")))).toBe("世");
  });

  it("lowers letters of every script and copies only what changes", () => {
    const plain = literal("plain-text/42é");
    expect(toLower(plain)).toBe(plain);
    expect(textOf(toLower(literal("HELLO")))).toBe("hello");
    expect(textOf(toLower(literal("ÀÉΣЖԱႠẞĀ𐐀")))).toBe("àéσжաⴀßā𐐨");
    expect(textOf(toLower(literal("xİ")))).toBe("xi");
    expect(textOf(toLower(literal("Ⱥ")))).toBe("ⱥ");
    expect(textOf(toLower(bytes([0x41, 0xff])))).toBe("a\ufffd");
  });
});
