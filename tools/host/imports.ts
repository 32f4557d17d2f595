// Links the imports that a module names: one table over all host calls, and one wrapper around each that counts,
// denies, fails on request, checks when it may be called, and records. What a call does stands in `calls/`.

import { Status } from './abi.ts';
import { bufferCalls } from './calls/buffers.ts';
import { calloutCalls } from './calls/callouts.ts';
import { contextCalls } from './calls/contexts.ts';
import { foreignCalls } from './calls/foreign.ts';
import { headerCalls } from './calls/headers.ts';
import { metricCalls } from './calls/metrics.ts';
import { propertyCalls } from './calls/properties.ts';
import { sharedCalls } from './calls/shared.ts';
import { streamCalls } from './calls/streams.ts';
import { wasiCalls } from './calls/wasi.ts';
import { OutOfMemoryBounds } from './errors.ts';
import { attributeRead, callText } from './trace-text.ts';
import type { Vm } from './vm.ts';

/** A host call; its arguments come as one tuple, numbers for i32 and bigints for i64. */
export type HostCall = (vm: Vm, args: never) => number | undefined;

const WASI_CALLS: Readonly<Record<string, HostCall>> = wasiCalls;
const ENV_CALLS: Readonly<Record<string, HostCall>> = {
  ...bufferCalls,
  ...calloutCalls,
  ...contextCalls,
  ...foreignCalls,
  ...headerCalls,
  ...metricCalls,
  ...propertyCalls,
  ...sharedCalls,
  ...streamCalls,
};

/** What a denied WASI function returns: ENOTCAPABLE. */
const WASI_DENIED = 76;

const WASI_WHILE_STARTING = [
  'fd_write',
  'args_sizes_get',
  'args_get',
  'environ_sizes_get',
  'environ_get',
  'clock_time_get',
  'clock_res_get',
  'random_get',
  'poll_oneoff',
  'fd_fdstat_get',
  'fd_prestat_get',
  'fd_prestat_dir_name',
];
const ALLOWED = {
  starting: new Set(['proxy_log', 'emscripten_notify_memory_growth', ...WASI_WHILE_STARTING]),
  allocating: new Set(['proxy_log', 'fd_write', 'clock_time_get', 'poll_oneoff']),
};

export function linkImports(vm: Vm, memory: WebAssembly.Memory | null): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module, name, kind } of WebAssembly.Module.imports(vm.facts.module.compiled)) {
    const names = (imports[module] ??= {});
    if (kind === 'function') names[name] = linked(vm, name, module === 'env');
    if (kind === 'memory' && memory !== null) names[name] = memory;
    if (kind === 'table') names[name] = new WebAssembly.Table({ element: 'anyfunc', initial: 0 });
  }
  return imports;
}

function linked(
  vm: Vm,
  name: string,
  isEnv: boolean,
): (...args: (number | bigint)[]) => number | undefined {
  const call = isEnv ? (vm.facts.calls?.[name] ?? ENV_CALLS[name]) : WASI_CALLS[name];
  if (call === undefined) throw new TypeError(`the host has no ${name}`);
  const { process } = vm;
  const { faults, trace } = process;
  const counter = process.counter(name);
  const denied = deniedStatus(vm, name, isEnv);
  return (...args) => {
    counter.count++;
    if (vm.gate !== 'open') assertAllowed(vm, name);
    const result =
      denied?.() ?? (faults.armed ? faults.take(name) : undefined) ?? bounded(call, vm, args);
    if (trace.enabled) record(vm, name, args, result);
    return result;
  };
}

function record(vm: Vm, name: string, args: (number | bigint)[], result: number | undefined): void {
  let text = name;
  let attribute: string | null = null;
  try {
    text = callText(vm, name, args, result);
    attribute = attributeRead(vm, name, args);
  } catch (error) {
    if (!(error instanceof OutOfMemoryBounds)) throw error;
  }
  const { trace, depth } = vm.process;
  const where = { vm: vm.name, context: vm.context.id, depth };
  trace.add({ ...where, kind: 'call', name, args, result, text, attribute });
}

/** A guest that passes addresses outside its memory is told so. */
function bounded(call: HostCall, vm: Vm, args: (number | bigint)[]): number | undefined {
  try {
    return call(vm, args as never);
  } catch (error) {
    if (error instanceof OutOfMemoryBounds) return Status.INVALID_MEMORY_ACCESS;
    throw error;
  }
}

/** Present when the capability restriction leaves the import out. */
function deniedStatus(vm: Vm, name: string, isEnv: boolean): (() => number) | undefined {
  const { allowedCapabilities } = vm.facts;
  const restricted = allowedCapabilities !== null && (!isEnv || name.startsWith('proxy_'));
  if (!restricted || allowedCapabilities.has(name)) return undefined;
  return () => {
    vm.process.logs.host('error', vm.name, `Attempted call to restricted capability: ${name}`);
    return isEnv ? Status.INTERNAL_FAILURE : WASI_DENIED;
  };
}

function assertAllowed(vm: Vm, name: string): void {
  if (vm.gate === 'instantiating') vm.process.crash(`${name} in the start section of the module`);
  if (vm.gate === 'open' || ALLOWED[vm.gate].has(name)) return;
  throw new WebAssembly.RuntimeError(`restricted_callback: ${name} while ${vm.gate}`);
}
