// One host call as a person reads it: texts instead of addresses and sizes, the answer behind an arrow. Used only while
// the trace is on; it reads guest memory and changes nothing.

import { Status } from './abi.ts';
import { toText } from './bytes.ts';
import { unpackPairs } from './pairs.ts';
import type { Vm } from './vm.ts';

/**
 * The parameters of a call, one letter each: s text, p path (parts end in NUL), m header map, h packed headers,
 * n number, b bytes that are only counted; capitals are out parameters: S text, H packed headers, N number, L 64-bit
 * number.
 */
const SHAPES: Readonly<Record<string, string>> = {
  proxy_log: 'ns',
  proxy_get_log_level: 'N',
  proxy_get_status: 'NS',
  proxy_get_property: 'pS',
  proxy_set_property: 'ps',
  proxy_get_header_map_value: 'msS',
  proxy_add_header_map_value: 'mss',
  proxy_replace_header_map_value: 'mss',
  proxy_remove_header_map_value: 'ms',
  proxy_get_header_map_pairs: 'mH',
  proxy_set_header_map_pairs: 'mh',
  proxy_get_header_map_size: 'mN',
  proxy_get_buffer_status: 'nNN',
  proxy_get_buffer_bytes: 'nnnS',
  proxy_set_buffer_bytes: 'nnns',
  proxy_send_local_response: 'nsshn',
  proxy_http_call: 'shbhnN',
  proxy_grpc_call: 'bsshbnN',
  proxy_grpc_stream: 'bsshN',
  proxy_grpc_send: 'nbn',
  proxy_define_metric: 'nsN',
  proxy_get_metric: 'nL',
  proxy_get_shared_data: 'sSN',
  proxy_set_shared_data: 'ssn',
  proxy_register_shared_queue: 'sN',
  proxy_resolve_shared_queue: 'ssN',
  proxy_dequeue_shared_queue: 'nS',
  proxy_enqueue_shared_queue: 'ns',
  proxy_get_current_time_nanoseconds: 'L',
  proxy_call_foreign_function: 'ssS',
};
const SIZES: Readonly<Record<string, number>> = { s: 2, p: 2, h: 2, b: 2, S: 2, H: 2 };
const MAPS = [
  'request headers',
  'request trailers',
  'response headers',
  'response trailers',
  'gRPC initial metadata',
  'gRPC trailing metadata',
  'answer headers',
  'answer trailers',
];
const STATUS_NAMES = new Map<number, string>(
  Object.entries(Status).map(([name, value]) => [value, name]),
);
const TEXT_SHOWN_MAX_CHARS = 120;

type Args = readonly (number | bigint)[];

/** `proxy_get_property(source.address) → 10.1.2.3:0`. */
export function callText(vm: Vm, name: string, args: Args, result: unknown): string {
  const shape = SHAPES[name];
  if (shape === undefined || args.length !== widthOf(shape))
    return `${name}(${args.join(', ')})${result === undefined ? '' : ` → ${statusText(name, result)}`}`;
  const given: string[] = [];
  const got: string[] = [];
  let at = 0;
  for (const letter of shape) {
    const size = SIZES[letter] ?? 1;
    const isOut = letter <= 'Z';
    if (!isOut) given.push(shown(vm, letter, args.slice(at, at + size)));
    else if (result === Status.OK) got.push(answer(vm, letter, args.slice(at, at + size)));
    at += size;
  }
  const status = result === Status.OK && got.length > 0 ? got.join(', ') : statusText(name, result);
  return `${name}(${given.join(', ')}) → ${status}`;
}

/** The attribute, by Envoy's name, that a call reads; null for all other calls. */
export function attributeRead(vm: Vm, name: string, args: Args): string | null {
  const [first = 0, second = 0, third = 0] = args.map(Number);
  const owner = first === 2 ? 'response' : 'request';
  if (name === 'proxy_get_property') return pathText(vm, first, second);
  if (name === 'proxy_get_header_map_pairs') return first <= 2 ? `${owner}.headers` : null;
  if (name !== 'proxy_get_header_map_value' || first > 2) return null;
  return `${owner}.headers.${toText(vm.memory.readBinary(second, third))}`;
}

function widthOf(shape: string): number {
  return Array.from(shape).reduce((sum, letter) => sum + (SIZES[letter] ?? 1), 0);
}

function statusText(name: string, result: unknown): string {
  const number = Number(result);
  return (name.startsWith('proxy_') ? STATUS_NAMES.get(number) : undefined) ?? String(number);
}

function shown(vm: Vm, letter: string, args: Args): string {
  const [at = 0, size = 0] = args.map(Number);
  if (letter === 'm') return MAPS[at] ?? `map ${at}`;
  if (letter === 'n') return String(at);
  if (letter === 'b') return `${size} bytes`;
  if (letter === 'p') return pathText(vm, at, size);
  if (letter === 'h') return pairsText(vm.memory.read(at, size));
  return textOf(vm.memory.readBinary(at, size));
}

function answer(vm: Vm, letter: string, args: Args): string {
  const [at = 0, size = 0] = args.map(Number);
  if (letter === 'N') return String(vm.memory.readU32(at));
  if (letter === 'L') return String(Buffer.from(vm.memory.read(at, 8)).readBigUInt64LE());
  const bytes = vm.memory.read(vm.memory.readU32(at), vm.memory.readU32(size));
  if (letter === 'H') return pairsText(bytes);
  return textOf(Buffer.from(bytes).toString('latin1'));
}

function pathText(vm: Vm, at: number, size: number): string {
  return toText(vm.memory.readBinary(at, size)).replace(/\0$/, '').replaceAll('\0', '.');
}

function pairsText(bytes: Uint8Array): string {
  return textOf(
    unpackPairs(bytes)
      .map(([name, value]) => `${name}: ${value}`)
      .join('; '),
  );
}

/** Readable text is shown, other bytes are counted. */
function textOf(binary: string): string {
  const text = toText(binary);
  if (/[\0-\x08\x0b-\x1f]/.test(text)) return `${binary.length} bytes`;
  const cut = text.length > TEXT_SHOWN_MAX_CHARS ? `${text.slice(0, TEXT_SHOWN_MAX_CHARS)}…` : text;
  return JSON.stringify(cut);
}
