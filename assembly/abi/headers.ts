// Header maps of the current stream. Absent, failed and empty stay apart; values that could split a
// message are refused here, once for everybody. Both.

import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "@solo-io/proxy-runtime/assembly/imports";
import { HeaderMap, Status } from "../shared/abi";
import { ABSENT, FAILED, Slice, endOf, sizeOf, slice, startOf } from "../memory/slice";
import { countHostFailure } from "./failures";
import { OUT_AT, OUT_SIZE } from "./out";

/** The first value of a header, in the arena; ABSENT without the header or the map. */
export function readHeader(map: HeaderMap, name: Slice): Slice {
  const status = proxy_get_header_map_value(map, startOf(name), sizeOf(name), OUT_AT, OUT_SIZE);
  if (status == Status.Ok) return slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
  if (status == Status.NotFound || status == Status.BadArgument) return ABSENT;
  countHostFailure();
  return FAILED;
}

/**
 * All headers as a packed pairs block in the arena; ABSENT when the map is not there (or empty).
 */
export function readHeaders(map: HeaderMap): Slice {
  const status = proxy_get_header_map_pairs(map, OUT_AT, OUT_SIZE);
  if (status == Status.Ok) {
    return load<u32>(OUT_SIZE) == 0 ? ABSENT : slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
  }
  countHostFailure();
  return FAILED;
}

/** Whether the bytes may stand in a header value: no CR, LF or NUL. */
export function isHeaderValue(value: Slice): bool {
  const end = endOf(value);
  for (let at = startOf(value); at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 13 || byte == 10 || byte == 0) return false;
  }
  return true;
}

/** Leaves exactly one line of this header; false when refused. */
export function replaceHeader(map: HeaderMap, name: Slice, value: Slice): bool {
  if (!isHeaderValue(value)) return false;
  return accepted(
    proxy_replace_header_map_value(map, startOf(name), sizeOf(name), startOf(value), sizeOf(value)),
  );
}

/** Adds a line of this header; false when refused. */
export function addHeader(map: HeaderMap, name: Slice, value: Slice): bool {
  if (!isHeaderValue(value)) return false;
  return accepted(
    proxy_add_header_map_value(map, startOf(name), sizeOf(name), startOf(value), sizeOf(value)),
  );
}

/** Removes every line of this header. */
export function removeHeader(map: HeaderMap, name: Slice): bool {
  return accepted(proxy_remove_header_map_value(map, startOf(name), sizeOf(name)));
}

function accepted(status: u32): bool {
  if (status == Status.Ok) return true;
  countHostFailure();
  return false;
}
