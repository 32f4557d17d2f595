// `connection.tls`: what `render` writes into the cluster of a backend that is reached over TLS.
// The filter only checks its form and hands it on: Envoy encrypts. Cold.

import { DiagnosticCode } from "../shared/diagnostics";
import { TLS_PATH_SIZE_MAX_BYTES } from "../shared/limits";
import { Node } from "../config/node";
import { ObjectReader } from "../config/object-reader";
import { jsonText } from "../diagnostic/render-json";
import { Report } from "../diagnostic/report";
import { hash } from "../memory/bytes";
import { slice } from "../memory/slice";

const NAME_SIZE_MAX_CHARS: i32 = 253;
const SALT: u64 = 0x746c73;
const VERIFY = "`false`: whoever else answers would decide; give `caCertificates`";

/** TLS to one backend. */
export class TlsSpec {
  caCertificates: string = "";
  clientCertificate: string = "";
  privateKey: string = "";
  serverName: string = "";

  /** As `mixer_describe` tells it: what is given. */
  json(): string {
    const members: string[] = [];
    add(members, "caCertificates", this.caCertificates);
    add(members, "clientCertificate", this.clientCertificate);
    add(members, "privateKey", this.privateKey);
    add(members, "serverName", this.serverName);
    return "{" + members.join(",") + "}";
  }

  /** What tells clusters of one address apart; empty for TLS as it is by itself. */
  suffix(): string {
    const text = this.json();
    if (text.length == 2) return "";
    const bytes = String.UTF8.encode(text);
    const start = changetype<usize>(bytes);
    return "-" + hash(slice(start, <usize>bytes.byteLength), SALT).toString(16);
  }
}

/** Reads the field `tls` of a connection; null where it is not given, and after an error. */
export function readTls(connection: ObjectReader, report: Report): TlsSpec | null {
  const node = connection.object("tls");
  if (node === null) return null;
  const reader = new ObjectReader(node, report, "TLS of a connection");
  const tls = new TlsSpec();
  tls.caCertificates = path(reader, node, "caCertificates", report);
  tls.clientCertificate = path(reader, node, "clientCertificate", report);
  tls.privateKey = path(reader, node, "privateKey", report);
  tls.serverName = reader.text("serverName", "");
  if (reader.bool("insecureSkipVerify", false)) {
    const place = node.find("insecureSkipVerify")!.place();
    report.error(DiagnosticCode.OutOfRange, place, "true", VERIFY);
  }
  reader.finish();
  if (tls.serverName.length > 0 && !isName(tls.serverName)) {
    const place = node.find("serverName")!.place();
    report.error(DiagnosticCode.OutOfRange, place, tls.serverName, "a host name");
  }
  const hasCertificate = tls.clientCertificate.length > 0;
  if (hasCertificate != tls.privateKey.length > 0) {
    reader.failMissing(hasCertificate ? "privateKey" : "clientCertificate");
  }
  return tls;
}

function add(members: string[], name: string, value: string): void {
  if (value.length > 0) members.push('"' + name + '":' + jsonText(value));
}

// Where the file stands for Envoy; whether it is there is not for a document's bytes to say.
function path(reader: ObjectReader, node: Node, name: string, report: Report): string {
  const text = reader.text(name, "");
  if (!reader.has(name) || isPath(text)) return text;
  const most = TLS_PATH_SIZE_MAX_BYTES.toString();
  const expected = "an absolute path of at most " + most + " visible ASCII characters";
  report.error(DiagnosticCode.OutOfRange, node.find(name)!.place(), text, expected);
  return "";
}

function isPath(text: string): bool {
  if (text.length < 2 || text.length > TLS_PATH_SIZE_MAX_BYTES) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 32 || unit >= 127) return false;
  }
  return text.charCodeAt(0) == 0x2f;
}

function isName(text: string): bool {
  if (text.length > NAME_SIZE_MAX_CHARS) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
    const isOther = unit == 45 || unit == 46 || unit == 95;
    if (!isLetter && !isOther && !(unit >= 48 && unit <= 57)) return false;
  }
  return true;
}
