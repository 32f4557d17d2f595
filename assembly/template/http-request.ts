// The head of a call to a backend, built in the arena: method, path, headers. What could split a
// message, and what does not fit, makes the whole request bad: it is then not sent, rather than
// sent in part. Hot.

import { CALLOUT_HEADERS_SIZE_MAX_BYTES, CALLOUT_HEADER_COUNT_MAX } from "../shared/limits";
import { takeArena } from "../memory/arena";
import { literal } from "../memory/literal";
import { Slice, emptySlice, endOf, sizeOf, startOf } from "../memory/slice";
import { isHeaderValue } from "../abi/headers";
import { PairsWriter } from "../abi/pairs";

const METHOD = literal(":method");
const PATH = literal(":path");
const SCHEME = literal(":scheme");
const AUTHORITY = literal(":authority");
const HTTP = literal("http");

/** Headers of one HTTP call, or the metadata of one gRPC call. */
export class CallHead {
  /** Whether something was refused; such a call is not made. */
  isBad: bool = false;
  private readonly pairs: PairsWriter = new PairsWriter();

  /** Starts over. */
  open(): void {
    const at = takeArena(CALLOUT_HEADERS_SIZE_MAX_BYTES);
    this.isBad = at == 0;
    this.pairs.open(at, at == 0 ? 0 : CALLOUT_HEADERS_SIZE_MAX_BYTES, CALLOUT_HEADER_COUNT_MAX);
  }

  /** Adds a header; `name` in lower case. Bytes that HTTP does not allow make the head bad. */
  header(name: Slice, value: Slice): void {
    if (!isHeaderName(name) || !isHeaderValue(value) || !this.pairs.add(name, value)) {
      this.isBad = true;
    }
  }

  /** The finished block of pairs. */
  finish(): Slice {
    return this.pairs.finish();
  }
}

/** One HTTP call to be made. One instance for each VM; `Connection.request` opens it. */
export class HttpRequest {
  /** Body to send; it lives until the call is made. */
  body: Slice = emptySlice();
  readonly head: CallHead = new CallHead();

  /** Starts over. `path` begins with a slash and has its special characters escaped. */
  open(method: Slice, path: Slice, authority: Slice): void {
    this.body = emptySlice();
    this.head.open();
    if (!isPath(path)) this.head.isBad = true;
    this.head.header(METHOD, method);
    this.head.header(SCHEME, HTTP);
    this.head.header(AUTHORITY, authority);
    this.head.header(PATH, path);
  }

  /** Adds a header; `name` in lower case. */
  header(name: Slice, value: Slice): void {
    this.head.header(name, value);
  }
}

// Letters, digits and the marks of a token, in lower case; a leading colon for pseudo headers.
function isHeaderName(name: Slice): bool {
  const end = endOf(name);
  let at = startOf(name);
  if (at < end && load<u8>(at) == 58) at++;
  if (at >= end) return false;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    const isLetter = byte >= 97 && byte <= 122;
    const isDigit = byte >= 48 && byte <= 57;
    if (!isLetter && !isDigit && byte != 45 && byte != 95 && byte != 46) return false;
  }
  return true;
}

// Visible ASCII that begins with a slash.
function isPath(path: Slice): bool {
  if (sizeOf(path) == 0 || load<u8>(startOf(path)) != 47) return false;
  const end = endOf(path);
  for (let at = startOf(path); at < end; at++) {
    const byte = load<u8>(at);
    if (byte <= 32 || byte >= 127) return false;
  }
  return true;
}
