// The WASI functions that Envoy links, with the answers that it gives: no files, no arguments, only the configured
// environment. `proc_exit` returns to the guest.

import { RANDOM_SIZE_MAX_BYTES } from '../abi.ts';
import { toBytes } from '../bytes.ts';
import type { Four, Two } from '../results.ts';
import type { Vm } from '../vm.ts';

const ERRNO = { SUCCESS: 0, BADF: 8, INVAL: 28, NOENT: 44, NOSYS: 52, NOTSUP: 58 } as const;
const STDOUT = 1;
const STDERR = 2;

export const wasiCalls = {
  fd_write(vm: Vm, [fd, vectorsAt, count, out]: Four): number {
    if (fd !== STDOUT && fd !== STDERR) return ERRNO.BADF;
    const parts: Uint8Array[] = [];
    for (let at = vectorsAt; at < vectorsAt + 8 * count; at += 8) {
      parts.push(vm.memory.read(vm.memory.readU32(at), vm.memory.readU32(at + 4)));
    }
    const written = Buffer.concat(parts);
    const text = written.toString('utf8').replace(/\n$/, '');
    const level = fd === STDOUT ? 'info' : 'error';
    if (written.length > 0)
      vm.process.logs.write({ level, text, context: vm.context.id, vm: vm.name });
    vm.memory.writeU32(out, written.length);
    return ERRNO.SUCCESS;
  },

  fd_read: (): number => ERRNO.NOSYS,
  fd_seek: (): number => ERRNO.SUCCESS,
  fd_close: (): number => ERRNO.SUCCESS,
  fd_prestat_get: (): number => ERRNO.BADF,
  fd_prestat_dir_name: (): number => ERRNO.NOSYS,
  path_open: (): number => ERRNO.NOENT,
  sched_yield: (): number => ERRNO.SUCCESS,
  proc_exit: (): undefined => undefined,

  fd_fdstat_get(vm: Vm, [fd, out]: Two): number {
    if (fd !== STDOUT && fd !== STDERR) return ERRNO.BADF;
    const stat = Buffer.alloc(24);
    stat.writeBigUInt64LE(64n, 8);
    vm.memory.write(out, stat);
    return ERRNO.SUCCESS;
  },

  args_sizes_get: noStrings,
  args_get: (): number => ERRNO.SUCCESS,

  environ_sizes_get(vm: Vm, [outCount, outSize]: Two): number {
    const strings = environment(vm);
    vm.memory.writeU32(outCount, strings.length);
    vm.memory.writeU32(
      outSize,
      strings.reduce((sum, { length }) => sum + length, 0),
    );
    return ERRNO.SUCCESS;
  },

  environ_get(vm: Vm, [pointersAt, textAt]: Two): number {
    let at = textAt;
    environment(vm).forEach((string, index) => {
      vm.memory.writeU32(pointersAt + 4 * index, at);
      vm.memory.write(at, string);
      at += string.length;
    });
    return ERRNO.SUCCESS;
  },

  clock_time_get(vm: Vm, [id, , out]: readonly [number, bigint, number]): number {
    if (id !== 0 && id !== 1) return ERRNO.NOTSUP;
    const wallNs = vm.process.clock.read();
    vm.memory.writeU64(out, id === 0 ? wallNs : vm.process.clock.monotonicNs);
    return ERRNO.SUCCESS;
  },

  clock_res_get(vm: Vm, [id, out]: Two): number {
    if (id !== 0 && id !== 1) return ERRNO.NOTSUP;
    vm.memory.writeU64(out, 1n);
    return ERRNO.SUCCESS;
  },

  random_get(vm: Vm, [at, size]: Two): number {
    if (size >>> 0 > RANDOM_SIZE_MAX_BYTES) return ERRNO.INVAL;
    vm.memory.write(at, vm.process.random.bytes(size));
    return ERRNO.SUCCESS;
  },

  /** Does not sleep. */
  poll_oneoff(vm: Vm, [, , , outEvents]: Four): number {
    vm.memory.writeU32(outEvents, 0);
    return ERRNO.SUCCESS;
  },
} satisfies Record<string, (vm: Vm, args: never) => number | undefined>;

function noStrings(vm: Vm, [outCount, outSize]: Two): number {
  vm.memory.writeU32(outCount, 0);
  vm.memory.writeU32(outSize, 0);
  return ERRNO.SUCCESS;
}

function environment(vm: Vm): Uint8Array[] {
  return Object.entries(vm.facts.environment).map(([name, value]) => toBytes(`${name}=${value}\0`));
}
