// URIs as Mixer's uri() takes and compares them: the syntax and the normal form of Go's net/url.
// Both; normal forms stand in the arena.

import { equal, equalIgnoringCase, indexOfByte } from "../memory/bytes";
import { literal } from "../memory/literal";
import { Slice, byteAt, emptySlice, isPresent, sizeOf, subSlice } from "../memory/slice";
import { NameAnswer, equalDnsNames } from "./dns";
import { normalUrl } from "./url-normal";
import { UrlParts, lastIndexOfByte } from "./url-parts";

const HTTP: Slice = literal("http");
const HTTPS: Slice = literal("https");
const FIRST = new UrlParts();
const SECOND = new UrlParts();

/** Whether the text is a URI reference. */
export function isUrl(text: Slice): bool {
  return FIRST.parse(text);
}

/**
 * Whether two URIs are the same: the scheme without letter case, for http and https the host as a
 * DNS name, the rest in normal form.
 */
export function equalUrls(left: Slice, right: Slice): NameAnswer {
  if (!FIRST.parse(left) || !SECOND.parse(right)) return NameAnswer.Bad;
  if (!equalIgnoringCase(FIRST.scheme, SECOND.scheme)) return NameAnswer.Different;
  const isWeb = equalIgnoringCase(FIRST.scheme, HTTP) || equalIgnoringCase(FIRST.scheme, HTTPS);
  if (isWeb) {
    const answer = equalDnsNames(hostName(FIRST), hostName(SECOND));
    if (answer != NameAnswer.Same) return answer;
    if (!equal(portText(FIRST), portText(SECOND))) return NameAnswer.Different;
  }
  const first = normalUrl(FIRST, isWeb);
  const second = normalUrl(SECOND, isWeb);
  if (!isPresent(first) || !isPresent(second)) return NameAnswer.Bad;
  return <NameAnswer>equal(first, second);
}

function hostName(parts: UrlParts): Slice {
  const host = hostOrEmpty(parts);
  const size = sizeOf(host);
  if (size > 0 && byteAt(host, 0) == 91) {
    const end = indexOfByte(host, 93);
    return subSlice(host, 1, end < 0 ? size : <usize>end);
  }
  const colon = indexOfByte(host, 58);
  return colon < 0 ? host : subSlice(host, 0, colon);
}

function portText(parts: UrlParts): Slice {
  const host = hostOrEmpty(parts);
  const size = sizeOf(host);
  const bracket = lastIndexOfByte(host, 93);
  const colon = indexOfByte(host, 58, bracket < 0 ? 0 : <usize>bracket);
  return colon < 0 ? emptySlice() : subSlice(host, <usize>colon + 1, size);
}

function hostOrEmpty(parts: UrlParts): Slice {
  return isPresent(parts.host) ? parts.host : emptySlice();
}
