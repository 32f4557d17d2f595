// Host calls over header maps. Which map is readable now is the context's answer; what an absent map means differs by
// call and by phase.

import { MapType, Status } from '../abi.ts';
import type { HeaderMap } from '../headers.ts';
import { packPairs, unpackPairs } from '../pairs.ts';
import { give } from '../results.ts';
import type { Five, Three, Two } from '../results.ts';
import type { Vm } from '../vm.ts';

const SPLITS_A_RESPONSE = /[\r\n\0]/;

export const headerCalls = {
  proxy_get_header_map_value(vm: Vm, [type, keyAt, keySize, outAddress, outSize]: Five): number {
    if (type >>> 0 > MapType.CALL_RESPONSE_TRAILERS) return Status.BAD_ARGUMENT;
    const key = vm.memory.readBinary(keyAt, keySize);
    const { context } = vm;
    const map = context.map(type);
    if (map === null) return context.logging ? Status.NOT_FOUND : Status.BAD_ARGUMENT;
    const value = map.get(key);
    return value === undefined ? Status.NOT_FOUND : give(vm, value, outAddress, outSize);
  },

  proxy_add_header_map_value(vm: Vm, [type, keyAt, keySize, valueAt, valueSize]: Five): number {
    const key = vm.memory.readBinary(keyAt, keySize);
    const value = vm.memory.readBinary(valueAt, valueSize);
    return change(vm, type, [value], (map) => map.add(key, value));
  },

  proxy_replace_header_map_value(vm: Vm, [type, keyAt, keySize, valueAt, valueSize]: Five): number {
    const key = vm.memory.readBinary(keyAt, keySize);
    const value = vm.memory.readBinary(valueAt, valueSize);
    return change(vm, type, [value], (map) => map.replace(key, value));
  },

  proxy_remove_header_map_value(vm: Vm, [type, keyAt, keySize]: Three): number {
    const key = vm.memory.readBinary(keyAt, keySize);
    return change(vm, type, [], (map) => map.remove(key));
  },

  /** An unavailable map reads as an empty one, without an error. */
  proxy_get_header_map_pairs(vm: Vm, [type, outAddress, outSize]: Three): number {
    if (type >>> 0 > MapType.CALL_RESPONSE_TRAILERS) return Status.BAD_ARGUMENT;
    const entries = vm.context.map(type)?.entries ?? [];
    return give(vm, entries.length === 0 ? '' : packPairs(entries), outAddress, outSize);
  },

  /** Pairs that do not decode wipe the map, with status 0. */
  proxy_set_header_map_pairs(vm: Vm, [type, at, size]: Three): number {
    const entries = unpackPairs(vm.memory.read(at, size));
    return change(
      vm,
      type,
      entries.map(([, value]) => value),
      (map) => {
        map.clear();
        for (const [name, value] of entries) map.add(name, value);
      },
    );
  },

  proxy_get_header_map_size(vm: Vm, [type, out]: Two): number {
    const map = vm.context.writableMap(type);
    if (map === null) return Status.BAD_ARGUMENT;
    vm.memory.writeU32(out, map.sizeBytes);
    return Status.OK;
  },
};

function change(
  vm: Vm,
  type: number,
  values: readonly string[],
  edit: (map: HeaderMap) => void,
): number {
  const map = vm.context.writableMap(type);
  if (map === null) return Status.BAD_ARGUMENT;
  const isResponse = type === MapType.RESPONSE_HEADERS || type === MapType.RESPONSE_TRAILERS;
  if (isResponse && values.some((value) => SPLITS_A_RESPONSE.test(value))) {
    vm.process.crash('CR, LF or NUL in a response header goes out as it is: response splitting');
  }
  edit(map);
  return Status.OK;
}
