// Credentials in cookies and query parameters: one is read, two are told apart from one.

import { literal, textOf } from "../memory/literal";
import { isPresent } from "../memory/slice";
import { cookieCredential, queryCredential, withoutCookie } from "./credential-text";

function query(path: string): string {
  const found = queryCredential(literal(path), literal("k"));
  return isPresent(found) ? textOf(found) : "absent";
}

function cookie(cookies: string): string {
  const found = cookieCredential(literal(cookies), literal("k"));
  return isPresent(found) ? textOf(found) : "absent";
}

function rest(cookies: string): string {
  return textOf(withoutCookie(literal(cookies), literal("k")));
}

describe("a credential in the query", () => {
  it("is read decoded", () => {
    expect(query("/?k=a")).toBe("a");
    expect(query("/?x=1&k=a%2Bb+c&y=2")).toBe("a+b c");
    expect(query("/?k")).toBe("");
    expect(query("/?k=")).toBe("");
    expect(query("/?kk=a&xk=b")).toBe("absent");
    expect(query("/k=a")).toBe("absent");
    expect(query("")).toBe("absent");
  });

  it("reads as two when it is given twice, be one of them empty", () => {
    expect(query("/?k=a&k=b&k=c")).toBe("a,b");
    expect(query("/?k&k=b")).toBe(",b");
    expect(query("/?k=&k=b")).toBe(",b");
    expect(query("/?k=a&%6B")).toBe("a,");
    expect(query("/?k=a&&k=b#k=c")).toBe("a,b");
  });
});

describe("a credential in a cookie", () => {
  it("is read without quotes", () => {
    expect(cookie("k=a")).toBe("a");
    expect(cookie('x=1; k="a b"; y=2')).toBe("a b");
    expect(cookie("k=")).toBe("");
    expect(cookie("kk=a; xk=b")).toBe("absent");
    expect(cookie("k")).toBe("absent");
    expect(cookie("")).toBe("absent");
  });

  it("reads as two when it is given twice, be one of them empty", () => {
    expect(cookie("k=a; k=b; k=c")).toBe("a,b");
    expect(cookie("k=; k=b")).toBe(",b");
    expect(cookie('k="a";k=')).toBe("a,");
  });

  it("can be taken out, wherever it stands", () => {
    expect(rest("k=a")).toBe("");
    expect(rest("k=a; x=1")).toBe("x=1");
    expect(rest("x=1; k=a")).toBe("x=1");
    expect(rest("x=1; k=a; y=2")).toBe("x=1; y=2");
    expect(rest("x=1;k=a;k=b;;y=2; k=")).toBe("x=1; y=2");
    expect(rest("kk=1; xk=2")).toBe("kk=1; xk=2");
    expect(rest("; ;")).toBe("");
    expect(rest("")).toBe("");
  });
});
