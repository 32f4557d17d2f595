// The normal form of a URI, as Go's URL.String gives it: scheme in lower case, escapes of the path
// and the fragment as they are if every byte is escaped that must be, else anew. Both; in the
// arena.

import { asciiLower } from "../memory/bytes";
import { takeArena } from "../memory/arena";
import { FAILED, Slice, byteAt, endOf, isPresent, sizeOf, slice, startOf } from "../memory/slice";
import { Writer } from "../memory/writer";
import { hexDigit } from "./number";
import { UrlParts } from "./url-parts";

const out = new Writer();

/** The normal form, without the host if another comparison covers it; FAILED without memory. */
export function normalUrl(parts: UrlParts, withoutHost: bool): Slice {
  const size =
    sizeOf(parts.scheme) +
    sizeOf(parts.opaque) +
    sizeOf(parts.user) +
    sizeOf(parts.host) +
    sizeOf(parts.query) +
    3 * (sizeOf(parts.path) + sizeOf(parts.fragment)) +
    16;
  const at = takeArena(size);
  if (at == 0) return FAILED;
  out.open(at, size);
  for (let index: usize = 0; index < sizeOf(parts.scheme); index++) {
    out.byte(asciiLower(byteAt(parts.scheme, index)));
  }
  if (sizeOf(parts.scheme) > 0) out.byte(58);
  if (isPresent(parts.opaque)) out.bytes(parts.opaque);
  else writeHierarchy(parts, withoutHost);
  out.bytes(parts.query);
  if (sizeOf(parts.fragment) > 0) {
    out.byte(35);
    writeEscaped(parts.fragment, true);
  }
  return out.written;
}

function writeHierarchy(parts: UrlParts, withoutHost: bool): void {
  const hasHost = isPresent(parts.host) && (sizeOf(parts.host) > 0 || sizeOf(parts.path) > 0);
  if (hasHost || isPresent(parts.user)) {
    out.byte(47);
    out.byte(47);
    if (isPresent(parts.user)) {
      out.bytes(parts.user);
      out.byte(64);
    }
    if (!withoutHost && isPresent(parts.host)) out.bytes(parts.host);
  }
  writeEscaped(parts.path, false);
}

function writeEscaped(text: Slice, isFragment: bool): void {
  if (isWellEscaped(text)) {
    out.bytes(text);
    return;
  }
  const end = endOf(text);
  for (let at = startOf(text); at < end; at++) {
    let byte = load<u8>(at);
    if (byte == 37) {
      byte = <u8>((hexDigit(load<u8>(at, 1)) << 4) | hexDigit(load<u8>(at, 2)));
      at += 2;
    }
    if (isPlain(byte, isFragment)) {
      out.byte(byte);
    } else {
      out.byte(37);
      out.hex(byte);
    }
  }
}

function isWellEscaped(text: Slice): bool {
  for (let at: usize = 0; at < sizeOf(text); at++) {
    const byte = byteAt(text, at);
    const isKept = isPlain(byte, true) || byte == 37 || byte == 91 || byte == 93;
    if (!isKept) return false;
  }
  return true;
}

// Letters, digits and - _ . ~ $ & + , / : ; = @; in fragments ? ! ( ) * ' too.
function isPlain(byte: u8, isFragment: bool): bool {
  const lower = byte | 32;
  if ((lower >= 97 && lower <= 122) || (byte >= 48 && byte <= 57)) return true;
  switch (<i32>byte) {
    case 45:
    case 95:
    case 46:
    case 126:
    case 36:
    case 38:
    case 43:
    case 44:
    case 47:
    case 58:
    case 59:
    case 61:
    case 64:
      return true;
    case 63:
    case 33:
    case 40:
    case 41:
    case 42:
    case 39:
      return isFragment;
    default:
      return false;
  }
}
