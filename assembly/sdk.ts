// The names that an adapter may use. Adding a name here is a decision about the interface. An
// adapter imports this file and its own folder, nothing else.

export { Code, CODE_NAMES } from "./shared/abi";
export { MetricKind, LogLevel } from "./shared/abi";
export { Template } from "./shared/templates";
export { CONNECTION_EVENTS, REPORT_EVENTS_ALL, ReportEvent } from "./shared/report-events";
export { ValueType, VALUE_TYPE_NAMES } from "./shared/types";
export { DiagnosticCode } from "./shared/diagnostics";
export * from "./shared/limits";
export {
  ABSENT,
  FAILED,
  Slice,
  byteAt,
  emptySlice,
  endOf,
  isPresent,
  sizeOf,
  slice,
  startOf,
  subSlice,
} from "./memory/slice";
export {
  compare,
  endsWith,
  equal,
  equalIgnoringCase,
  equalInConstantTime,
  hash,
  indexOfByte,
  sameBytes,
  startsWith,
} from "./memory/bytes";
export { markArena, releaseArena, takeArena } from "./memory/arena";
export { takePages } from "./memory/pages";
export { takeBlock, giveBlock } from "./memory/blocks";
export { Region } from "./memory/region";
export { leaveGarbage } from "./memory/garbage";
export { Writer } from "./memory/writer";
export { literal, textOf } from "./memory/literal";
export {
  CIDR_SIZE_BYTES,
  cidrContains,
  equalIp,
  isV4Mapped,
  mapIp,
  parseCidr,
  parseHostPort,
  parseIp,
  unmapIp,
} from "./text/address";
export { parseDuration, writeDuration } from "./text/duration";
export { parseDouble, parseInt64, writeDouble, writeJsonDouble } from "./text/number";
export { doubleText, jsonMembers, lowerCase, replaced } from "./text/strings";
export { parseTimestamp, writeTimestamp } from "./text/timestamp";
export { parseHex } from "./text/hex";
export { decodeBase64 } from "./text/base64";
export { pbkdf2Sha256 } from "./text/pbkdf2";
export {
  SHA256_SIZE_BYTES,
  SHA256_STATE_SIZE_BYTES,
  addSha256,
  beginSha256,
  endSha256,
  sha256,
} from "./text/sha256";
export { writeJsonEscaped, writeJsonText } from "./text/json";
export { JsonKind, JsonPull, isNumberOrWord } from "./text/json-pull";
export {
  WireReader,
  WireType,
  beginMessage,
  endMessage,
  writeBytesField,
  writeFixed64Field,
  writeTextField,
  writeVarint,
  writeVarintField,
} from "./text/wire";
export { decodeRune, isBroken, runeSizeOf, truncateUtf8 } from "./text/utf8";
export { toLower } from "./text/fold";
export { toLowerAscii } from "./text/ascii";
export { Pattern, compilePattern, patternError, patternErrorAt } from "./text/regexp/compile";
export { matchesPattern } from "./text/regexp/match";
export { writeLog, isLogged } from "./abi/log";
export { defineMetric, incrementMetric, recordMetric } from "./abi/metrics";
export { ANY_VERSION, Stored, readShared, sharedVersion, writeShared } from "./abi/shared-data";
export { PairsCursor, PairsWriter } from "./abi/pairs";
export { CallFailure, NO_CALL, lastCallFailure } from "./abi/callouts";
export { randomSeed } from "./abi/random";
export { monotonicNanos, wallClockNanos } from "./abi/clock";
export { Place } from "./diagnostic/place";
export { Report } from "./diagnostic/report";
export { jsonText } from "./diagnostic/render-json";
export { nearest, nearestReference, nearestWord } from "./diagnostic/suggest";
export { challengeOf, verifyRealm } from "./template/challenge";
export { denyUnauthenticated } from "./template/unauthenticated";
export { Node } from "./config/node";
export { Params } from "./config/params";
export {
  BoolField,
  ChoiceField,
  DoubleField,
  DurationField,
  Field,
  IntField,
  TextField,
} from "./config/field";
export {
  DoubleListField,
  ObjectField,
  ObjectListField,
  ObjectMapField,
  TextListField,
  TextMapField,
} from "./config/collection-field";
export { OneOf } from "./config/one-of";
export { StatusField } from "./config/status-field";
export {
  ValueFlag,
  boolAt,
  doubleAt,
  flagsAt,
  hasValue,
  intAt,
  isAbsentAt,
  nanosAt,
  textAt,
  typeAt,
} from "./attribute/value";
export { MetadataKind, metadataKind } from "./attribute/decode-metadata";
export { writeValue } from "./expression/write-value";
export { DimensionSet } from "./template/dimension-set";
export { DropCounter } from "./template/drop-counter";
export { Answer, AnswerKind } from "./template/answer";
export { Connection } from "./template/connection";
export { HttpRequest } from "./template/http-request";
export {
  ApiKey,
  ApiKeyText,
  Authorization,
  AuthorizationText,
  Grant,
  ListEntry,
  LogEntry,
  Metric,
  Quota,
} from "./template/instances";
export { Bucket, Charged } from "./template/quota/bucket";
export { Deduplication } from "./template/quota/deduplication";
export {
  DIMENSION_SIZE_BYTES,
  canonicalValueAt,
  fillDimensionValues,
} from "./template/quota/dimension-values";
export { writeKey } from "./template/quota/key";
export { Ledger, Settled } from "./template/quota/ledger";
export {
  OverrideBuilder,
  UnknownDimension,
  describeDimensions,
} from "./template/quota/override-builder";
export { Overrides } from "./template/quota/overrides";
export {
  QuotaNames,
  exampleQuotaInstance,
  overrideCountOf,
  standardQuotaInstances,
} from "./template/quota/quota-names";
export { StoredReader } from "./template/quota/stored-reader";
export { QuotaTable, TableName } from "./template/quota/table";
export { QuotaWindow, Terms } from "./template/quota/window";
export { FailureMode, Handler } from "./template/handler";
export { FieldValues } from "./template/field-values";
export { OwnField, OwnTemplate } from "./template/own-template";
export { Adapter, Backend, BuildContext, Protocol, RoutedInstance } from "./template/adapter";
export { HeaderList, VerdictHeaders } from "./template/verdict-headers";
export { Lifetime, Status } from "./template/status";
export { Verdict } from "./template/verdict";
