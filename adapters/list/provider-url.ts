// The URL of a provider: `http://host[:port]/path?query`. What it names becomes the address of the
// cluster, the authority and the path of the request. Cold.

import { LIST_URL_SIZE_MAX_BYTES } from "../../assembly/sdk";

const HTTP: string = "http://";
const HTTPS: string = "https://";

/** A URL in its parts; `isGood` says whether it is one. */
export class ProviderUrl {
  readonly isGood: bool;
  readonly isTls: bool;
  /** Host and port as written. */
  readonly authority: string;
  /** `host:port`, with the scheme's port where none is written. */
  readonly address: string;
  /** Path and query, at least `/`. */
  readonly path: string;

  constructor(url: string) {
    const isTls = url.startsWith(HTTPS);
    const head = isTls ? HTTPS.length : HTTP.length;
    let end = head;
    while (end < url.length && !isAuthorityEnd(url.charCodeAt(end))) end++;
    const authority = url.substring(head, end);
    const fragment = url.indexOf("#", end);
    const rest = url.substring(end, fragment < 0 ? url.length : fragment);
    this.isTls = isTls;
    this.authority = authority;
    this.address = hasPort(authority) ? authority : authority + (isTls ? ":443" : ":80");
    this.path = rest.startsWith("/") ? rest : "/" + rest;
    const isKnown = isTls || url.startsWith(HTTP);
    this.isGood =
      isKnown &&
      url.length <= LIST_URL_SIZE_MAX_BYTES &&
      isAuthority(authority) &&
      isVisible(this.path);
  }
}

// `/`, `?` or `#`.
function isAuthorityEnd(unit: i32): bool {
  return unit == 47 || unit == 63 || unit == 35;
}

function hasPort(authority: string): bool {
  const colon = authority.lastIndexOf(":");
  return colon > 0 && colon > authority.lastIndexOf("]");
}

// Letters, digits and `-._:[]`; a name and password have no place in a document.
function isAuthority(text: string): bool {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isLetter = (unit | 32) >= 97 && (unit | 32) <= 122;
    const isDigit = unit >= 48 && unit <= 58;
    if (!isLetter && !isDigit && unit != 45 && unit != 46 && unit != 95 && !isBracket(unit)) {
      return false;
    }
  }
  return text.length > 0 && text.charCodeAt(0) != 58;
}

function isBracket(unit: i32): bool {
  return unit == 91 || unit == 93;
}

function isVisible(text: string): bool {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 32 || unit >= 127) return false;
  }
  return true;
}
