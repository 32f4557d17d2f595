// As much of protobuf's wire format as host calls need: is this a message, and what are its fields. Also the encoding
// of a Struct, as which Envoy hands over a configuration that an operator wrote as plain YAML.

export interface Field {
  readonly number: number;
  readonly wire: number;
  /** The content of a length-delimited field, else empty. */
  readonly bytes: Uint8Array;
  readonly value: bigint;
}

const WIRE = { VARINT: 0, FIXED64: 1, BYTES: 2, GROUP: 3, GROUP_END: 4, FIXED32: 5 } as const;

/** The fields, or null where protobuf's parser would fail. */
export function parseMessage(bytes: Uint8Array): Field[] | null {
  const parser = new Parser(bytes);
  try {
    return parser.fields(0);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export function bytesField(fields: readonly Field[], number: number): Uint8Array | undefined {
  return fields.findLast((field) => field.number === number && field.wire === WIRE.BYTES)?.bytes;
}

export function numberField(fields: readonly Field[], number: number): number {
  return Number(
    fields.findLast((field) => field.number === number && field.wire === WIRE.VARINT)?.value ?? 0n,
  );
}

class Parser {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Until the end, or until the end of the group with this number. */
  fields(group: number): Field[] {
    const fields: Field[] = [];
    while (this.#at < this.#bytes.length) {
      const tag = Number(this.#varint());
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (number === 0 || tag > 0xffffffff) throw new RangeError('tag');
      if (wire === WIRE.GROUP_END) {
        if (number !== group) throw new RangeError('group');
        return fields;
      }
      fields.push(this.#field(number, wire));
    }
    if (group !== 0) throw new RangeError('truncated group');
    return fields;
  }

  #field(number: number, wire: number): Field {
    const none = new Uint8Array(0);
    switch (wire) {
      case WIRE.VARINT:
        return { number, wire, bytes: none, value: this.#varint() };
      case WIRE.FIXED64:
        return { number, wire, bytes: this.#take(8), value: 0n };
      case WIRE.BYTES:
        return { number, wire, bytes: this.#take(Number(this.#varint())), value: 0n };
      case WIRE.GROUP:
        this.fields(number);
        return { number, wire, bytes: none, value: 0n };
      case WIRE.FIXED32:
        return { number, wire, bytes: this.#take(4), value: 0n };
      default:
        throw new RangeError('wire type');
    }
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError('truncated');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('varint');
  }

  #take(size: number): Uint8Array {
    const start = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) throw new RangeError('truncated');
    return this.#bytes.subarray(start, this.#at);
  }
}

/** A `google.protobuf.Struct` in wire bytes, fields in the order of the object. */
export function encodeStruct(object: Readonly<Record<string, unknown>>): Uint8Array {
  const entries = Object.entries(object).map(([name, value]) =>
    delimited(
      1,
      Buffer.concat([delimited(1, Buffer.from(name)), delimited(2, encodeValue(value))]),
    ),
  );
  return Buffer.concat(entries);
}

function encodeValue(value: unknown): Uint8Array {
  if (value === null || value === undefined) return Uint8Array.of(0x08, 0);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, 0x11);
    bytes.writeDoubleLE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') return delimited(3, Buffer.from(value));
  if (typeof value === 'boolean') return Uint8Array.of(0x20, value ? 1 : 0);
  if (Array.isArray(value)) {
    return delimited(
      6,
      Buffer.concat(value.map((item: unknown) => delimited(1, encodeValue(item)))),
    );
  }
  return delimited(5, encodeStruct(value as Record<string, unknown>));
}

function delimited(number: number, bytes: Uint8Array): Uint8Array {
  const size: number[] = [];
  let left = bytes.length;
  do {
    size.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>>= 7;
  } while (left > 0);
  return Buffer.concat([Uint8Array.of((number << 3) | WIRE.BYTES, ...size), bytes]);
}
