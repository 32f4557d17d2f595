// Host calls where Google's tester differs from Envoy: no metrics, no callouts, no filter state; properties are those
// of the test; a header map that is not of this phase is an error.

import { Status } from '../host/abi.ts';
import { binaryToBytes, toText } from '../host/bytes.ts';
import { headerCalls } from '../host/calls/headers.ts';
import type { HostCall } from '../host/imports.ts';
import { give } from '../host/results.ts';
import type { Four, Three } from '../host/results.ts';
import type { Vm } from '../host/vm.ts';

const UNIMPLEMENTED = [
  'proxy_define_metric',
  'proxy_increment_metric',
  'proxy_record_metric',
  'proxy_get_metric',
  'proxy_http_call',
  'proxy_grpc_call',
  'proxy_grpc_stream',
  'proxy_grpc_send',
  'proxy_grpc_cancel',
  'proxy_grpc_close',
  'proxy_set_property',
  'proxy_continue_stream',
  'proxy_close_stream',
  'proxy_call_foreign_function',
];

/** The calls of a host whose test gives these properties, by path. */
export function testerCalls(
  properties: ReadonlyMap<string, string>,
): Readonly<Record<string, HostCall>> {
  const unimplemented = (): number => Status.UNIMPLEMENTED;
  return {
    ...Object.fromEntries(UNIMPLEMENTED.map((name) => [name, unimplemented])),
    proxy_get_property(vm: Vm, [pathAt, pathSize, outAddress, outSize]: Four): number {
      const path = vm.memory.readBinary(pathAt, pathSize).split('\0').filter(Boolean).join('.');
      const value = vm.context.kind === 'stream' ? properties.get(toText(path)) : ofRoot(path);
      if (value === undefined) return Status.NOT_FOUND;
      return give(vm, binaryToBytes(value), outAddress, outSize);
    },
    proxy_get_header_map_pairs(vm: Vm, args: Three): number {
      if (vm.context.map(args[0]) === null) return Status.BAD_ARGUMENT;
      return headerCalls.proxy_get_header_map_pairs(vm, args);
    },
  };
}

function ofRoot(path: string): string | undefined {
  return path === 'plugin_root_id' ? '' : undefined;
}
