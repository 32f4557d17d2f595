// Credentials as a client sends them: what the filter reads is what a plain reading in JavaScript gives, and what is
// hidden from the upstream is gone.

import { joined, mutated } from './mutate.ts';
import type { Run, Target } from './targets.ts';
import { TextProbe } from './text-probe.ts';

const NAME = 'sid';
const BASE64_PIECES = [
  'A',
  'b',
  '9',
  '+',
  '/',
  '-',
  '_',
  '=',
  '==',
  'YWI6Yw',
  ' ',
  '\n',
  'é',
  '\0',
];
const COOKIE_PIECES = [
  ...['sid=', 'sid', 'SID=', 'xsid=', 'a=b', '=', ';', '; ', ' ', '"', '"x y"', 'v', ',', '\t'],
  ...['é', '\0', '%41'],
];
const QUERY_PIECES = [
  'sid=',
  'sid',
  'a=b',
  '=',
  '&',
  '?',
  '#',
  '%',
  '%41',
  '+',
  'v',
  ';',
  'é',
  '/',
];

export const base64: Target = {
  name: 'base64',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const expected = decoded(input.toString('latin1'));
      const actual = probe.bytes('base64', [input]);
      if (expected === null || actual === null)
        return expected === actual ? null : `read as ${shown(actual)}, expected ${shown(expected)}`;
      return actual.equals(expected) ? null : `${shown(actual)}, expected ${shown(expected)}`;
    };
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(joined(random, BASE64_PIECES, 6))
      : mutated(random, Buffer.from('YWxhZGRpbjpvcGVuIHNlc2FtZQ=='), BASE64_PIECES),
};

/** RFC 4648 in either alphabet; null for anything else. */
function decoded(text: string): Buffer | null {
  const digits = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (!/^[\w+/-]*$/.test(digits) || digits.length % 4 === 1) return null;
  const bytes = Buffer.from(digits, 'base64url');
  const again = bytes.toString('base64url');
  return again === digits.replaceAll('+', '-').replaceAll('/', '_') ? bytes : null;
}

function shown(bytes: Buffer | null): string {
  return bytes === null ? 'none' : JSON.stringify(bytes.toString('latin1'));
}

export const cookies: Target = {
  name: 'cookies',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const values = cookiesIn(input.toString('latin1'), NAME);
      const expected = values.length === 0 ? null : values.slice(0, 2).join(',');
      const actual = probe.bytes('cookie', [input, NAME])?.toString('latin1') ?? null;
      if (actual !== expected) return `reads ${String(actual)}, expected ${String(expected)}`;
      const rest = probe.bytes('otherCookies', [input, NAME]) ?? Buffer.alloc(0);
      if (probe.bytes('cookie', [rest, NAME]) !== null) return 'the cookie is still there';
      const other = (text: Buffer): string => cookiesIn(text.toString('latin1'), 'a').join();
      return other(rest) === other(input) ? null : 'another cookie has changed';
    };
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(joined(random, COOKIE_PIECES, 10))
      : mutated(random, Buffer.from('a=b; sid="x"; c=d; sid=y'), COOKIE_PIECES),
};

/** All values of a cookie, as written but for quotes around them. */
function cookiesIn(header: string, name: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.replace(/^ +/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1).replace(/ +$/, ''))
    .map((value) => value.replace(/^"([^]*)"$/, '$1'));
}

export const parameters: Target = {
  name: 'parameters',
  weight: 1,
  async start(): Promise<Run> {
    const probe = await TextProbe.load();
    return (input) => {
      const text = input.toString('utf8');
      const actual = probe.bytes('parameterCredential', [input, NAME])?.toString('utf8') ?? null;
      // A lone percent sign and a semicolon are read in more than one way.
      if (/[;\0]|%(?![\da-fA-F]{2})/.test(text)) return null;
      const query = /\?([^#]*)/.exec(text.replace(/#[^]*$/, ''))?.[1] ?? '';
      const values = new URLSearchParams(`&${query}`).getAll(NAME);
      const expected = values.length === 0 ? null : values.slice(0, 2).join(',');
      return actual === expected ? null : `reads ${String(actual)}, expected ${String(expected)}`;
    };
  },
  input: (random) =>
    random.below(2) === 0
      ? Buffer.from(`/p?${joined(random, QUERY_PIECES, 8)}`)
      : mutated(random, Buffer.from('/p?a=b&sid=x%20y&c=d&sid=z#f'), QUERY_PIECES),
};
