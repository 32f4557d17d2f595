// The functions and operators of the expression language: the one table from which the checker and
// the reference page work. Compiled by asc and by tsc; imports nothing. A row is
// `name|receiver|parameters|result|types of T|flags|cost`; the comment above it is its reference
// entry, with examples `expression → result` that are run as tests.

/** Functions by their row. */
export const enum FunctionId {
  /** Not a function of this table. */
  None = -1,
  Equal = 0,
  NotEqual = 1,
  Less = 2,
  LessOrEqual = 3,
  Greater = 4,
  GreaterOrEqual = 5,
  And = 6,
  Or = 7,
  Alternative = 8,
  Index = 9,
  Add = 10,
  Conditional = 11,
  Size = 12,
  Match = 13,
  Matches = 14,
  StartsWith = 15,
  EndsWith = 16,
  ToLower = 17,
  Ip = 18,
  Timestamp = 19,
  DnsName = 20,
  Email = 21,
  Uri = 22,
  EmptyStringMap = 23,
  ConditionalString = 24,
  Reverse = 25,
  RegexReplace = 26,
  /** This and all behind it are run by Op.Call. */
  TrimPrefix = 27,
  SetQueryParameter = 28,
  RemoveQueryParameter = 29,
  HashPercent = 30,
  SplitPart = 31,
  SplitPartFromEnd = 32,
  DecodeBase64 = 33,
  Sha256 = 34,
  HmacSha256 = 35,
  Random = 36,
}

/**
 * One row for each function, in the order of FunctionId. T is one type for all its places, out of
 * the list. flags: o = written as an operator, f = can fail although its operands are there, l =
 * evaluates only the operands it needs, x = not part of the language unless somebody adds it. cost:
 * steps, as a comparison of two short texts is one.
 */
export const FUNCTION_ROWS: string[] = [
  /**
   * `a == b`: whether two values of one type are the same. Texts are compared byte for byte,
   * doubles bit for bit. An IPv4 address equals its IPv4-mapped IPv6 form. DNS names ignore letter
   * case and one trailing dot; e-mail addresses compare their domain so, and of URIs the scheme,
   * and for http and https the host.
   * @example "a" == "a" → true
   * @example 1 == 2 → false
   * @example ip("1.2.3.4") == ip("::ffff:1.2.3.4") → true
   * @example dnsName("Example.com.") == dnsName("example.com") → true
   */
  "EQ||T,T|BOOL|STRING,INT64,DOUBLE,BOOL,TIMESTAMP,IP_ADDRESS,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a != b`: the opposite of `==`.
   * @example "a" != "b" → true
   */
  "NEQ||T,T|BOOL|STRING,INT64,DOUBLE,BOOL,TIMESTAMP,IP_ADDRESS,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a < b`: texts bytewise, numbers by value, timestamps by time.
   * @example "a" < "b" → true
   * @example 2.5 < 1.0 → false
   */
  "LT||T,T|BOOL|STRING,INT64,DOUBLE,TIMESTAMP,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a <= b`
   * @example 1 <= 1 → true
   */
  "LEQ||T,T|BOOL|STRING,INT64,DOUBLE,TIMESTAMP,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a > b`
   * @example timestamp("2020-01-02T00:00:00Z") > timestamp("2020-01-01T00:00:00Z") → true
   */
  "GT||T,T|BOOL|STRING,INT64,DOUBLE,TIMESTAMP,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a >= b`
   * @example 1 >= 2 → false
   */
  "GEQ||T,T|BOOL|STRING,INT64,DOUBLE,TIMESTAMP,EMAIL_ADDRESS,URI,DNS_NAME|o|1",
  /**
   * `a && b`: whether both are true. `b` is evaluated only when `a` is true.
   * @example true && false → false
   */
  "LAND||BOOL,BOOL|BOOL||ol|1",
  /**
   * `a || b`: whether one is true. `b` is evaluated only when `a` is false.
   * @example false || true → true
   */
  "LOR||BOOL,BOOL|BOOL||ol|1",
  /**
   * `a | b`: the first that is present. An attribute that does not exist and a key that a map does
   * not have are absent; empty texts, 0 and false are present. A function on the left never falls
   * through: it has a value, or it fails. When the last one is absent, the evaluation fails.
   * @example source.labels["plan"] | "free" → "free"
   */
  "OR||T,T|T||ol|1",
  /**
   * `map[key]`: the text of a key; outside `|`, a missing key is the empty text. Keys of header
   * maps are looked up in lower case.
   * @example emptyStringMap()["a"] → ""
   */
  "INDEX||STRING_MAP,STRING|STRING||o|4",
  /**
   * `a + b`: texts joined, or a sum. INT64 wraps around.
   * @example "a" + "b" → "ab"
   * @example 1 + 2 → 3
   * @example 1.5 + 2.0 → 3.5
   */
  "ADD||T,T|T|STRING,INT64,DOUBLE|o|2",
  /**
   * `conditional(condition, a, b)`: `a` when the condition is true, else `b`. Only the chosen one
   * is evaluated, and it must be present.
   * @example conditional(1 < 2, "yes", "no") → "yes"
   */
  "conditional||BOOL,T,T|T||l|1",
  /**
   * `size(text)`: the length in bytes.
   * @example size("abc") → 3
   */
  "size||STRING|INT64||-|1",
  /**
   * `match(text, pattern)`: a pattern that ends with `*` is a prefix, one that begins with `*` a
   * suffix, any other the whole text.
   * @example match("cluster1.ns", "cluster*") → true
   * @example match("svc.local", "*.local") → true
   */
  "match||STRING,STRING|BOOL||-|2",
  /**
   * `pattern.matches(text)`: whether the regular expression (RE2 syntax) matches anywhere in the
   * text. The pattern stands before the dot.
   * @example "^/api/v[0-9]+/".matches("/api/v2/users") → true
   */
  "matches|STRING|STRING|BOOL||f|50",
  /**
   * `text.startsWith(prefix)`
   * @example "abc".startsWith("ab") → true
   */
  "startsWith|STRING|STRING|BOOL||-|1",
  /**
   * `text.endsWith(suffix)`
   * @example "abc".endsWith("bc") → true
   */
  "endsWith|STRING|STRING|BOOL||-|1",
  /**
   * `toLower(text)`: all letters in lower case.
   * @example toLower("User-Agent") → "user-agent"
   */
  "toLower||STRING|STRING||-|8",
  /**
   * `ip(text)`: an IPv4 or IPv6 address.
   * @example ip("10.1.2.3") == ip("10.1.2.3") → true
   */
  "ip||STRING|IP_ADDRESS||f|8",
  /**
   * `timestamp(text)`: a time in RFC 3339 form.
   * @example timestamp("2015-01-02T15:04:35Z") < timestamp("2015-01-02T15:04:36Z") → true
   */
  "timestamp||STRING|TIMESTAMP||f|8",
  /**
   * `dnsName(text)`: a DNS name; fails when a label is not valid.
   * @example dnsName("a.b") != dnsName("a.c") → true
   */
  "dnsName||STRING|DNS_NAME||f|20",
  /**
   * `email(text)`: an e-mail address without a display name.
   * @example email("a@Example.com") == email("a@example.com") → true
   */
  "email||STRING|EMAIL_ADDRESS||f|20",
  /**
   * `uri(text)`: a URI.
   * @example uri("HTTP://a.b/c") == uri("http://A.B/c") → true
   */
  "uri||STRING|URI||f|20",
  /**
   * `emptyStringMap()`: a map without keys, for the right side of `|`.
   * @example (source.labels | emptyStringMap())["app"] → ""
   */
  "emptyStringMap|||STRING_MAP||-|1",
  /**
   * `conditionalString(condition, a, b)`: as `conditional` for texts, but both are evaluated.
   * @example conditionalString(false, "a", "b") → "b"
   */
  "conditionalString||BOOL,STRING,STRING|STRING||-|1",
  /**
   * `text.reverse()`: the text backwards, by code points.
   */
  "reverse|STRING||STRING||x|4",
  /**
   * `regexReplace(text, pattern, replacement)`: the text with the first match of the regular
   * expression (RE2 syntax, a literal) replaced; without a match as it is. In the replacement `\\1`
   * to `\\9` stand for what a group matched, `\\0` for the whole match, `\\\\` for a backslash.
   * @example regexReplace("/pre/foo-one/post", "/foo-([^/]+)/", "/\\1/") → "/pre/one/post"
   * @example regexReplace("a", "b", "c") → "a"
   */
  "regexReplace||STRING,STRING,STRING|STRING||f|100",
  /**
   * `trimPrefix(text, prefix)`: the text without this prefix; a text that does not begin with it
   * as it is.
   * @example "/v2" + trimPrefix("/v1/users", "/v1") → "/v2/users"
   * @example trimPrefix("/v1/users", "/v3") → "/v1/users"
   */
  "trimPrefix||STRING,STRING|STRING||-|1",
  /**
   * `setQueryParameter(path, name, value)`: the path with exactly one query parameter of this name,
   * behind all others and before the fragment. Name and value are encoded, a blank as `+`.
   * @example setQueryParameter("/a?b=1&c=2", "b", "x y") → "/a?c=2&b=x+y"
   * @example setQueryParameter("/a#f", "b", "1") → "/a?b=1#f"
   */
  "setQueryParameter||STRING,STRING,STRING|STRING||-|8",
  /**
   * `removeQueryParameter(path, name)`: the path without the query parameters of this name.
   * @example removeQueryParameter("/a?b=1&c=2&b=3", "b") → "/a?c=2"
   * @example removeQueryParameter("/a?b=1", "b") → "/a"
   */
  "removeQueryParameter||STRING,STRING|STRING||-|8",
  /**
   * `hashPercent(text)`: a number from 0 to 99, the same for the same text on every proxy and after
   * every restart, spread evenly over many texts: for a share of users. A text in front makes
   * another choice of them. Not for secrets.
   * @example hashPercent("user1") == hashPercent("user1") → true
   */
  "hashPercent||STRING|INT64||-|4",
  /**
   * `splitPart(text, separator, number)`: the part with this number between separators, from 0 on.
   * Empty when there are not so many.
   * @example splitPart("10.0.0.1, 10.0.0.2", ", ", 1) → "10.0.0.2"
   * @example splitPart("a,b", ",", 2) → ""
   */
  "splitPart||STRING,STRING,INT64|STRING||-|4",
  /**
   * `splitPartFromEnd(text, separator, number)`: the same, counted from the end: 0 is the last one.
   * @example splitPartFromEnd("a,b,c", ",", 0) → "c"
   */
  "splitPartFromEnd||STRING,STRING,INT64|STRING||-|4",
  /**
   * `decodeBase64(text)`: the bytes that the text stands for, in the standard or the URL alphabet,
   * padded or not; fails when it is no base64.
   * @example decodeBase64("YWI6Yw==") → "ab:c"
   * @example decodeBase64("YWI6Yw") → "ab:c"
   */
  "decodeBase64||STRING|STRING||f|8",
  /**
   * `sha256(text)`: the SHA-256 of the bytes, in lower-case hexadecimal digits.
   * @example sha256("") → "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
   */
  "sha256||STRING|STRING||-|60",
  /**
   * `hmacSha256(key, text)`: the HMAC-SHA-256 (RFC 2104) of the bytes, in lower-case hexadecimal
   * digits. Where a client sent the other side of a comparison, compare `sha256` of both: then the
   * time that it takes tells nothing.
   * @example size(hmacSha256("key", "text")) → 64
   */
  "hmacSha256||STRING,STRING|STRING||-|150",
  /**
   * `random()`: a whole number from 0 to 9223372036854775807, another at each evaluation. A
   * declared attribute keeps it for a request. Not for secrets.
   * @example random() >= 0 → true
   */
  "random|||INT64||-|4",
];
