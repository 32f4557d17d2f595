// The headers by which proxies tell each other who they are, as Istio's proxies write and read them.

import { struct, type Value } from '../config/wire.ts';

export const METADATA_HEADER = 'x-envoy-peer-metadata';
export const ID_HEADER = 'x-envoy-peer-metadata-id';

export type Metadata = Readonly<Record<string, Value>>;

/** The text of the header: base64 of a serialized Struct. */
export function metadataText(metadata: Metadata | Uint8Array): string {
  const bytes = metadata instanceof Uint8Array ? metadata : struct(metadata);
  return Buffer.from(bytes).toString('base64');
}

/** Reads such a text again; texts and one level of maps of texts are all that proxies send. */
export function readMetadata(text: string): Record<string, unknown> {
  return readStruct(Buffer.from(text, 'base64'));
}

function readStruct(bytes: Buffer): Record<string, unknown> {
  return Object.fromEntries(
    fieldsOf(bytes).map(([, entry]) => {
      const parts = new Map(fieldsOf(entry));
      const [[kind, value] = [0, Buffer.alloc(0)]] = fieldsOf(parts.get(2) ?? Buffer.alloc(0));
      return [parts.get(1)?.toString() ?? '', kind === 5 ? readStruct(value) : value.toString()];
    }),
  );
}

/** Fields of bytes of a message: number and content. */
function fieldsOf(message: Buffer): [number, Buffer][] {
  const found: [number, Buffer][] = [];
  for (let at = 0; at < message.length;) {
    const tag = varintAt(message, at);
    const size = varintAt(message, tag.end);
    found.push([tag.value >> 3, message.subarray(size.end, size.end + size.value)]);
    at = size.end + size.value;
  }
  return found;
}

function varintAt(bytes: Buffer, from: number): { value: number; end: number } {
  let value = 0;
  for (let at = from, shift = 0; at < bytes.length; at++, shift += 7) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new Error('a number is cut');
}
