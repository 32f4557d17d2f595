// Base64 and HMAC-SHA-256: what the RFCs give as examples, and what is refused.

import { resetArena } from "../memory/arena";
import { literal, textOf } from "../memory/literal";
import { ABSENT, slice } from "../memory/slice";
import { decodeBase64 } from "./base64";
import { hmacSha256 } from "./hmac";
import { partOf, separatorCount } from "./split";

const CODE: usize = memory.data(32, 8);

function decoded(text: string): string {
  resetArena();
  return textOf(decodeBase64(literal(text)));
}

function isRefused(text: string): bool {
  resetArena();
  return decodeBase64(literal(text)) == ABSENT;
}

// The first four bytes of the code, as digits.
function code(key: string, text: string): string {
  hmacSha256(literal(key), literal(text), CODE);
  return bswap(load<u32>(CODE)).toString(16);
}

describe("base64", () => {
  it("gives the examples of RFC 4648", () => {
    expect(decoded("")).toBe("");
    expect(decoded("Zg==")).toBe("f");
    expect(decoded("Zm8=")).toBe("fo");
    expect(decoded("Zm9v")).toBe("foo");
    expect(decoded("Zm9vYmFy")).toBe("foobar");
  });

  it("needs no padding and knows both alphabets", () => {
    expect(decoded("Zg")).toBe("f");
    expect(decoded("8J-YgA")).toBe("😀");
    expect(decoded("8J+YgA==")).toBe("😀");
  });

  it("refuses a digit too many, wrong padding, bits left over and anything else", () => {
    expect(isRefused("Zm9vY")).toBeTruthy("a digit too many");
    expect(isRefused("Zg=")).toBeTruthy("half of the padding");
    expect(isRefused("=Zg=")).toBeTruthy("padding in front");
    expect(isRefused("====")).toBeTruthy("padding alone");
    expect(isRefused("Zh==")).toBeTruthy("bits left over");
    expect(isRefused("Zm 9v")).toBeTruthy("a blank");
    expect(isRefused("Zm9v\n")).toBeTruthy("a line feed");
  });
});

describe("HMAC-SHA-256", () => {
  it("gives the examples of RFC 4231", () => {
    expect(code("Jefe", "what do ya want for nothing?")).toBe("5bdcc146");
    expect(code("\x0b".repeat(20), "Hi There")).toBe("b0344c61");
  });

  it("hashes a key that is longer than a block", () => {
    expect(code("k".repeat(64), "text")).not.toBe(code("k".repeat(65), "text"));
  });
});

describe("parts between separators", () => {
  it("are counted from 0", () => {
    const text = literal("a, b, c");
    expect(textOf(partOf(text, literal(", "), 1))).toBe("b");
    expect(textOf(partOf(text, literal(", "), 3))).toBe("");
    expect(textOf(partOf(text, literal(", "), -1))).toBe("");
    expect(separatorCount(text, literal(", "))).toBe(2);
  });

  it("are the whole text where nothing separates", () => {
    expect(textOf(partOf(literal("abc"), literal(""), 0))).toBe("abc");
    expect(textOf(partOf(slice(0, 0), literal(","), 0))).toBe("");
  });
});
