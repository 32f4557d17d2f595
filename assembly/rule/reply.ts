// The local reply of a denial, or in the place of an upstream's response: status, headers and body
// as the rule says, or the plain ones. Hot: written into the arena.

import { CODE_HTTP_STATUS, Code } from "../shared/abi";
import {
  DENIAL_BODY_SIZE_MAX_BYTES,
  DENIAL_HEADER_COUNT_MAX,
  HEADER_VALUE_SIZE_MAX_BYTES,
  VERDICT_HEADER_COUNT_MAX,
  DENIAL_HEADERS_SIZE_MAX_BYTES,
} from "../shared/limits";
import { literal } from "../memory/literal";
import { takeArena } from "../memory/arena";
import { equalIgnoringCase } from "../memory/bytes";
import { Slice, emptySlice, isPresent, sizeOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { isHeaderValue } from "../abi/headers";
import { PairsCursor, PairsWriter } from "../abi/pairs";
import { Reply, sendReply } from "../abi/replies";
import { Bag } from "../attribute/bag";
import {
  Escape,
  noteTemplateFailure,
  renderTemplate,
  takeTemplateFailures,
} from "../expression/interpolation-render";
import { Denial } from "./denial-response";
import { DenialState, writeCodeName } from "./denial";
import { renderJson } from "./json-template";
import { HeaderList } from "../template/verdict-headers";
import { extraBody, extraHeaders, extraStatus } from "./verdict-extra";
import { Rule } from "./rule";

const CONTENT_TYPE = literal("content-type");
const APPLICATION_JSON = literal("application/json");
const HEADERS_SIZE_MAX_BYTES: usize = DENIAL_HEADERS_SIZE_MAX_BYTES;
const UNCHECKED_DETAILS = literal("mixer_out_of_memory");
const AMBIGUOUS_PATH_DETAILS = literal("mixer_ambiguous_path");
/** What the client, the access log and `check.error_message` say of it. */
export const AMBIGUOUS_PATH_MESSAGE = literal("INVALID_ARGUMENT:mixer:ambiguous path");
const UNCHECKED_BODY = literal("UNAVAILABLE:mixer:out of memory, the request could not be checked");

/** Envoy then derives it of the HTTP status. */
const GRPC_STATUS_BY_HTTP: i32 = -1;

/** Stands for the denial that a replaced response is not. */
const replaced = new DenialState();
const reply = new Reply();
const headers = new PairsWriter();
const cursor = new PairsCursor();
const value = new Writer();
const body = new Writer();

/** HTTP status of a denial by rpc code (Mixer's proxy client); 500 for codes nobody knows. */
export function httpStatusOf(code: i32): u32 {
  if (code < 0 || code >= CODE_HTTP_STATUS.length) return 500;
  return <u32>unchecked(CODE_HTTP_STATUS[code]);
}

/** Answers the current stream with the denial; false when the host refused. */
export function sendDenial(denial: DenialState, bag: Bag): bool {
  const rule = denial.rule!;
  const response = denial.response;
  reply.httpStatus = httpStatusOf(denial.code);
  reply.grpcStatus = denial.code >= 0 && denial.code <= 16 ? denial.code : <i32>Code.Unknown;
  reply.details = rule.details;
  reply.body = denial.message;
  reply.headers = emptySlice();
  const extra = denial.extra;
  if (extra != 0) addExtra(extra);
  if (response != null) addResponse(response, denial, bag);
  const explains = sizeOf(denial.explanation) > 0;
  if (extra != 0 || response != null || explains) addHeaders(denial, bag);
  rule.errors += takeTemplateFailures();
  return sendReply(reply);
}

// What the adapter says of the answer; the document's own response wins over it.
function addExtra(extra: usize): void {
  if (extraStatus(extra) != 0) reply.httpStatus = extraStatus(extra);
  if (isPresent(extraBody(extra))) reply.body = extraBody(extra);
}

/** Answers the current stream in the place of its upstream; false when the host refused. */
export function sendReplacement(rule: Rule, httpStatus: u32, bag: Bag): bool {
  const response = rule.replacement!;
  reply.httpStatus = response.httpStatus != 0 ? response.httpStatus : httpStatus;
  reply.grpcStatus = GRPC_STATUS_BY_HTTP;
  reply.details = rule.replacementDetails;
  reply.body = emptySlice();
  reply.headers = emptySlice();
  replaced.response = response;
  addResponse(response, replaced, bag);
  addHeaders(replaced, bag);
  rule.errors += takeTemplateFailures();
  return sendReply(reply);
}

/** Answers the current stream with 503: there was no memory to check it, so it must not pass. */
export function sendUnchecked(): void {
  reply.httpStatus = httpStatusOf(Code.Unavailable);
  reply.grpcStatus = <i32>Code.Unavailable;
  reply.details = UNCHECKED_DETAILS;
  reply.body = UNCHECKED_BODY;
  reply.headers = emptySlice();
  sendReply(reply);
}

/**
 * Answers the current stream with 400: servers could read its path differently. `denial` has no
 * rule, and may have an explanation.
 */
export function sendAmbiguousPath(denial: DenialState, bag: Bag): void {
  reply.httpStatus = 400;
  reply.grpcStatus = <i32>Code.InvalidArgument;
  reply.details = AMBIGUOUS_PATH_DETAILS;
  reply.body = AMBIGUOUS_PATH_MESSAGE;
  reply.headers = emptySlice();
  if (sizeOf(denial.explanation) > 0) addHeaders(denial, bag);
  sendReply(reply);
}

function addResponse(response: Denial, denial: DenialState, bag: Bag): void {
  if (response.httpStatus != 0) reply.httpStatus = response.httpStatus;
  if (isPresent(response.details)) reply.details = response.details;
  const bodyAt = takeArena(DENIAL_BODY_SIZE_MAX_BYTES);
  body.open(bodyAt, bodyAt == 0 ? 0 : DENIAL_BODY_SIZE_MAX_BYTES);
  const text = response.body;
  const json = response.json;
  if (json != null) {
    renderJson(json, bag, body);
    reply.body = body.written;
  } else if (text != null) {
    renderTemplate(text, bag, body, response.bodyEscape);
    reply.body = body.written;
  } else if (!response.isVerbose) {
    writeCodeName(body, denial.code);
    reply.body = body.written;
  }
}

function addHeaders(denial: DenialState, bag: Bag): void {
  const response = denial.response;
  const extra = denial.extra;
  const at = takeArena(HEADERS_SIZE_MAX_BYTES);
  if (at == 0) return;
  const countMax = DENIAL_HEADER_COUNT_MAX + VERDICT_HEADER_COUNT_MAX + 2;
  headers.open(at, HEADERS_SIZE_MAX_BYTES, countMax);
  if (response != null) addOwnHeaders(response, bag);
  if (extra != 0) addExtraHeaders(extra, response);
  if (sizeOf(denial.explanation) > 0) headers.add(denial.explanationHeader, denial.explanation);
  reply.headers = headers.finish();
}

// A header that the document gives is not given a second time.
function addExtraHeaders(extra: usize, response: Denial | null): void {
  cursor.open(extraHeaders(extra, HeaderList.Reply));
  while (cursor.next()) {
    if (response == null || !hasHeader(response, cursor.key)) {
      headers.add(cursor.key, cursor.value);
    }
  }
}

function hasHeader(response: Denial, name: Slice): bool {
  if (response.json != null && equalIgnoringCase(name, CONTENT_TYPE)) return true;
  for (let index = 0; index < response.headers.length; index++) {
    if (equalIgnoringCase(unchecked(response.headers[index]).name, name)) return true;
  }
  return false;
}

function addOwnHeaders(response: Denial, bag: Bag): void {
  if (response.json != null && !response.hasContentType) {
    headers.add(CONTENT_TYPE, APPLICATION_JSON);
  }
  for (let index = 0; index < response.headers.length; index++) {
    const header = unchecked(response.headers[index]);
    const valueAt = takeArena(HEADER_VALUE_SIZE_MAX_BYTES);
    value.open(valueAt, valueAt == 0 ? 0 : HEADER_VALUE_SIZE_MAX_BYTES);
    renderTemplate(header.value, bag, value, Escape.None);
    if (isHeaderValue(value.written)) headers.add(header.name, value.written);
    else noteTemplateFailure();
  }
}
