// Failed evaluations in Mixer's words. Why a text could not be converted is found out again here,
// so that the evaluation itself carries no words. Cold.

import { VALUE_TYPE_NAMES, ValueType } from "../shared/types";
import { Schema } from "../attribute/schema";
import { CellState, EvaluationError, errorAt, intAt, textAt, typeAt } from "../attribute/value";
import { takeArena } from "../memory/arena";
import { textOf } from "../memory/literal";
import { indexOfByte } from "../memory/bytes";
import { Slice, isPresent, startOf, subSlice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { dnsNameOf, equalDnsNames, refusedLabel } from "../text/dns";
import { EmailProblem, emailProblem, emailRest, equalEmails, isEmail } from "../text/email";
import { equalUrls, isUrl } from "../text/url";
import { UrlProblem, urlPart, urlProblem } from "../text/url-authority";
import { writeValue } from "./write-value";

const VALUE_SIZE_MAX_BYTES: usize = 1024;
const HASH: u8 = 35;

/** What a failed evaluation's cell says; "" for a value. */
export function evaluationErrorText(cell: usize, schema: Schema): string {
  if (typeAt(cell) != CellState.Error) return "";
  switch (<i32>errorAt(cell)) {
    case EvaluationError.LookupFailed:
      return "lookup failed: '" + nameOf(cell, schema) + "'";
    case EvaluationError.WrongType:
      return wrongTypeText(cell, schema);
    case EvaluationError.ConversionFailed:
      return conversionText(<ValueType>load<u32>(cell, 4), textAt(cell));
    case EvaluationError.BadPattern:
      return "error parsing regexp: `" + textOf(textAt(cell)) + "`";
    case EvaluationError.StepsExhausted:
      return "the step budget of the request is used up";
    case EvaluationError.OutOfMemory:
      return "out of memory for one request";
    case EvaluationError.HostFailed:
      return "the host refused a value";
    default:
      return celText(errorAt(cell), textAt(cell));
  }
}

// Errors of CEL in its own words.
function celText(error: EvaluationError, subject: Slice): string {
  switch (<i32>error) {
    case EvaluationError.NoSuchKey:
      return isPresent(subject) ? "no such key: '" + textOf(subject) + "'" : "no such key";
    case EvaluationError.DivisionByZero:
      return "division by zero";
    case EvaluationError.Overflow:
      return "range error: the result does not fit";
    case EvaluationError.NoSuchOverload:
      return "no such overload";
    case EvaluationError.IndexOutOfRange:
      return "index out of range: " + subject.toString();
    case EvaluationError.InvalidArgument:
      return "invalid argument";
    case EvaluationError.DuplicateKey:
      return isPresent(subject) ? "key given twice: '" + textOf(subject) + "'" : "key given twice";
    default:
      return "evaluation failed";
  }
}

function nameOf(cell: usize, schema: Schema): string {
  const index = <i32>(<u32>intAt(cell));
  if (index >= schema.entries.length) return "";
  const name = schema.nameOf(index);
  const bracket = name.indexOf("[");
  return bracket < 0 ? name : name.substring(0, bracket);
}

function wrongTypeText(cell: usize, schema: Schema): string {
  const index = <i32>(<u32>intAt(cell));
  const value = <usize>((<u64>intAt(cell)) >> 32);
  return (
    "error converting value to " +
    wordOf(schema.typeOf(index)) +
    ": '" +
    (value == 0 ? "" : valueText(value)) +
    "'"
  );
}

function wordOf(type: ValueType): string {
  switch (<i32>type) {
    case ValueType.Int64:
    case ValueType.Duration:
      return "integer or duration";
    case ValueType.Double:
      return "double";
    case ValueType.Bool:
      return "bool";
    case ValueType.String:
    case ValueType.DnsName:
    case ValueType.EmailAddress:
    case ValueType.Uri:
      return "string";
    default:
      return VALUE_TYPE_NAMES[type];
  }
}

function valueText(cell: usize): string {
  const at = takeArena(VALUE_SIZE_MAX_BYTES);
  if (at == 0) return "";
  const out = new Writer();
  out.open(at, VALUE_SIZE_MAX_BYTES);
  writeValue(out, cell);
  return textOf(out.written);
}

function conversionText(type: ValueType, source: Slice): string {
  const text = textOf(source);
  switch (<i32>type) {
    case ValueType.IpAddress:
      return "could not convert " + text + " to IP_ADDRESS";
    case ValueType.Timestamp:
      return (
        "could not convert '" +
        text +
        "' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'"
      );
    case ValueType.DnsName:
      return dnsText(source);
    case ValueType.EmailAddress:
      return emailText(source);
    case ValueType.Uri:
      return urlText(source);
    default:
      return "could not convert '" + text + "' to " + VALUE_TYPE_NAMES[type];
  }
}

function dnsText(source: Slice): string {
  // A name that can be converted was refused for the stricter rules of comparisons.
  if (isPresent(dnsNameOf(source))) equalDnsNames(source, source);
  return "error converting '" + textOf(source) + "' to dns name: '" + labelText() + "'";
}

function labelText(): string {
  return 'idna: invalid label "' + textOf(refusedLabel()) + '"';
}

function emailText(source: Slice): string {
  const start = "error converting '" + textOf(source) + "' to e-mail: ";
  if (isEmail(source)) {
    equalEmails(source, source);
    return start + "'" + labelText() + "'";
  }
  if (emailProblem() == EmailProblem.DisplayName) return start + "display names are not allowed";
  if (emailProblem() == EmailProblem.Domain) return start + "'" + dnsText(emailRest()) + "'";
  return start + "'mail: " + emailReason(emailProblem()) + "'";
}

function emailReason(problem: EmailProblem): string {
  switch (<i32>problem) {
    case EmailProblem.Empty:
      return "no address";
    case EmailProblem.NoAngle:
      return "no angle-addr";
    case EmailProblem.MissingAt:
      return "missing '@' or angle-addr";
    case EmailProblem.BadWord:
      return "missing word in phrase: mail: invalid string";
    case EmailProblem.Unclosed:
      return "unclosed angle-addr";
    case EmailProblem.Surplus:
      return 'expected single address, got "' + textOf(emailRest()) + '"';
    default:
      return "out of memory";
  }
}

function urlText(source: Slice): string {
  const text = textOf(source);
  const start = "error converting string to uri";
  if (isUrl(source)) equalUrls(source, source);
  if (isUrl(source)) return start + " '" + text + "': '" + labelText() + "'";
  if (urlProblem() == UrlProblem.Empty) return start + ": empty string";
  const reason = urlReason(urlProblem());
  return start + " '" + text + "': 'parse " + textOf(parsedPart(source)) + ": " + reason + "'";
}

// Go takes the fragment away before anything else, and shows what is left.
function parsedPart(source: Slice): Slice {
  const hash = indexOfByte(source, HASH);
  const isFragment = startOf(urlPart()) > startOf(source) + <usize>hash;
  return hash < 0 || isFragment ? source : subSlice(source, 0, <usize>hash);
}

function urlReason(problem: UrlProblem): string {
  const part = textOf(urlPart());
  switch (<i32>problem) {
    case UrlProblem.ControlCharacter:
      return "net/url: invalid control character in URL";
    case UrlProblem.MissingScheme:
      return "missing protocol scheme";
    case UrlProblem.ColonInPath:
      return "first path segment in URL cannot contain colon";
    case UrlProblem.BadEscape:
      return 'invalid URL escape "' + part + '"';
    case UrlProblem.BadUser:
      return "net/url: invalid userinfo";
    case UrlProblem.OpenBracket:
      return "missing ']' in host";
    case UrlProblem.BadPort:
      return 'invalid port "' + part + '" after host';
    default:
      return 'invalid character "' + part + '" in host name';
  }
}
