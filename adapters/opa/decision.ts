// What OPA answers: `{"result": true}`, or an object as OPA's own Envoy plugin takes it. Hot: read
// in place; an answer that is not understood to its end is none.

import {
  ABSENT,
  HeaderList,
  JsonKind,
  JsonPull,
  Slice,
  VerdictHeaders,
  isPresent,
  literal,
  toLowerAscii,
} from "../../assembly/sdk";

const RESULT = literal("result");
const ALLOWED = literal("allowed");
const ALLOW = literal("allow");
const REASON = literal("reason");
const BODY = literal("body");
const HTTP_STATUS = literal("http_status");
const HEADERS = literal("headers");
const REMOVED = literal("request_headers_to_remove");

const json = new JsonPull();

/** Whether OPA said yes, no, or nothing that could be understood. */
export const enum Ruling {
  None = 0,
  Yes = 1,
  No = 2,
}

/** One decision. One instance for each VM. */
export class Decision {
  ruling: Ruling = Ruling.None;
  reason: Slice = ABSENT;
  body: Slice = ABSENT;
  httpStatus: i32 = 0;
  /** Whether the answer was JSON without a result: the rule is undefined. */
  isUndefined: bool = false;

  /** Reads an answer; `ruling` stays None when it is no decision. Headers go to the verdict. */
  read(text: Slice, headers: VerdictHeaders): void {
    this.reset();
    json.open(text);
    if (json.kind() != JsonKind.Object) return;
    let ruling = Ruling.None;
    let hasResult = false;
    json.enter();
    while (json.nextMember()) {
      if (!json.isKey(RESULT)) {
        json.skip();
        continue;
      }
      // A second result would leave open which one counts.
      ruling = hasResult ? Ruling.None : this.readResult(headers);
      hasResult = true;
    }
    if (!json.isWhole) return;
    this.isUndefined = !hasResult;
    this.ruling = ruling;
  }

  private reset(): void {
    this.ruling = Ruling.None;
    this.reason = ABSENT;
    this.body = ABSENT;
    this.httpStatus = 0;
    this.isUndefined = false;
  }

  private readResult(headers: VerdictHeaders): Ruling {
    if (json.kind() != JsonKind.Object) return readBool();
    let ruling = Ruling.None;
    let hasWord = false;
    // Headers mean one thing when the request is allowed and another when it is not, and the word
    // may come behind them: they are collected for both.
    json.enter();
    while (json.nextMember()) {
      if (json.isKey(ALLOWED) || json.isKey(ALLOW)) {
        // A second word would leave open which one counts.
        const word = readBool();
        ruling = hasWord ? Ruling.None : word;
        hasWord = true;
      } else if (json.isKey(REASON)) this.reason = json.text();
      else if (json.isKey(BODY)) this.body = json.text();
      else if (json.isKey(HTTP_STATUS)) this.httpStatus = <i32>json.integer(0);
      else if (json.isKey(HEADERS)) readHeaders(headers);
      else if (json.isKey(REMOVED)) readNames(headers);
      else json.skip();
    }
    return ruling;
  }
}

function readBool(): Ruling {
  const kind = json.kind();
  json.skip();
  return kind == JsonKind.True ? Ruling.Yes : kind == JsonKind.False ? Ruling.No : Ruling.None;
}

// Values are texts or lists of texts; others are left out.
function readHeaders(headers: VerdictHeaders): void {
  if (json.kind() != JsonKind.Object) return json.skip();
  json.enter();
  while (json.nextMember()) {
    const name = toLowerAscii(json.key);
    if (json.kind() != JsonKind.List) {
      addBoth(headers, name, json.text());
      continue;
    }
    json.enter();
    while (json.nextItem()) addBoth(headers, name, json.text());
  }
}

function addBoth(headers: VerdictHeaders, name: Slice, value: Slice): void {
  if (!isPresent(value)) return;
  headers.add(HeaderList.Reply, name, value);
  headers.add(HeaderList.RequestSet, name, value);
}

function readNames(headers: VerdictHeaders): void {
  if (json.kind() != JsonKind.List) return json.skip();
  json.enter();
  while (json.nextItem()) {
    const name = json.text();
    if (isPresent(name)) headers.add(HeaderList.RequestRemove, toLowerAscii(name), name);
  }
}
