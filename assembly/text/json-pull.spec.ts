// JSON of others: what is grammatical is told as it is, and a mistake anywhere is a mistake of the
// whole.

import { resetArena } from "../memory/arena";
import { literal, textOf } from "../memory/literal";
import { isPresent } from "../memory/slice";
import { JsonKind, JsonPull } from "./json-pull";

const pull = new JsonPull();

function open(text: string): void {
  resetArena();
  pull.open(literal(text));
}

function isWhole(text: string): bool {
  open(text);
  pull.skip();
  return pull.isWhole;
}

function text(json: string): string {
  open(json);
  const taken = pull.text();
  return isPresent(taken) ? textOf(taken) : "none";
}

function integer(json: string): i64 {
  open(json);
  return pull.integer(-1);
}

describe("an answer in JSON", () => {
  it("is walked member by member", () => {
    open(' { "result" : { "allow" : true , "why" : "no" } , "n" : [ 1 , 2 ] } ');
    expect(pull.kind() == JsonKind.Object).toBe(true);
    pull.enter();
    expect(pull.nextMember()).toBe(true);
    expect(pull.isKey(literal("result"))).toBe(true);
    pull.enter();
    expect(pull.nextMember()).toBe(true);
    expect(pull.kind() == JsonKind.True).toBe(true);
    pull.skip();
    expect(pull.nextMember()).toBe(true);
    expect(textOf(pull.text())).toBe("no");
    expect(pull.nextMember()).toBe(false);
    expect(pull.nextMember()).toBe(true);
    pull.enter();
    expect(pull.nextItem()).toBe(true);
    expect(pull.integer(0)).toBe(1);
    expect(pull.nextItem()).toBe(true);
    expect(pull.integer(0)).toBe(2);
    expect(pull.nextItem()).toBe(false);
    expect(pull.nextMember()).toBe(false);
    expect(pull.isWhole).toBe(true);
  });

  it("has texts with escapes", () => {
    expect(text('"a\\"\\\\\\/\\b\\f\\n\\r\\t"')).toBe('a"\\/\b\f\n\r\t');
    expect(text('"\\u0041\\u00e9\\ud83d\\ude00"')).toBe("Aé😀");
    expect(text('""')).toBe("");
    expect(text("1")).toBe("none");
  });

  it("has integers up to 2^53, also written as doubles", () => {
    expect(integer("9007199254740992")).toBe(9007199254740992);
    expect(integer("9007199254740994")).toBe(-1);
    expect(integer("4.23e2")).toBe(423);
    expect(integer("1.5")).toBe(-1);
    expect(integer("true")).toBe(-1);
  });

  it("may be nested 64 deep, and no deeper", () => {
    expect(isWhole("[".repeat(64) + "]".repeat(64))).toBe(true);
    expect(isWhole("[".repeat(65) + "]".repeat(65))).toBe(false);
    expect(isWhole("[".repeat(100000))).toBe(false);
  });
});

describe("what is no JSON", () => {
  it("is broken where it is cut", () => {
    const whole = '{"a":[1,"b\\u0041",true,false,null]}';
    for (let size = 0; size < whole.length; size++) {
      expect(isWhole(whole.substring(0, size))).toBe(false, whole.substring(0, size));
    }
    expect(isWhole(whole)).toBe(true);
  });

  it("is broken by what follows the value", () => {
    expect(isWhole("{}{}")).toBe(false);
    expect(isWhole("1 x")).toBe(false);
    expect(isWhole(" 1 \n")).toBe(true);
  });

  it("is broken by commas too many or too few", () => {
    expect(isWhole("[1,]")).toBe(false);
    expect(isWhole("[,1]")).toBe(false);
    expect(isWhole("[1 2]")).toBe(false);
    expect(isWhole('{"a":1,}')).toBe(false);
    expect(isWhole('{"a" 1}')).toBe(false);
    expect(isWhole("{1:1}")).toBe(false);
    expect(isWhole("[1}")).toBe(false);
  });

  it("is broken by numbers that JSON does not have", () => {
    const wrong = ["01", "+1", ".5", "1.", "1e", "1e+", "-", "--1", "0x1", "NaN", "1_0"];
    for (let at = 0; at < wrong.length; at++) expect(isWhole(wrong[at])).toBe(false, wrong[at]);
  });

  it("is broken by texts that JSON does not have", () => {
    expect(isWhole('"a\nb"')).toBe(false);
    expect(isWhole('"\\x"')).toBe(false);
    expect(isWhole('"\\u12g4"')).toBe(false);
    expect(isWhole('"\\u12')).toBe(false);
    expect(isWhole('"\\')).toBe(false);
    expect(isWhole("'a'")).toBe(false);
  });

  it("is broken by half a surrogate pair", () => {
    expect(isWhole('"\\ud83d"')).toBe(false);
    expect(isWhole('"\\ude00"')).toBe(false);
    expect(isWhole('"\\ud83d\\u0041"')).toBe(false);
  });
});
