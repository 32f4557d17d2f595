// Random numbers, durations, addresses, times and texts, read and printed, against what JavaScript makes of them.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Random, rounds, runSeed } from './random.ts';
import { TextProbe } from './text-probe.ts';
import { lowerOf, tablesText, TABLES_VERSION } from './text-unicode-tables.ts';
import { readFileSync } from 'node:fs';

const LETTERS = [
  'a',
  'B',
  '0',
  ' ',
  'é',
  'É',
  'ß',
  'Σ',
  'ж',
  'Ж',
  '世',
  '𐐀',
  '\n',
  '"',
  '\\',
  '\u2028',
  '\u0007',
  '%',
  '+',
  '&',
  '=',
];

function someText(random: Random): string {
  return Array.from({ length: random.below(12) }, () => random.pick(LETTERS)).join('');
}

function someBytes(random: Random): Buffer {
  return Buffer.from(
    Array.from({ length: random.below(10) }, () =>
      random.pick([0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0xff, random.below(256)]),
    ),
  );
}

function someDouble(random: Random): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, random.bits());
  const value = view.getFloat64(0);
  const kind = random.below(4);
  if (kind === 0) return random.below(1_000_000) / 1000;
  if (kind === 1) return 2 ** (random.below(2100) - 1074);
  if (kind === 2) return random.below(1_000_000_000) * 10 ** (random.below(40) - 20);
  return Number.isNaN(value) ? 0 : value;
}

/** Four groups or eight, zeros often, as a browser prints an address. */
function someAddress(random: Random): string {
  if (random.below(2) === 0) return Array.from({ length: 4 }, () => random.below(256)).join('.');
  const fields = Array.from({ length: 8 }, () =>
    random.below(2) === 0 ? 0 : random.below(65_536),
  );
  return new URL(`http://[${fields.map((field) => field.toString(16)).join(':')}]`).hostname.slice(
    1,
    -1,
  );
}

describe('values as text', () => {
  let probe: TextProbe;
  const seed = runSeed();

  before(async () => {
    probe = await TextProbe.load();
  });

  function each(count: number, body: (random: Random) => void): void {
    const random = new Random(seed);
    for (let round = 0; round < rounds(count); round++) body(random);
  }

  it('print and read doubles as JavaScript does', (context) => {
    context.diagnostic(`MIXER_FUZZ_SEED=${seed}`);
    each(5000, (random) => {
      const value = someDouble(random);
      if (!Number.isFinite(value)) return;
      const text = probe.text('doubleText', [], value, 1) ?? '';
      assert.equal(text, Object.is(value, -0) ? '-0' : String(value));
      for (const form of [
        text,
        value.toExponential(20),
        probe.text('doubleText', [], value, 0) ?? '',
      ]) {
        assert.equal(probe.call('double', [form]), 1, form);
        assert.ok(Object.is(probe.cell.getFloat64(0, true), value), `${form}, seed ${seed}`);
      }
    });
  });

  it('round decimal texts of any length as JavaScript does', () => {
    each(3000, (random) => {
      const digits = Array.from({ length: 1 + random.below(60) }, () => random.below(10)).join('');
      const text = `${digits}.${random.below(1000)}e${random.below(700) - 350}`;
      const value = Number(text);
      assert.equal(probe.call('double', [text]), Number.isFinite(value) ? 1 : 0, text);
      if (Number.isFinite(value))
        assert.equal(probe.cell.getFloat64(0, true), value, `${text}, seed ${seed}`);
    });
  });

  it('read back every integer and every duration that they print', () => {
    each(5000, (random) => {
      const value = BigInt.asIntN(64, random.bits() >> BigInt(random.below(64)));
      assert.equal(probe.call('int', [String(value)]), 1);
      assert.equal(probe.cell.getBigInt64(0, true), value);
      const text = probe.text('durationText', []) ?? '';
      assert.equal(probe.call('duration', [text]), 1, text);
      assert.equal(probe.cell.getBigInt64(0, true), value, `${text}, seed ${seed}`);
    });
  });

  it('print and read times as JavaScript does', () => {
    each(3000, (random) => {
      const milliseconds = Math.floor((random.fraction() - 0.2) * 8e13);
      const text = new Date(milliseconds).toISOString();
      if (!/^\d{4}-/.test(text)) return;
      assert.equal(probe.call('timestamp', [text]), 1, text);
      assert.equal(probe.cell.getBigInt64(0, true), BigInt(Math.floor(milliseconds / 1000)), text);
      const printed = probe.text('timestampText', []) ?? '';
      assert.equal(new Date(printed).getTime(), milliseconds, `${printed}, seed ${seed}`);
    });
  });

  it('print addresses as a browser does', () => {
    each(3000, (random) => {
      const text = someAddress(random);
      if (text.startsWith('::ffff:')) return; // Go prints these as IPv4.
      assert.equal(probe.text('ip', [text]), text, `seed ${seed}`);
    });
  });

  it('refuse or read any text without a trap', () => {
    const pieces = [
      '1',
      '0',
      '.',
      ':',
      '-',
      '+',
      'e',
      'T',
      'Z',
      'h',
      'ms',
      's',
      '/',
      '::',
      'ff',
      '2006-01-02',
      '15:04:05',
      '[',
      ']',
      'µ',
      'x',
      '_',
    ];
    each(5000, (random) => {
      const text = Array.from({ length: random.below(8) }, () => random.pick(pieces)).join('');
      for (const name of ['int', 'goInt', 'double', 'duration', 'timestamp', 'ip', 'hostPort'])
        probe.call(name, [text]);
      probe.call('inNetwork', [text, '1.2.3.4']);
    });
  });

  it('write JSON strings that read back as the same text', () => {
    each(3000, (random) => {
      const bytes = random.below(2) === 0 ? Buffer.from(someText(random)) : someBytes(random);
      const text = probe.text('json', [bytes]) ?? '';
      assert.match(text, /^[^\n\r\u2028\u2029]*$/);
      // A decoder replaces a cut sequence as a whole, Go byte by byte: only the replacement's count differs.
      const same = (value: string): string => value.replace(/\ufffd+/g, '\ufffd');
      assert.equal(same(JSON.parse(text) as string), same(bytes.toString()), `seed ${seed}`);
    });
  });

  it('know what is UTF-8, and cut it between code points', () => {
    each(3000, (random) => {
      const bytes = someBytes(random);
      const isValid = Buffer.from(bytes.toString()).equals(bytes);
      assert.equal(probe.call('utf8', [bytes]) === 1, isValid, bytes.toString('hex'));
      const max = random.below(12);
      const size = probe.call('truncated', [bytes], max);
      assert.ok(size <= max || size === bytes.length);
      if (isValid) assert.equal(probe.call('utf8', [bytes.subarray(0, size)]), 1, `seed ${seed}`);
    });
  });

  it('decode query parameters as URLSearchParams does', () => {
    each(3000, (random) => {
      const names = ['a', 'é', 'a b', 'A'];
      const search = new URLSearchParams(
        Array.from({ length: random.below(5) }, () => [random.pick(names), someText(random)]),
      );
      const name = random.pick(names);
      const path = `/x?${search.toString()}`;
      assert.equal(
        probe.text('parameter', [path, name]),
        search.size === 0 ? null : search.get(name),
        path,
      );
      probe.call('parameters', [someBytes(random)]);
    });
  });

  it('lower letters one by one', () => {
    each(3000, (random) => {
      const text = someText(random);
      const expected = Array.from(text)
        .map((letter) => String.fromCodePoint(lowerOf(letter.codePointAt(0) ?? 0)))
        .join('');
      assert.equal(probe.text('lower', [text]), expected, `seed ${seed}`);
      probe.call('lower', [someBytes(random)]);
    });
  });
});

describe('the Unicode tables', { skip: process.versions['unicode'] !== TABLES_VERSION }, () => {
  it('are those of this Unicode version', () => {
    assert.equal(readFileSync('assembly/text/unicode-tables.ts', 'utf8'), tablesText());
  });

  it('give the lower-case form of every code point', async () => {
    const probe = await TextProbe.load();
    for (let code = 0; code < 0x110000; code++) {
      if (probe.call('lowerOf', [], code) !== lowerOf(code)) assert.fail(`U+${code.toString(16)}`);
    }
  });
});
