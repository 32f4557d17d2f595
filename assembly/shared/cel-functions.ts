// The functions and operators of CEL, as docs/decisions/0012-cel.md has them: the one table from
// which the checker and the reference page work. Compiled by asc and by tsc; imports nothing. A row
// is `name|style|overloads`; the comment above it is its reference entry, with examples
// `expression → result` that are run as tests.

/** Functions of CEL by their row. */
export const enum CelFunction {
  None = -1,
  Add = 0,
  Subtract = 1,
  Multiply = 2,
  Divide = 3,
  Remainder = 4,
  Negate = 5,
  Not = 6,
  Equal = 7,
  NotEqual = 8,
  Less = 9,
  LessOrEqual = 10,
  Greater = 11,
  GreaterOrEqual = 12,
  In = 13,
  Index = 14,
  Size = 15,
  StartsWith = 16,
  EndsWith = 17,
  Contains = 18,
  Matches = 19,
  GetFullYear = 20,
  GetMonth = 21,
  GetDate = 22,
  GetDayOfMonth = 23,
  GetDayOfWeek = 24,
  GetDayOfYear = 25,
  GetHours = 26,
  GetMinutes = 27,
  GetSeconds = 28,
  GetMilliseconds = 29,
  Int = 30,
  Uint = 31,
  Double = 32,
  String = 33,
  Bytes = 34,
  Bool = 35,
  Duration = 36,
  Timestamp = 37,
  Type = 38,
  Dyn = 39,
  Ip = 40,
  DnsName = 41,
  Email = 42,
  Uri = 43,
  Match = 44,
  ToLower = 45,
  Json = 46,
}

/**
 * One row for each function, in the order of CelFunction. style: o operator, f function, m method,
 * b both. overloads: a letter for each operand and one for the result: i int, u uint, d double, s
 * string, y bytes, b bool, l list, m map, r duration, t timestamp, T type, p IP address, h DNS
 * name, e e-mail address, w URI, * any.
 */
export const CEL_FUNCTION_ROWS: string[] = [
  /**
   * `a + b`: a sum, or texts, bytes or lists joined. A result that does not fit is an error.
   * @example 1 + 2 → 3
   * @example [1] + [2] → [1,2]
   * @example timestamp("2020-01-01T00:00:00Z") + duration("1h") → "2020-01-01T01:00:00Z"
   */
  "+|o|iii,uuu,ddd,sss,yyy,lll,trt,rtt,rrr",
  /**
   * `a - b`
   * @example 5u - 2u → 3
   */
  "-|o|iii,uuu,ddd,trt,ttr,rrr",
  /**
   * `a * b`
   * @example 2.5 * 2.0 → 5
   */
  "*|o|iii,uuu,ddd",
  /**
   * `a / b`: integers are cut; an integer divided by 0 is an error.
   * @example 7 / 2 → 3
   */
  "/|o|iii,uuu,ddd",
  /**
   * `a % b`: the remainder has the sign of `a`.
   * @example -7 % 3 → -1
   */
  "%|o|iii,uuu",
  /**
   * `-a`
   * @example -(1 + 2) → -3
   */
  "-_|o|ii,dd",
  /**
   * `!a`
   * @example !true → false
   */
  "!_|o|bb",
  /**
   * `a == b`: numbers by value whatever their types, lists and maps by their elements; values of
   * other different types are not equal.
   * @example dyn(1) == 1.0 → true
   * @example [1, 2] == [1, 2] → true
   * @example ip("1.2.3.4") == ip("::ffff:1.2.3.4") → true
   */
  "==|o|**b",
  /**
   * `a != b`
   * @example "a" != "b" → true
   */
  "!=|o|**b",
  /**
   * `a < b`: numbers by value whatever their types, texts and bytes bytewise, false before true.
   * @example 1 < 2 → true
   */
  "<|o|**b",
  /** `a <= b` */
  "<=|o|**b",
  /** `a > b` */
  ">|o|**b",
  /** `a >= b` */
  ">=|o|**b",
  /**
   * `a in b`: whether a list has an element, or a map a key.
   * @example "b" in ["a", "b"] → true
   * @example "k" in {"k": 1} → true
   */
  "in|o|*lb,*mb",
  /**
   * `a[b]`: element of a list, from 0, or value of a map's key; without it an error.
   * @example [7, 8][1] → 8
   * @example {"k": "v"}["k"] → "v"
   */
  "[]|o|li*,m**",
  /**
   * `size(a)` or `a.size()`: code points of a text, bytes, elements, keys.
   * @example size("πέντε") → 5
   */
  "size|b|si,yi,li,mi",
  /**
   * `text.startsWith(prefix)`
   * @example "abc".startsWith("ab") → true
   */
  "startsWith|m|ssb",
  /**
   * `text.endsWith(suffix)`
   * @example "abc".endsWith("bc") → true
   */
  "endsWith|m|ssb",
  /**
   * `text.contains(part)`
   * @example "abc".contains("b") → true
   */
  "contains|m|ssb",
  /**
   * `text.matches(pattern)`: whether the regular expression (RE2 syntax) matches anywhere in the
   * text. Unlike in CEXL, the text stands before the dot.
   * @example "/api/v2".matches("^/api/v[0-9]+$") → true
   */
  "matches|b|ssb",
  /**
   * `time.getFullYear()`, or with a time zone such as `+02:00` or `UTC`, as all that follow.
   * @example timestamp("2020-02-29T23:30:00Z").getFullYear() → 2020
   */
  "getFullYear|m|ti,tsi",
  /**
   * `time.getMonth()`: from 0.
   * @example timestamp("2020-02-29T23:30:00Z").getMonth("+01:00") → 2
   */
  "getMonth|m|ti,tsi",
  /**
   * `time.getDate()`: day of the month, from 1.
   * @example timestamp("2020-02-29T23:30:00Z").getDate() → 29
   */
  "getDate|m|ti,tsi",
  /**
   * `time.getDayOfMonth()`: from 0.
   * @example timestamp("2020-02-29T23:30:00Z").getDayOfMonth() → 28
   */
  "getDayOfMonth|m|ti,tsi",
  /**
   * `time.getDayOfWeek()`: from 0, Sunday.
   * @example timestamp("2020-02-29T23:30:00Z").getDayOfWeek() → 6
   */
  "getDayOfWeek|m|ti,tsi",
  /**
   * `time.getDayOfYear()`: from 0.
   * @example timestamp("2020-02-29T23:30:00Z").getDayOfYear() → 59
   */
  "getDayOfYear|m|ti,tsi",
  /**
   * `time.getHours()`; of a duration, all its hours.
   * @example timestamp("2020-02-29T23:30:00Z").getHours("-02:30") → 21
   * @example duration("90m").getHours() → 1
   */
  "getHours|m|ti,tsi,ri",
  /**
   * `time.getMinutes()`; of a duration, all its minutes.
   * @example duration("90m").getMinutes() → 90
   */
  "getMinutes|m|ti,tsi,ri",
  /**
   * `time.getSeconds()`; of a duration, all its seconds.
   * @example duration("1m30s").getSeconds() → 90
   */
  "getSeconds|m|ti,tsi,ri",
  /**
   * `time.getMilliseconds()`: beyond the second.
   * @example duration("1.25s").getMilliseconds() → 250
   */
  "getMilliseconds|m|ti,tsi,ri",
  /**
   * `int(a)`: of a number cut towards 0, of a text its decimal digits, of a time its seconds since
   * 1970. What does not fit is an error, as of all conversions.
   * @example int("42") → 42
   */
  "int|f|ii,ui,di,si,ti",
  /**
   * `uint(a)`
   * @example uint("42") → 42
   */
  "uint|f|uu,iu,du,su",
  /**
   * `double(a)`
   * @example double("1.5") → 1.5
   */
  "double|f|dd,id,ud,sd",
  /**
   * `string(a)`
   * @example string(duration("90s")) → "90s"
   */
  "string|f|ss,is,us,ds,bs,ys,ts,rs,ps,hs,es,ws",
  /** `bytes(text)`: its UTF-8 form. */
  "bytes|f|yy,sy",
  /**
   * `bool(text)`: of 1, t, true, True, TRUE and 0, f, false, False, FALSE.
   * @example bool("true") → true
   */
  "bool|f|bb,sb",
  /**
   * `duration(text)`: as Go writes them.
   * @example duration("1h30m") > duration("1h") → true
   */
  "duration|f|rr,sr",
  /**
   * `timestamp(text)` in RFC 3339 form, or of seconds since 1970.
   * @example timestamp(0) == timestamp("1970-01-01T00:00:00Z") → true
   */
  "timestamp|f|tt,st,it",
  /**
   * `type(a)`
   * @example type(1u) == uint → true
   */
  "type|f|*T",
  /**
   * `dyn(a)`: `a`, whose type is not looked at before the request comes.
   * @example dyn(1) == 1u → true
   */
  "dyn|f|**",
  /**
   * `ip(text)`: an IPv4 or IPv6 address. This one and those that follow are Mixer's.
   * @example string(ip("10.1.2.3")) → "10.1.2.3"
   */
  "ip|f|sp",
  /**
   * `dnsName(text)`: a DNS name.
   * @example dnsName("Example.com.") == dnsName("example.com") → true
   */
  "dnsName|f|sh",
  /**
   * `email(text)`: an e-mail address.
   * @example email("a@Example.com") == email("a@example.com") → true
   */
  "email|f|se",
  /**
   * `uri(text)`: a URI.
   * @example uri("HTTP://a.b/c") == uri("http://A.B/c") → true
   */
  "uri|f|sw",
  /**
   * `match(text, pattern)`: `*` at the end or at the beginning of the pattern stands for anything.
   * @example match("cluster1.ns", "cluster*") → true
   */
  "match|f|ssb",
  /**
   * `toLower(text)`
   * @example toLower("User-Agent") → "user-agent"
   */
  "toLower|f|ss",
  /**
   * `json(text)`: the value of a JSON text; its numbers are doubles. A text that is no JSON is an
   * error, and so is a key that a map has twice, as in the document itself.
   * @example json("{\"a\": [1, true]}").a[1] → true
   * @example json("{\"a\": {\"b\": 1}, \"b\": 2}").b → 2
   */
  "json|f|s*",
];
