// Envoy's attributes by path, and filter state of our own. A path is its parts separated by NUL,
// encoded once when the document is compiled. Both.

import { proxy_get_property, proxy_set_property } from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { ABSENT, FAILED, Slice, sizeOf, slice, startOf } from "../memory/slice";
import { countHostFailure } from "./failures";
import { OUT_AT, OUT_SIZE } from "./out";

/** The property's bytes in Envoy's encoding, in the arena; ABSENT when there is none here. */
export function readProperty(path: Slice): Slice {
  const status = proxy_get_property(startOf(path), sizeOf(path), OUT_AT, OUT_SIZE);
  if (status == Status.Ok) return slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
  // A whole object, or a value without an encoding, answers SerializationFailure: as good as none.
  if (status == Status.NotFound || status == Status.SerializationFailure) return ABSENT;
  countHostFailure();
  return FAILED;
}

/** Sets filter state `wasm.<name>`, readable by later filters and Envoy's access log. */
export function setFilterState(name: Slice, value: Slice): bool {
  const status = proxy_set_property(startOf(name), sizeOf(name), startOf(value), sizeOf(value));
  if (status == Status.Ok) return true;
  countHostFailure();
  return false;
}
