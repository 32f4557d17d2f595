// Writes a google.protobuf.Struct as Envoy does, by hand: fields of messages, so that tests can also write wrong ones.

/** A JSON value; `undefined` is a Value message without any kind. */
export type Value =
  | null
  | undefined
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** A field that holds bytes or a message. */
export function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  return concat(varint((field << 3) | 2), varint(bytes.length), bytes);
}

/** A field that holds a varint. */
export function varintField(field: number, value: number): Uint8Array {
  return concat(varint(field << 3), varint(value));
}

/** A field that holds a double. */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat(varint((field << 3) | 1), bytes);
}

/** One entry of a Struct. */
export function entry(key: string | Uint8Array, value: Uint8Array): Uint8Array {
  const keyBytes = typeof key === 'string' ? new TextEncoder().encode(key) : key;
  return bytesField(1, concat(bytesField(1, keyBytes), bytesField(2, value)));
}

/** A Struct message. */
export function struct(object: { readonly [key: string]: Value }): Uint8Array {
  return concat(...Object.entries(object).map(([key, value]) => entry(key, valueOf(value))));
}

/** A Value message. */
export function valueOf(value: Value): Uint8Array {
  if (value === undefined) return new Uint8Array();
  if (value === null) return varintField(1, 0);
  if (typeof value === 'number') return doubleField(2, value);
  if (typeof value === 'string') return bytesField(3, new TextEncoder().encode(value));
  if (typeof value === 'boolean') return varintField(4, Number(value));
  if (isList(value))
    return bytesField(6, concat(...value.map((item) => bytesField(1, valueOf(item)))));
  return bytesField(5, struct(value));
}

/** The bytes one after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.of(...bytes, rest);
}
