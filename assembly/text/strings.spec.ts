import { doubleText, hexText, lowerCase, replaced, upperCase, wholeNumber } from "./strings";

describe("strings of configuration", () => {
  it("change the case of ASCII letters and of nothing else", () => {
    expect(lowerCase("X-Role@[`{ Ä")).toBe("x-role@[`{ Ä");
    expect(upperCase("x-role@[`{ ä")).toBe("X-ROLE@[`{ ä");
    expect(lowerCase("")).toBe("");
  });

  it("leave the text as it was that is given in another case", () => {
    const text = "Content-Type";
    lowerCase(text);
    expect(text).toBe("Content-Type");
  });

  it("have every occurrence of a part replaced", () => {
    expect(replaced("a/b//c", "/", "~1")).toBe("a~1b~1~1c");
    expect(replaced("plain", "/", "~1")).toBe("plain");
  });

  it("are whole numbers with a sign", () => {
    expect(wholeNumber("0")).toBe(0);
    expect(wholeNumber("-17")).toBe(-17);
    expect(wholeNumber("9223372036854775807")).toBe(i64.MAX_VALUE);
  });

  it("show doubles as JSON does", () => {
    expect(doubleText(2)).toBe("2");
    expect(doubleText(-0.5)).toBe("-0.5");
    expect(doubleText(f64.MAX_VALUE)).toBe("1.7976931348623157e+308");
    expect(doubleText(-f64.MIN_VALUE)).toBe("-5e-324");
    expect(doubleText(-2.2250738585072014e-308)).toBe("-2.2250738585072014e-308");
    expect(doubleText(9.999999999999999e20)).toBe("999999999999999900000");
    expect(doubleText(0.1 + 0.2)).toBe("0.30000000000000004");
  });

  it("are hexadecimal digits, at least as many as asked for", () => {
    expect(hexText(10, 2)).toBe("0a");
    expect(hexText(0x1f600, 4)).toBe("1f600");
  });
});
