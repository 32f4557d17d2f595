// Values shared by all VMs with the same vm_id, changed by compare-and-set. There is no removal and
// no expiry, so callers use a fixed number of keys. What is read back may come from other code and
// is parsed as hostile. Both.

import {
  proxy_get_shared_data,
  proxy_set_shared_data,
} from "@solo-io/proxy-runtime/assembly/imports";
import { Status } from "../shared/abi";
import { ABSENT, FAILED, Slice, sizeOf, slice, startOf } from "../memory/slice";
import { countHostFailure } from "./failures";
import { OUT_AT, OUT_NUMBER, OUT_SIZE } from "./out";

/** How a store ended. */
export const enum Stored {
  Yes = 0,
  /** Somebody else changed the value since it was read: read again. */
  Conflict = 1,
  Failed = 2,
}

// A version that no value has: storing with it succeeds only while the key does not exist.
const NEVER: u32 = 0xffff_ffff;

/** Stores whatever the key's version is. */
export const ANY_VERSION: u32 = 0;

/** Version of the value that readShared returned last. */
let version: u32 = NEVER;

/** The value in the arena; ABSENT when the key was never set. Keeps its version for writeShared. */
export function readShared(key: Slice): Slice {
  version = NEVER;
  const status = proxy_get_shared_data(startOf(key), sizeOf(key), OUT_AT, OUT_SIZE, OUT_NUMBER);
  if (status == Status.Ok) {
    version = load<u32>(OUT_NUMBER);
    return slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
  }
  if (status == Status.NotFound) return ABSENT;
  countHostFailure();
  return FAILED;
}

/** The version that belongs to the last readShared. */
export function sharedVersion(): u32 {
  return version;
}

/**
 * Stores a value if its version is still `expected`, the sharedVersion() of the read before. After
 * a read that found nothing this stores only if the key is still new.
 */
export function writeShared(key: Slice, value: Slice, expected: u32): Stored {
  const status = proxy_set_shared_data(
    startOf(key),
    sizeOf(key),
    startOf(value),
    sizeOf(value),
    expected,
  );
  if (status == Status.Ok) return Stored.Yes;
  if (status == Status.CasMismatch) return Stored.Conflict;
  countHostFailure();
  return Stored.Failed;
}
