// Host calls over metrics.

import { Status } from '../abi.ts';
import type { Four, Two } from '../results.ts';
import type { Vm } from '../vm.ts';

export const metricCalls = {
  proxy_define_metric(vm: Vm, [type, at, size, out]: Four): number {
    const name = Buffer.from(vm.memory.read(at, size)).toString('utf8');
    const id = vm.metricIds.define(vm.process.metrics, type, name);
    if (id === undefined) return Status.BAD_ARGUMENT;
    vm.memory.writeU32(out, id);
    return Status.OK;
  },

  proxy_increment_metric(vm: Vm, [id, by]: readonly [number, bigint]): number {
    return vm.metricIds.increment(id, by);
  },

  proxy_record_metric(vm: Vm, [id, value]: readonly [number, bigint]): number {
    return vm.metricIds.record(id, value);
  },

  proxy_get_metric(vm: Vm, [id, out]: Two): number {
    const found = vm.metricIds.get(id);
    if (typeof found === 'number') return found;
    vm.memory.writeU64(out, found.value);
    return Status.OK;
  },
};
