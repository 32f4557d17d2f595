// Values as policies write them become patterns: `*` at the end is a prefix, at the beginning a
// suffix, alone anything but nothing. What a key's values may be is known here. Cold.

import {
  DiagnosticCode,
  Node,
  Region,
  Report,
  lowerCase,
  parseCidr,
  slice,
} from "../../assembly/sdk";
import { HOST_KEY, METHOD_KEY, PATH_KEY } from "./keys";
import { writeAddress } from "./network-facts";
import { Pattern } from "./pattern-builder";
import { PatternKind } from "./pattern-set";
import {
  BOTH,
  ISSUER,
  NO_ISSUER,
  NO_SUBJECT,
  OF_LIST,
  OF_NOTHING,
  OF_TEXT,
  SUBJECT_ONLY,
} from "./token-facts";
import { templateOf } from "./template-text";

const SPIFFE = "spiffe://";
const PORT_MAX: i32 = 65535;
const MAPPED_BITS: u32 = 96;
const NETWORK: usize = memory.data(20, 8);
const ADDRESS: usize = memory.data(17, 8);

/** Makes the patterns of one value after another. */
export class ValueReader {
  /** The patterns of the last value. */
  patterns: Pattern[] = [];

  constructor(
    private readonly region: Region,
    private readonly report: Report,
  ) {}

  /** Reads one value of a key; wrong ones are reported. `namespace` is the policy's. */
  read(key: string, node: Node, namespace: string): void {
    this.patterns = [];
    const value = node.string();
    if (value.length == 0) {
      this.report.error(DiagnosticCode.EmptyValue, node.place(), key, "a value");
    } else if (key == HOST_KEY) {
      this.addText(lowerCase(value), "", "", true);
    } else if (key == PATH_KEY) {
      this.addPath(value, node);
    } else if (key == "source.principal") {
      this.addPrincipal(value, node);
    } else if (key == "source.namespace") {
      this.addNamespace(value);
    } else if (key == "source.serviceAccount") {
      this.addAccount(value, node, namespace);
    } else if (key == "source.trustDomain") {
      this.addDomain(value, node);
    } else if (key == "request.auth.principal") {
      this.addTokenPrincipal(value);
    } else if (key.endsWith(".ip")) {
      this.addNetwork(node);
    } else if (key == "destination.port") {
      this.addPort(value, node);
    } else if (key.startsWith("experimental.")) {
      this.addMarked(value);
    } else {
      this.addText(value, "", "", key == METHOD_KEY || key.startsWith("request.headers"));
    }
  }

  private add(kind: PatternKind, text: string): void {
    this.patterns.push(new Pattern(kind, this.region.text(text)));
  }

  // `before` and `behind` stand around the text that is compared.
  private addText(value: string, before: string, behind: string, isPresence: bool): void {
    if (value == "*") this.add(isPresence ? PatternKind.Any : PatternKind.NonEmpty, "");
    else if (value.startsWith("*")) this.add(PatternKind.Suffix, value.substring(1) + behind);
    else if (value.endsWith("*")) this.add(PatternKind.Prefix, before + value.slice(0, -1));
    else this.add(PatternKind.Exact, before + value + behind);
  }

  private addPath(value: string, node: Node): void {
    if (!value.includes("{*}") && !value.includes("{**}")) {
      this.addText(value, "", "", false);
      return;
    }
    const template = templateOf(value);
    if (template.length > 0) {
      this.add(PatternKind.Template, template);
      return;
    }
    const expected =
      "segments of plain text, `{*}`, and at most one `{**}` with no `{*}` behind it";
    this.report.error(DiagnosticCode.BadPathTemplate, node.place(), value, expected);
  }

  private addPrincipal(value: string, node: Node): void {
    if (value.length == 1 || !value.startsWith("*")) {
      this.addText(value, SPIFFE, "", false);
    } else if (value.indexOf("*", 1) >= 0) {
      const expected = "one `*`, at the beginning or at the end";
      this.report.error(DiagnosticCode.BadName, node.place(), value, expected);
    } else {
      this.add(PatternKind.Glob, SPIFFE + value);
    }
  }

  private addNamespace(value: string): void {
    const isPlain = !value.includes("*") && !value.includes("/");
    const text = "/ns/" + value + "/";
    if (isPlain) this.add(PatternKind.Exact, text);
    else this.add(PatternKind.Glob, "*" + text + "*");
  }

  // Compared with what stands behind `spiffe://`, up to the first slash.
  private addDomain(value: string, node: Node): void {
    if (value.includes("/")) {
      this.report.error(DiagnosticCode.BadName, node.place(), value, "no `/`");
      return;
    }
    const kind = value.includes("*") ? PatternKind.Glob : PatternKind.Exact;
    this.add(value == "*" ? PatternKind.Any : kind, value + "/");
  }

  private addAccount(value: string, node: Node, namespace: string): void {
    const slash = value.indexOf("/");
    const isWhole = slash > 0 && slash < value.length - 1 && value.indexOf("/", slash + 1) < 0;
    if (!value.includes("*") && (isWhole || (slash < 0 && namespace.length > 0))) {
      this.add(PatternKind.Exact, isWhole ? value : namespace + "/" + value);
      return;
    }
    const expected = "`namespace/name`, or `name` where the policy has a `namespace`";
    this.report.error(DiagnosticCode.BadName, node.place(), value, expected);
  }

  private addTokenPrincipal(value: string): void {
    const slash = value.lastIndexOf("/");
    const issuer = slash < 0 ? value : value.substring(0, slash);
    const subject = slash < 0 ? "" : value.substring(slash + 1);
    const nul = "\0";
    const end = String.fromCharCode(ISSUER);
    const both = String.fromCharCode(BOTH);
    if (value == "*") {
      this.add(PatternKind.Prefix, both);
    } else if (value.startsWith("*") && slash < 0) {
      this.add(PatternKind.Suffix, value.substring(1) + end);
    } else if (value.startsWith("*")) {
      this.add(PatternKind.Suffix, issuer.substring(1) + nul + subject + end);
    } else if (value.endsWith("*") && slash < 0) {
      this.add(PatternKind.Prefix, both + issuer.slice(0, -1));
    } else if (value.endsWith("*")) {
      const mark = issuer.length > 0 ? BOTH : SUBJECT_ONLY;
      this.add(PatternKind.Prefix, String.fromCharCode(mark) + issuer + nul + subject.slice(0, -1));
    } else {
      const mark = subject.length == 0 ? NO_SUBJECT : issuer.length > 0 ? BOTH : SUBJECT_ONLY;
      const last = issuer.length > 0 ? ISSUER : NO_ISSUER;
      const text = String.fromCharCode(mark) + issuer + nul + subject;
      this.add(PatternKind.Exact, text + String.fromCharCode(last));
    }
  }

  // `[v]` is about elements of lists, everything else about texts.
  private addMarked(value: string): void {
    const isList = value.startsWith("[") && value.endsWith("]");
    let text = value;
    if (isList) {
      let from = 0;
      let until = text.length;
      while (from < until && isBracket(text, from)) from++;
      while (until > from && isBracket(text, until - 1)) until--;
      text = text.substring(from, until);
    }
    const mark = String.fromCharCode(isList ? OF_LIST : OF_TEXT);
    if (text == "*") this.add(PatternKind.Prefix, mark);
    else if (text.length == 0) this.add(PatternKind.Exact, String.fromCharCode(OF_NOTHING) + mark);
    else this.addText(text, mark, mark, false);
  }

  private addNetwork(node: Node): void {
    if (!parseCidr(node.text, NETWORK)) {
      const expected = "an address or range, such as `10.1.0.0/16` or `2001:db8::1`";
      this.report.error(DiagnosticCode.BadCidr, node.place(), node.string(), expected);
      return;
    }
    const bits = load<u32>(NETWORK, 16);
    const isMapped = bits >= MAPPED_BITS && isMappedNetwork();
    this.addPrefix(writeAddress(slice(NETWORK, 16), ADDRESS), isMapped ? bits - MAPPED_BITS : bits);
  }

  // A range is a prefix of whole bytes, and each value of the byte in which it ends.
  private addPrefix(size: usize, bits: u32): void {
    const whole: usize = ((<usize>bits) >> 3) + 1;
    const rest = bits & 7;
    const kind = whole == size ? PatternKind.Exact : PatternKind.Prefix;
    if (rest == 0) {
      this.patterns.push(new Pattern(kind, this.region.copy(ADDRESS, whole)));
      return;
    }
    const first = <u32>load<u8>(ADDRESS + whole);
    const last = first | (0xff >> rest);
    const lastKind = whole + 1 == size ? PatternKind.Exact : PatternKind.Prefix;
    for (let byte = first; byte <= last; byte++) {
      store<u8>(ADDRESS + whole, <u8>byte);
      this.patterns.push(new Pattern(lastKind, this.region.copy(ADDRESS, whole + 1)));
    }
  }

  private addPort(value: string, node: Node): void {
    let port = 0;
    for (let at = 0; at < value.length; at++) {
      const digit = value.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9 || port > PORT_MAX) port = PORT_MAX + 1;
      else port = port * 10 + digit;
    }
    if (port > PORT_MAX) {
      this.report.error(DiagnosticCode.OutOfRange, node.place(), value, "0 to 65535");
      return;
    }
    store<u16>(ADDRESS, <u16>port);
    this.patterns.push(new Pattern(PatternKind.Exact, this.region.copy(ADDRESS, 2)));
  }
}

function isMappedNetwork(): bool {
  return load<u64>(NETWORK) == 0 && load<u32>(NETWORK, 8) == 0xffff0000;
}

function isBracket(text: string, at: i32): bool {
  const unit = text.charCodeAt(at);
  return unit == 91 || unit == 93;
}
