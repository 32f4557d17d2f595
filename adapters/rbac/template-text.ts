// Path templates as policies write them, checked by the rules of Envoy's own. Cold.

import { replaced } from "../../assembly/sdk";
import { ANY_SEGMENTS, ONE_SEGMENT, isPlainByte } from "./path-template";

const STAR: i32 = 42;
const SLASH: i32 = 47;

/** The compiled text; "" for a template that Envoy would refuse. */
export function templateOf(value: string): string {
  const any = String.fromCharCode(ANY_SEGMENTS);
  const one = String.fromCharCode(ONE_SEGMENT);
  const text = replaced(replaced(value, "{**}", any), "{*}", one);
  if (text.charCodeAt(0) != SLASH) return "";
  const segments = text.substring(1).split("/");
  let isOpen = false;
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at];
    const isLast = at == segments.length - 1;
    // Only the last segment may be empty, or have text behind its wildcard.
    if (segment.length == 0 && !isLast) return "";
    const first = segment.length == 0 ? 0 : segment.charCodeAt(0);
    const isWildcard = first == <i32>ONE_SEGMENT || first == <i32>ANY_SEGMENTS;
    if (isWildcard && isOpen) return "";
    if (first == <i32>ANY_SEGMENTS) isOpen = true;
    if (isWildcard && segment.length > 1 && !isLast) return "";
    if (!isPlain(segment, isWildcard ? 1 : 0)) return "";
  }
  return text;
}

function isPlain(segment: string, from: i32): bool {
  for (let at = from; at < segment.length; at++) {
    const unit = segment.charCodeAt(at);
    // A star is for Envoy's own notation.
    if (unit >= 128 || unit == STAR || !isPlainByte(<u8>unit)) return false;
  }
  return true;
}
