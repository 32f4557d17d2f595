// Requests on both sides of each value's boundary: what a value of a policy matches, and what it just does not.

import { JWT_FILTER, type Patch } from './facts.ts';

/** Requests that differ from the plain one in what the key is about. */
export function candidatesOf(key: string, value: string): Patch[] {
  const make = Object.entries(MAKERS).find(([name]) => key === name || key.startsWith(`${name}[`));
  if (make !== undefined) return make[1](value, key);
  if (key.startsWith('experimental.envoy.filters.')) return ofFilter(value, key);
  throw new Error(`no candidates for ${key}`);
}

type Maker = (value: string, key: string) => Patch[];

const MAKERS: Readonly<Record<string, Maker>> = {
  'request.host': (value) => texts(value).map((authority) => ({ authority })),
  // A request without a method is none.
  'request.method': (value) =>
    texts(value)
      .filter((method) => method !== '')
      .map((method) => ({ method })),
  'request.path': (value) => paths(value).map((path) => ({ path })),
  'source.principal': (value) =>
    texts(value).flatMap((text): Patch[] => [
      { peer: { uri: `spiffe://${text}` } },
      { peer: { uri: text } },
      { peer: { uri: `x-spiffe://${text}` } },
      { peer: { dns: `spiffe://${text}` } },
      { peer: { uri: 'spiffe://other', subject: `CN=${text}` } },
    ]),
  'source.namespace': (value) =>
    texts(value).flatMap((text): Patch[] =>
      [
        `spiffe://td/ns/${text}/sa/x`,
        `spiffe://td/ns/${text}`,
        `spiffe://td/ns/ns/${text}/`,
        `/ns/${text}/`,
        `ns/${text}/`,
        `spiffe://td/ns/a/ns/${text}/sa/x`,
        text,
      ].flatMap((name) => [{ peer: { uri: name } }, { peer: { dns: name } }]),
    ),
  'source.serviceAccount': (value) => accounts(value).map((uri) => ({ peer: { uri } })),
  'source.trustDomain': (value) =>
    texts(value).flatMap((text): Patch[] =>
      [
        `spiffe://${text}/ns/a/sa/x`,
        `spiffe://${text}/`,
        `spiffe://${text}`,
        `spiffe://a/${text}/`,
        `spiffe://${text}/${text}/`,
        `${text}/ns/a/sa/x`,
      ].flatMap((name) => [{ peer: { uri: name } }, { peer: { dns: name } }]),
    ),
  'request.auth.principal': (value) => tokens(value).map((payload) => ofToken(payload)),
  'request.auth.audiences': (value) => claims(value).map((aud) => ofToken({ aud })),
  'request.auth.presenter': (value) => claims(value).map((azp) => ofToken({ azp })),
  'request.auth.claims': (value, key) => nested(key, value).map(ofToken),
  'request.headers': (value, key) => {
    const name = key.slice('request.headers['.length, -1).toLowerCase();
    const lines = [...texts(value).map((text) => [text]), ['other', value.replaceAll('*', '')]];
    return lines.map((each) => ({ headers: { [name]: each } }));
  },
  'source.ip': (value) => addresses(value).map((directIp) => ({ directIp })),
  'remote.ip': (value) => addresses(value).map((remoteIp) => ({ remoteIp })),
  'destination.ip': (value) => addresses(value).map((destinationIp) => ({ destinationIp })),
  'destination.port': (value) => [0, 1, -1].map((by) => ({ destinationPort: Number(value) + by })),
  'connection.sni': (value) => texts(value).map((sni) => ({ sni })),
};

/** The text itself, longer and shorter at both ends, in upper case, and nothing. */
function texts(value: string): string[] {
  const core = value.replace(/^\*|\*$/g, '');
  const all = [
    core,
    `${core}x`,
    `x${core}`,
    `x${core}x`,
    core.slice(0, -1),
    core.slice(1),
    core.toUpperCase(),
    value,
  ];
  return [...new Set([...all, ''])];
}

const ONE = ['seg', 'a%20b', 'a/b', '', 'a=b', "~!$&'()+,;:@-._"];
const ANY = ['', 'a', 'a/b/c', 'a/', 'a=b', '/'];

function paths(value: string): string[] {
  if (!/\{\*\*?\}/.test(value))
    return [...texts(value), ...texts(value).map((text) => `${text}?q#f`)];
  const filled = ONE.flatMap((one) =>
    ANY.map((any) => value.replaceAll('{**}', any).replaceAll('{*}', one)),
  );
  return [...new Set(filled)].flatMap((path) => [path, `${path}x`, `/x${path}`, `${path}?q`]);
}

function accounts(value: string): string[] {
  const [space, name] = value.includes('/') ? value.split('/') : ['foo', value];
  const base = `/ns/${space}/sa/${name}`;
  return [
    `spiffe://td${base}`,
    `spiffe://${base}`,
    `spiffe://t${base}/`,
    `spiffe://t${base}/more`,
    `spiffe://t${base}x`,
    `spiffe://t/ns/${space}/key/value/sa/${name}`,
    `spiffe://t/ns/${space}//sa/${name}`,
    `spiffe://t/ns/${space}x/sa/${name}`,
    `spiffe://t/ns/other/ns/${space}/sa/${name}`,
    `td${base}`,
    `spiffe://t/ns/${space}/xsa/${name}`,
  ];
}

function tokens(value: string): object[] {
  const slash = value.lastIndexOf('/');
  const issuer = slash < 0 ? value : value.slice(0, slash);
  const subject = slash < 0 ? '' : value.slice(slash + 1);
  const subjects = [...texts(subject), ...(slash < 0 ? texts(value) : [])];
  const pairs = texts(issuer).flatMap((iss) => subjects.map((sub) => ({ iss, sub })));
  return [...pairs, { iss: issuer }, { sub: subject }, { iss: 7, sub: subject }, {}];
}

function claims(value: string): unknown[] {
  const each = texts(value);
  const lists = each.flatMap((text) => [[text], ['other', text], [7, text]]);
  return [...each, ...lists, [], 7, true, { [value]: value }, `other,${value}`];
}

function nested(key: string, value: string): object[] {
  const keys = key.slice('request.auth.claims['.length, -1).split('][');
  const wrap = (inner: unknown): object =>
    keys.reduceRight<unknown>((at, name) => ({ [name]: at }), inner) as object;
  const short = keys.length > 1 ? [{ [keys[0]!]: value }, { [keys[0]!]: [value] }] : [];
  return [...claims(value).map(wrap), ...short];
}

function ofToken(payload: object): Patch {
  return { metadata: { [JWT_FILTER]: { payload } } };
}

function ofFilter(value: string, key: string): Patch[] {
  const [, filter = '', name = ''] =
    /^experimental\.(envoy\.filters\.[^[]*)\[(.*)\]$/.exec(key) ?? [];
  const plain = value.replace(/^\[+|\]+$/g, '');
  return claims(plain).map((each) => ({ metadata: { [filter]: { [name]: each } } }));
}

/** The first and last address, their neighbours, and one of the other family. */
function addresses(value: string): string[] {
  const [text = '', length] = value.split('/');
  if (text.includes(':'))
    return [text, `${text}1`.replace(/:1$/, ':2'), '2001:db8:ffff::1', '192.0.2.1'];
  const bits = Number(length ?? 32);
  const base = text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(base / size) * size;
  const numbers = [base, first, first + size - 1, first - 1, first + size];
  return [...numbers.filter((n) => n >= 0 && n < 2 ** 32).map(dotted), '2001:db8::1'];
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
