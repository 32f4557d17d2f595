// Host calls over properties.

import { Status } from '../abi.ts';
import { readProperty } from '../properties.ts';
import { give } from '../results.ts';
import type { Four } from '../results.ts';
import type { Vm } from '../vm.ts';

export const propertyCalls = {
  proxy_get_property(vm: Vm, [pathAt, pathSize, outAddress, outSize]: Four): number {
    const value = readProperty(vm, vm.memory.readBinary(pathAt, pathSize));
    return typeof value === 'number' ? value : give(vm, value, outAddress, outSize);
  },

  /** Makes filter state `wasm.<path>`, whatever the path is; it never writes what other filters own. */
  proxy_set_property(vm: Vm, [pathAt, pathSize, valueAt, valueSize]: Four): number {
    const path = vm.memory.readBinary(pathAt, pathSize);
    const value = vm.memory.read(valueAt, valueSize);
    const { context } = vm;
    if (context.kind !== 'stream' && context.kind !== 'connection') return Status.NOT_FOUND;
    const { filterState } = context.kind === 'stream' ? context.exchange : context;
    const key = `wasm.${path}`;
    const known = filterState.get(key);
    if (known?.readOnly === true) return Status.BAD_ARGUMENT;
    filterState.set(key, { value, readOnly: context.root.declared.get(path)?.readOnly ?? false });
    return Status.OK;
  },
};
