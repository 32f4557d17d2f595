// Foreign functions: those that write filter state and clear the route cache. Compression, signatures and CEL are not
// emulated; like any unknown name they answer 1.

import { Status } from '../abi.ts';
import type { Context } from '../contexts.ts';
import { bytesField, numberField, parseMessage } from '../protobuf.ts';
import type { Six } from '../results.ts';
import type { Vm } from '../vm.ts';

/** Keys for which a stock Envoy can build an object from a string. */
const STATE_KEYS: ReadonlySet<string> = new Set([
  'envoy.string',
  'envoy.tcp_proxy.cluster',
  'envoy.ratelimit.hits_addend',
  'envoy.upstream.dynamic_host',
  'envoy.upstream.dynamic_port',
  'envoy.network.upstream_server_name',
  'envoy.network.upstream_subject_alt_names',
]);

type Foreign = (context: Context, argument: Uint8Array) => number;

const FUNCTIONS: Readonly<Record<string, Foreign>> = {
  clear_route_cache: () => Status.OK,

  declare_property(context, argument) {
    const fields = parseMessage(argument);
    if (fields === null || context.kind === 'vm') return Status.BAD_ARGUMENT;
    const key = Buffer.from(bytesField(fields, 1) ?? []).toString('latin1');
    if (context.declared.has(key)) return Status.BAD_ARGUMENT;
    context.declared.set(key, { readOnly: numberField(fields, 2) !== 0 });
    return Status.OK;
  },

  set_envoy_filter_state(context, argument) {
    const fields = parseMessage(argument);
    if (fields === null) return Status.BAD_ARGUMENT;
    const key = Buffer.from(bytesField(fields, 1) ?? []).toString('latin1');
    if (context.kind !== 'stream' || !STATE_KEYS.has(key)) return Status.NOT_FOUND;
    context.exchange.filterState.set(key, {
      value: bytesField(fields, 2) ?? new Uint8Array(0),
      readOnly: false,
    });
    return Status.OK;
  },
};

export const foreignCalls = {
  proxy_call_foreign_function(
    vm: Vm,
    [nameAt, nameSize, argAt, argSize, outAddress, outSize]: Six,
  ): number {
    const name = vm.memory.readBinary(nameAt, nameSize);
    const argument = vm.memory.read(argAt, argSize);
    const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (called === undefined) return Status.NOT_FOUND;
    const status = called(vm.context, argument);
    if (outAddress !== 0) vm.memory.writeU32(outAddress, 0);
    if (outSize !== 0) vm.memory.writeU32(outSize, 0);
    return status;
  },
};
