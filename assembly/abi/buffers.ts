// Configuration bytes and bodies of callouts. Both.

import { proxy_get_buffer_bytes } from "@solo-io/proxy-runtime/assembly/imports";
import { BufferKind, Status } from "../shared/abi";
import { FAILED, Slice, slice } from "../memory/slice";
import { countHostFailure } from "./failures";
import { OUT_AT, OUT_SIZE } from "./out";

/** Up to `sizeMax` bytes from the start of a buffer, where the inbox put them. */
export function readBuffer(kind: BufferKind, sizeMax: u32): Slice {
  return readBufferPart(kind, 0, sizeMax);
}

/** Up to `sizeMax` bytes from `start` of a buffer, where the inbox put them. */
export function readBufferPart(kind: BufferKind, start: u32, sizeMax: u32): Slice {
  const status = proxy_get_buffer_bytes(kind, start, sizeMax, OUT_AT, OUT_SIZE);
  if (status == Status.Ok) return slice(load<u32>(OUT_AT), load<u32>(OUT_SIZE));
  countHostFailure();
  return FAILED;
}
