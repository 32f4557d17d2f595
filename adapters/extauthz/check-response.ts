// envoy.service.auth.v3.CheckResponse, read in place: a cut or malformed message is no decision,
// and neither is one without a status. Hot.

import {
  ABSENT,
  Code,
  HeaderList,
  Slice,
  VerdictHeaders,
  WireReader,
  emptySlice,
  isPresent,
  sizeOf,
  toLowerAscii,
} from "../../assembly/sdk";

/** Numbers of the fields. */
const STATUS: u32 = 1;
const DENIED: u32 = 2;
const OK: u32 = 3;
const HEADERS: u32 = 2;
const DENIED_BODY: u32 = 3;
const HEADERS_TO_REMOVE: u32 = 5;
const FORBIDDEN: u32 = 403;

const message = new WireReader();
const part = new WireReader();
const option = new WireReader();
const pair = new WireReader();
/** The header that was read last. */
let key: Slice = ABSENT;
let content: Slice = ABSENT;

/** One decision. One instance for each VM. */
export class CheckResponse {
  isDecision: bool = false;
  code: i32 = 0;
  reason: Slice = emptySlice();
  httpStatus: u32 = 0;
  body: Slice = ABSENT;

  /** Reads a message; headers go to the verdict. */
  read(bytes: Slice, headers: VerdictHeaders): void {
    this.isDecision = false;
    this.code = Code.Ok;
    this.reason = emptySlice();
    this.httpStatus = FORBIDDEN;
    this.body = ABSENT;
    let hasStatus = false;
    let isGood = true;
    message.open(bytes);
    while (message.next()) {
      if (message.isBytes(STATUS)) {
        hasStatus = true;
        if (!this.readStatus(message.bytes)) isGood = false;
      } else if (message.isBytes(DENIED)) {
        if (!this.readDenied(message.bytes, headers)) isGood = false;
      } else if (message.isBytes(OK)) {
        if (!readOk(message.bytes, headers)) isGood = false;
      }
    }
    this.isDecision = hasStatus && isGood && !message.isBroken;
  }

  private readStatus(bytes: Slice): bool {
    part.open(bytes);
    while (part.next()) {
      if (part.isVarint(1)) this.code = <i32>part.number;
      else if (part.isBytes(2)) this.reason = part.bytes;
    }
    return !part.isBroken;
  }

  private readDenied(bytes: Slice, headers: VerdictHeaders): bool {
    part.open(bytes);
    while (part.next()) {
      if (part.isBytes(1)) {
        this.httpStatus = <u32>readNumber(part.bytes, this.httpStatus);
      } else if (part.isBytes(HEADERS)) {
        if (!readOption(part.bytes, headers, HeaderList.Reply, HeaderList.Reply)) return false;
      } else if (part.isBytes(DENIED_BODY) && sizeOf(part.bytes) > 0) {
        this.body = part.bytes;
      }
    }
    return !part.isBroken;
  }
}

function readOk(bytes: Slice, headers: VerdictHeaders): bool {
  part.open(bytes);
  while (part.next()) {
    if (part.isBytes(HEADERS)) {
      const set = HeaderList.RequestSet;
      if (!readOption(part.bytes, headers, set, HeaderList.RequestAdd)) return false;
    } else if (part.isBytes(HEADERS_TO_REMOVE)) {
      headers.add(HeaderList.RequestRemove, toLowerAscii(part.bytes), emptySlice());
    }
  }
  return !part.isBroken;
}

// HttpStatus and BoolValue: the last number of field 1.
function readNumber(bytes: Slice, fallback: u64): u64 {
  pair.open(bytes);
  while (pair.next()) if (pair.isVarint(1)) fallback = pair.number;
  return fallback;
}

// HeaderValue: into `key` and `content`.
function readHeader(bytes: Slice): bool {
  key = ABSENT;
  content = emptySlice();
  pair.open(bytes);
  while (pair.next()) {
    if (pair.isBytes(1)) key = pair.bytes;
    else if (pair.isBytes(2) || pair.isBytes(3)) content = pair.bytes;
  }
  return !pair.isBroken && isPresent(key);
}

// HeaderValueOption: header = 1 { key = 1, value = 2, raw_value = 3 }, append = 2 { value = 1 }.
function readOption(
  bytes: Slice,
  headers: VerdictHeaders,
  set: HeaderList,
  append: HeaderList,
): bool {
  let name: Slice = ABSENT;
  let value: Slice = emptySlice();
  let appends = false;
  option.open(bytes);
  while (option.next()) {
    if (option.isBytes(1)) {
      if (!readHeader(option.bytes)) return false;
      name = toLowerAscii(key);
      value = content;
    } else if (option.isBytes(2)) {
      appends = readNumber(option.bytes, 0) != 0;
    }
  }
  if (option.isBroken || !isPresent(name)) return false;
  headers.add(appends ? append : set, name, value);
  return true;
}
