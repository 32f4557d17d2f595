// What adapters read from their backends: results of out-of-process adapters, against a plain reading of the wire
// format, and lists of addresses, whose entries must stand in their lines.

import { joined, mutated } from './mutate.ts';
import type { Random } from './random.ts';
import type { Run, Target } from './targets.ts';
import { TextProbe } from './text-probe.ts';

const QUOTA = 'requests';
/** Pieces of messages as they stand on the wire. */
const WIRE_PIECES = [
  ...['\x0a\x05\x08\x07\x12\x01x', '\x0a\x00', '\x12\x02\x08\x05', '\x12\x04\x08\x01\x10\x02'],
  ...['\x18\x03', '\x18\x7f', '\x0a', '\x12', '\x18', '\x08', '\x10', '\0', '\x7f', '\x01'],
  ...['\x0a\x0a\x0a\x08requests', '\x12\x06\x18\x03\x12\x02\x08\x01'],
];
const CHECK = Buffer.from('0a0c0807120667 6f20617761120408051000180a'.replaceAll(' ', ''), 'hex');
const GRANT = Buffer.concat([
  Buffer.of(0x0a, 0x12, 0x0a, QUOTA.length),
  Buffer.from(QUOTA),
  Buffer.of(0x12, 0x06, 0x12, 0x02, 0x08, 0x01, 0x18, 0x03),
]);

type Field = readonly [number: number, value: bigint | Buffer];

/** The fields of a message; null where it is malformed. */
function fieldsOf(message: Buffer): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined || (shift === 63n && byte > 1)) return null;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    return null;
  };
  while (at < message.length) {
    const tag = varint();
    if (tag === null || tag >> 3n === 0n || tag >> 3n > 536_870_911n) return null;
    const type = Number(tag & 7n);
    const number = Number(tag >> 3n);
    const size = type === 1 ? 8n : type === 5 ? 4n : type === 0 || type === 2 ? varint() : null;
    if (size === null) return null;
    if (type === 0) {
      fields.push([number, size]);
      continue;
    }
    if (size > BigInt(message.length - at)) return null;
    // What is written with a fixed size is none of the fields that are read.
    const bytes = message.subarray(at, at + Number(size));
    if (type === 2) fields.push([number, bytes]);
    at += Number(size);
  }
  return fields;
}

interface Told {
  readonly code: number;
  readonly reason: string;
  readonly uses: number;
}

/** A CheckResult, read plainly; null where any part is malformed. */
function checkOf(message: Buffer): Told | null {
  let told: Told = { code: 0, reason: '', uses: 0 };
  for (const [number, value] of fieldsOf(message) ?? [[0, 0n] as Field]) {
    if (number === 0) return null;
    if (number === 3 && typeof value === 'bigint')
      told = { ...told, uses: Number(BigInt.asIntN(32, value)) };
    if (number > 2 || typeof value === 'bigint') continue;
    const inner = fieldsOf(value);
    if (inner === null) return null;
    if (number === 1) told = { ...told, ...statusOf(inner) };
  }
  return told;
}

function statusOf(fields: readonly Field[]): Partial<Told> {
  let status: Partial<Told> = {};
  for (const [number, value] of fields) {
    if (number === 1 && typeof value === 'bigint')
      status = { ...status, code: Number(BigInt.asIntN(32, value)) };
    if (number === 2 && typeof value !== 'bigint')
      status = { ...status, reason: value.toString('latin1') };
  }
  return status;
}

function someMessage(random: Random, sample: Buffer): Buffer {
  return random.below(2) === 0
    ? Buffer.from(joined(random, WIRE_PIECES, 5), 'latin1')
    : mutated(random, sample, WIRE_PIECES);
}

export const checkResults: Target = {
  name: 'checkResults',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const reason = probe.bytes('checkResult', [input])?.toString('latin1') ?? null;
      const actual =
        reason === null
          ? null
          : { code: probe.cell.getInt32(0, true), reason, uses: probe.cell.getInt32(4, true) };
      if (actual !== null && probe.cell.getBigInt64(8, true) < 0n) return 'a negative duration';
      const expected = checkOf(input);
      return JSON.stringify(actual) === JSON.stringify(expected)
        ? null
        : `reads ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`;
    };
  },
  input: (random) => someMessage(random, CHECK),
};

export const quotaResults: Target = {
  name: 'quotaResults',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const isGood = probe.call('quotaResult', [input, QUOTA]) === 1;
      if (probe.cell.getBigInt64(8, true) < 0n) return 'a negative duration';
      return isGood && fieldsOf(input) === null ? 'a malformed message grants' : null;
    };
  },
  input: (random) => someMessage(random, GRANT),
};

const LINE_PIECES = [
  ...['whitelist:', '"whitelist":', 'other:', '- ', '-', '[', ']', ', ', '#', ' # c', '\n', '\n\n'],
  ...['10.0.0.0/8', '10.1.2.3', '2001:db8::/32', '"1.2.3.4"', "'", '"', '  ', '\t', '---', '~'],
  ...['null', '\r', 'é', '\0', ':', '/33'],
];
const LIST = Buffer.from('# mine\nwhitelist:\n- 10.0.0.0/8\n- "10.1.2.3" # one\nother: [a]\n');

export const addresses: Target = {
  name: 'addresses',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const count = probe.call('addressEntries', [input]);
      if (count === -3) return 'an entry stands outside of its line';
      return count === -4 ? 'a line does not end' : null;
    };
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(joined(random, LINE_PIECES, 12))
      : mutated(random, LIST, LINE_PIECES),
};
