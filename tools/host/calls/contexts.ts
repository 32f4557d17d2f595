// Host calls about the plugin itself: log, clock, timer, status of the last call, effective context, end.

import { LOG_LEVELS, Status } from '../abi.ts';
import { give } from '../results.ts';
import type { One, Three, Two } from '../results.ts';
import type { Vm } from '../vm.ts';

const NS_PER_MS = 1_000_000n;

export const contextCalls = {
  proxy_log(vm: Vm, [level, at, size]: Three): number {
    const name = LOG_LEVELS[level];
    if (name === undefined) return Status.BAD_ARGUMENT;
    const text = Buffer.from(vm.memory.read(at, size)).toString('utf8');
    vm.process.logs.write({ level: name, text, context: vm.context.id, vm: vm.name });
    return Status.OK;
  },

  proxy_get_log_level(vm: Vm, [out]: One): number {
    vm.memory.writeU32(out, LOG_LEVELS.indexOf(vm.process.logs.level));
    return Status.OK;
  },

  proxy_get_current_time_nanoseconds(vm: Vm, [out]: One): number {
    vm.memory.writeU64(out, vm.process.clock.read());
    return Status.OK;
  },

  proxy_set_tick_period_milliseconds(vm: Vm, [periodMs]: One): number {
    const { root } = vm;
    if (root === null) return Status.BAD_ARGUMENT;
    root.tickPeriodMs = periodMs >>> 0;
    root.nextTickNs =
      periodMs === 0 ? null : vm.process.clock.monotonicNs + BigInt(root.tickPeriodMs) * NS_PER_MS;
    return Status.OK;
  },

  proxy_get_status(vm: Vm, [outCode, outAddress, outSize]: Three): number {
    const { code, message } = vm.root?.status ?? { code: 0, message: '' };
    vm.memory.writeU32(outCode, code);
    return give(vm, message, outAddress, outSize);
  },

  proxy_set_effective_context(vm: Vm, [id]: One): number {
    const context = vm.contexts.get(id >>> 0);
    if (context === undefined) return Status.BAD_ARGUMENT;
    vm.effective = context;
    return Status.OK;
  },

  proxy_done(vm: Vm): number {
    const { context } = vm;
    if (context.kind !== 'root' || !context.pendingDone) return Status.NOT_FOUND;
    context.pendingDone = false;
    vm.defer(() => {
      vm.enter(context, 'proxy_on_delete', context.id);
      vm.contexts.delete(context.id);
      vm.callouts.cancelOf(context);
    });
    return Status.OK;
  },

  pthread_equal(_vm: Vm, [left, right]: Two): number {
    return left === right ? 1 : 0;
  },

  emscripten_notify_memory_growth(): undefined {
    return undefined;
  },
};
