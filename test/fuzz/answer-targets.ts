// The readers of what backends answer: protobuf's wire format and JSON piece by piece. Whatever comes, they do not trap
// and do not read beyond its end; what is JSON they tell as JavaScript does.

import { struct } from '../config/wire.ts';
import { joined, mutated } from './mutate.ts';
import type { Run, Target } from './targets.ts';
import { TextProbe } from './text-probe.ts';

/** Deepest nesting that the reader of answers takes. */
const DEPTH_MAX = 64;
const MESSAGE = Buffer.from(
  'CgcIEBIDd2hvEisKAwiRAxIcChoKEFdXVy1BdXRoZW50aWNhdGUSBkJlYXJlchoGbG9nIGlu',
  'base64',
);
/** Tags and lengths that lie: huge, endless, of no type, of field 0. */
const WIRE_PIECES = ['\x0a\x7f', '\x0a\x02\x08\x01', '\x08\x01', '\x09', '\x0d', '\x0b', '\0'];
const LYING = [
  Buffer.from('0affffffff0f', 'hex'),
  Buffer.from('0affffffffffffffffff01', 'hex'),
  Buffer.from('08ffffffffffffffffffffff', 'hex'),
  Buffer.from('f8ffffffffffffffff0100', 'hex'),
];
const JSON_PIECES = [
  ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"result":', ' ', '\n', 'true', 'false', 'null'],
  ...['tru', '0', '-1', '1e5', '01', '.5', '9007199254740993', '\\', '\\u0041', '\\ud83d\\ude00'],
  ...['\\ud83d', '\t', '\0', 'é', '[[[[[[[[[[[[[[[[', '{"a":{"a":{"a":'],
];
const DECISION = Buffer.from(
  '{"result":{"allowed":false,"headers":{"x":["a",1.5e3,null]},"t":""}}',
);

export const wire: Target = {
  name: 'wire',
  weight: 2,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => (probe.call('wireFields', [input]) < -1 ? 'a field outside' : null);
  },
  input(random) {
    const bytes = mutated(random, MESSAGE, WIRE_PIECES);
    return random.below(4) > 0 ? bytes : Buffer.concat([bytes, random.pick(LYING)]);
  },
};

const PEER = Buffer.from(
  struct({
    NAME: 'web-7',
    NAMESPACE: 'front',
    OWNER: 'kubernetes://apis/apps/v1/namespaces/front/deployments/web',
    LABELS: { app: 'web', version: 'v1' },
    PORTS: [80, true, null],
  }),
);

export const peer: Target = {
  name: 'peer',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => (probe.call('peerTexts', [input]) < -1 ? 'a text that is none' : null);
  },
  input(random) {
    const bytes = mutated(random, PEER, [
      ...WIRE_PIECES,
      '\x0a\x06LABELS',
      '\x1a\x01x',
      '\x2a\x02',
    ]);
    return random.below(4) > 0 ? bytes : Buffer.concat([bytes, random.pick(LYING)]);
  },
};

export const jsonPull: Target = {
  name: 'jsonPull',
  weight: 2,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const skips = probe.call('jsonSkips', [input]) === 1;
      if ((probe.call('jsonWalks', [input]) === 1) !== skips) return 'skipping tells another end';
      const expected = isJson(input);
      return expected === null || expected === skips ? null : `JavaScript says ${expected}`;
    };
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(joined(random, JSON_PIECES, 12))
      : mutated(random, DECISION, JSON_PIECES),
};

/** What JavaScript says; null where the two differ on purpose: half surrogates, depth, bytes that are no UTF-8. */
function isJson(input: Buffer): boolean | null {
  const text = input.toString('utf8');
  const isComparable = Buffer.from(text).equals(input) && !/\\u[dD][89a-fA-F]/.test(text);
  const depthMost = text.match(/[[{]/g)?.length ?? 0;
  if (!isComparable || depthMost > DEPTH_MAX) return null;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
