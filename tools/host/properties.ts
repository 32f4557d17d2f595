// Resolves a property path: what the test says first, then Envoy's own values, then filter state by its bare name.
// Without a stream only the node and the plugin's names can be read.

import { Status } from './abi.ts';
import { toBinary, toText } from './bytes.ts';
import type { ConnectionContext } from './connection-context.ts';
import { CONNECTION_PROPERTIES, OF_HANDSHAKE } from './connection-properties.ts';
import type { Context, StreamContext } from './contexts.ts';
import type { StateValue } from './exchange.ts';
import type { HeaderMap } from './headers.ts';
import { packPairs } from './pairs.ts';
import { PROPERTIES, requestHeadersNow, responseHeadersNow } from './property-table.ts';
import { encodeProperty, int64 } from './property-values.ts';
import type { NumberKind } from './property-values.ts';
import type { Vm } from './vm.ts';

type Result = Uint8Array | string | number;

/** Reading one of these as a whole fails: they cannot list what they hold. */
const WHOLES: ReadonlySet<string> = new Set([
  'request',
  'response',
  'connection',
  'upstream',
  'source',
  'destination',
  'xds',
  'filter_state',
  'upstream_filter_state',
]);
const PLUGIN_NAMES: ReadonlySet<string> = new Set([
  'plugin_name',
  'plugin_root_id',
  'plugin_vm_id',
]);
/** These names never mean filter state. */
const ROOTS: ReadonlySet<string> = new Set([...WHOLES, 'metadata']);
const METADATA = /^(metadata|xds\.\w+_metadata|filter_state|xds\.node)(\.|$)/;
/** Four zero bytes: a map property without entries. */
const EMPTY_MAP = Uint8Array.of(0, 0, 0, 0);

/** The bytes (or a binary string), or the status of the failure. */
export function readProperty(vm: Vm, path: string): Result {
  const parts = path.split('\0');
  if (parts.at(-1) === '') parts.pop();
  if (parts.length === 0) return Status.SERIALIZATION_FAILURE;
  const dotted = parts.join('.');
  const { context } = vm;
  const everywhere = readEverywhere(vm, parts, dotted);
  if (everywhere !== undefined) return everywhere;
  if (context.kind === 'connection') return readOfConnection(context, parts, dotted);
  if (context.kind !== 'stream') return Status.NOT_FOUND;
  return readOfStream(context, parts, dotted);
}

function readEverywhere(vm: Vm, parts: readonly string[], dotted: string): Result | undefined {
  if (PLUGIN_NAMES.has(parts[0] ?? '') && parts.length > 1) return Status.NOT_FOUND;
  switch (parts[0]) {
    case 'plugin_name':
      return vm.root === null ? Status.NOT_FOUND : toBinary(vm.root.plugin.name);
    case 'plugin_root_id':
      return vm.root === null ? Status.NOT_FOUND : toBinary(vm.root.plugin.rootId);
    case 'plugin_vm_id':
      return toBinary(vm.facts.vmId);
    case 'xds':
      if (parts.length === 1) return Status.SERIALIZATION_FAILURE;
      break;
    default:
      return undefined;
  }
  if (parts[1] !== 'node' || overridden(vm, dotted)) return undefined;
  return encodeProperty(descend(vm.facts.node, parts.slice(2)), 'double');
}

function overridden(vm: Vm, dotted: string): boolean {
  const { context } = vm;
  return findOverride(givenFor(context), dotted) !== null;
}

function readOfStream(stream: StreamContext, parts: readonly string[], dotted: string): Result {
  // A part with a dot in it is no path: `request.path` in one piece is not the path of the request.
  const known = parts.some((part) => part.includes('.')) ? undefined : PROPERTIES.get(dotted);
  if (known !== undefined && !known.isReadable(stream)) return Status.NOT_FOUND;
  const given =
    parts.length === 1 && dotted.includes('.') ? null : findOverride(givenFor(stream), dotted);
  if (given !== null) return encodeProperty(given.value, numbersOf(dotted));
  if (known !== undefined) return encodeKnown(known.read(stream));
  if (dotted === 'upstream_filter_state' && stream.exchange.code === null) return Status.NOT_FOUND;
  if (parts.length === 1 && WHOLES.has(dotted)) return Status.SERIALIZATION_FAILURE;
  return readMap(stream, parts) ?? readState(stream.exchange.filterState, parts);
}

/** Values of the table are binary strings already. */
function encodeKnown(value: string | boolean | bigint | undefined): Result {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return int64(value);
  return encodeProperty(value, 'int');
}

/** Before the handshake nobody knows the peer, whatever the test gave. */
function readOfConnection(
  connection: ConnectionContext,
  parts: readonly string[],
  dotted: string,
): Result {
  // A part with a dot in it is no path here either.
  const isPath = parts.every((part) => !part.includes('.'));
  const known = isPath ? CONNECTION_PROPERTIES.get(dotted) : undefined;
  if (known !== undefined && !known.isReadable(connection)) return Status.NOT_FOUND;
  const isEarly = OF_HANDSHAKE.test(dotted) && !connection.facts.hasData;
  const given = isEarly ? null : findOverride(givenFor(connection), dotted);
  if (given !== null) return encodeProperty(given.value, numbersOf(dotted));
  if (known !== undefined) return encodeKnown(known.read(connection));
  if (parts.length === 1 && WHOLES.has(dotted)) return Status.SERIALIZATION_FAILURE;
  return readState(connection.filterState, parts);
}

function readMap(stream: StreamContext, parts: readonly string[]): Result | undefined {
  const [owner, map, name] = parts;
  if (parts.length > 3) return undefined;
  if (owner === 'request' && map === 'headers') return fromMap(requestHeadersNow(stream), name);
  if (owner === 'response' && map === 'headers') return fromMap(responseHeadersNow(stream), name);
  if (owner === 'response' && map === 'trailers') return fromMap(stream.map(3), name);
  return undefined;
}

function fromMap(map: HeaderMap | null, name: string | undefined): Result {
  if (name !== undefined) return map?.joined(name) ?? Status.NOT_FOUND;
  if (map === null) return EMPTY_MAP;
  const names = [...new Set(map.entries.map(([entry]) => entry))];
  return packPairs(names.map((entry) => [entry, map.joined(entry) ?? '']));
}

/** `filter_state.KEY`, or a bare name for `wasm.NAME`. */
function readState(filterState: ReadonlyMap<string, StateValue>, parts: readonly string[]): Result {
  const [owner = '', name = ''] = parts;
  if (ROOTS.has(owner) && owner !== 'filter_state') return Status.NOT_FOUND;
  const key = owner === 'filter_state' ? name : `wasm.${owner}`;
  return filterState.get(key)?.value ?? Status.NOT_FOUND;
}

type Given = Record<string, unknown> | undefined;

/** What the test gave for a stream or a connection. */
function givenFor(context: Context): Given {
  if (context.kind === 'stream') return context.exchange.input.properties;
  return context.kind === 'connection' ? context.input.properties : undefined;
}

/** A value that the test gave for this path, a part of one it gave for a shorter path, or a map of longer ones. */
function findOverride(properties: Given, dotted: string): { value: unknown } | null {
  if (properties === undefined) return null;
  const path = toText(dotted);
  if (Object.hasOwn(properties, path)) return { value: properties[path] };
  return fromShorter(properties, path) ?? fromLonger(properties, path);
}

function fromShorter(properties: Record<string, unknown>, path: string): { value: unknown } | null {
  for (const [name, value] of Object.entries(properties)) {
    if (path.startsWith(`${name}.`))
      return { value: descendDotted(value, path.slice(name.length + 1)) };
  }
  return null;
}

/** Keys may hold dots themselves, as the names of filters do. */
function descendDotted(value: unknown, path: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (path === key) return item;
    if (path.startsWith(`${key}.`)) return descendDotted(item, path.slice(key.length + 1));
  }
  return undefined;
}

function fromLonger(properties: Record<string, unknown>, path: string): { value: unknown } | null {
  const inside = Object.entries(properties).filter(([name]) => name.startsWith(`${path}.`));
  if (inside.length === 0 || WHOLES.has(path)) return null;
  return {
    value: Object.fromEntries(inside.map(([name, value]) => [name.slice(path.length + 1), value])),
  };
}

function descend(value: unknown, parts: readonly string[]): unknown {
  let at = value;
  for (const part of parts) {
    // A list has no members that a path could name.
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined;
    if (!Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function numbersOf(dotted: string): NumberKind {
  return METADATA.test(dotted) ? 'double' : 'int';
}
