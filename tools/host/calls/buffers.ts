// Host calls over bodies, configurations and the answers of calls.

import { BufferType, Status } from '../abi.ts';
import { BodyBuffer } from '../bodies.ts';
import { give } from '../results.ts';
import type { Five, Three } from '../results.ts';
import type { Vm } from '../vm.ts';

export const bufferCalls = {
  proxy_get_buffer_status(vm: Vm, [type, outSize, outFlags]: Three): number {
    if (type >>> 0 > BufferType.CALL_DATA) return Status.BAD_ARGUMENT;
    const buffer = vm.context.buffer(type);
    if (buffer === null) return Status.NOT_FOUND;
    vm.memory.writeU32(outSize, bytesOf(buffer).length);
    vm.memory.writeU32(outFlags, 0);
    return Status.OK;
  },

  proxy_get_buffer_bytes(vm: Vm, [type, start, size, outAddress, outSize]: Five): number {
    if (type >>> 0 > BufferType.CALL_DATA) return Status.BAD_ARGUMENT;
    const buffer = vm.context.buffer(type);
    if (buffer === null) return Status.NOT_FOUND;
    const from = start >>> 0;
    return give(vm, bytesOf(buffer).subarray(from, from + (size >>> 0)), outAddress, outSize);
  },

  proxy_set_buffer_bytes(vm: Vm, [type, start, length, at, size]: Five): number {
    if (type >>> 0 > BufferType.CALL_DATA) return Status.BAD_ARGUMENT;
    const bytes = vm.memory.read(at, size);
    const buffer = vm.context.buffer(type);
    if (buffer === null) return Status.NOT_FOUND;
    if (!(buffer instanceof BodyBuffer)) return Status.BAD_ARGUMENT;
    return buffer.set(start >>> 0, length >>> 0, bytes);
  },
};

function bytesOf(buffer: BodyBuffer | Uint8Array): Uint8Array {
  return buffer instanceof BodyBuffer ? buffer.bytes : buffer;
}
