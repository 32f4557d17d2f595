import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Probe } from '../conformance/probe-module.ts';

const probe = Probe.load();

/** What is told about a wrong condition: code and message, the text under the caret, what is wanted, what is near. */
interface Told {
  readonly message: string;
  readonly marked: string;
  readonly rest: string;
}

function told(text: string): Told[] {
  probe.reset();
  probe.compileMatch(text);
  return probe
    .diagnosticsText()
    .split(/\n(?=probe: )/)
    .map((entry) => {
      const [head = '', source = '', caret = '', ...rest] = entry.split('\n');
      const from = caret.indexOf('^');
      const size = caret.lastIndexOf('^') - from + 1;
      const [, near = ''] = /did you mean (.*)\?/.exec(caret) ?? [];
      return {
        message: head.replace(/^probe: /, ''),
        marked: source.slice(from, from + size),
        rest: [near, ...rest.map((line) => line.trim())].filter(Boolean).join('; '),
      };
    });
}

const CASES: readonly (readonly [text: string, message: string, marked: string, rest: RegExp])[] = [
  [
    'request.pathh == "/a"',
    'E0301 unknown attribute `request.pathh`',
    'request.pathh',
    /`request.path`/,
  ],
  [
    'request.path.startWith("/a")',
    'E0302 unknown function `startWith`',
    'startWith',
    /`startsWith`; expected one of conditional, .*toLower/,
  ],
  ['!connection.mtls', 'E0302 unknown function `NOT`', '!', /one of the operators/],
  ['request.path == 2', 'E0303 type mismatch: 2 is INT64', '2', /expected STRING/],
  ['request.path == "5s"', 'E0303 type mismatch: "5s" is DURATION', '"5s"', /reads as a duration/],
  [
    'response.duration == response.duration',
    'E0303 type mismatch: DURATION',
    'response.duration == response.duration',
    /STRING, INT64/,
  ],
  [
    'match(request.path)',
    'E0304 wrong number of arguments: match',
    'match(request.path)',
    /match\(STRING, STRING\)/,
  ],
  ['request.path == “a”', 'E0305 unexpected symbol `“`', '“', /^$/],
  ['request.path = "a"', 'E0306 unexpected `=`', '=', /`==`/],
  ["request.path == 'a'", "E0306 unexpected `'a'`", "'a'", /`"a"`/],
  ['request.path == "a', 'E0307 string literal without end', '"a', /closing/],
  ['request.path == "\\d"', 'E0308 unknown escape `d`', 'd', /backquotes/],
  [
    'request.size == 99999999999999999999',
    'E0309 bad literal `99999999999999999999`',
    '99999999999999999999',
    /9223372036854775807/,
  ],
  ['"a(".matches(request.path)', 'E0314 bad regular expression: `(` has no `)`', '(', /^$/],
  ['"a{1000}{1000}".matches(request.path)', 'E0314', 'a', /./],
  ['', 'E0316 the expression is empty', '', /^$/],
  ['request.path ==', 'E0317 the expression ends too early', '', /an operand/],
  ['request.path', 'E0318 the condition is of type STRING', 'request.path', /BOOL/],
  ['request.path["a"] == ""', 'E0321 no index on STRING', 'request.path', /STRING_MAP/],
  [
    'startsWith(request.path, "a")',
    'E0322 `startsWith` cannot be called like this',
    'startsWith(request.path, "a")',
    /STRING.startsWith\(STRING\)/,
  ],
  ['size("abc", 2) == 3', 'W0906 `2` has no effect here', '2', /^$/],
  [
    'request.path.matches("^/a")',
    'W0907 what stands in front of `matches` is the pattern',
    'request.path',
    /expected "\^\/a"\.matches\(request\.path\)/,
  ],
];

describe('a wrong expression', () => {
  for (const [text, message, marked, rest] of CASES) {
    it(`is told as ${message}: ${text}`, () => {
      const [first] = told(text);
      assert.ok(first, 'nothing was told');
      assert.ok(first.message.startsWith(message), first.message);
      if (/0314$/.test(message)) return;
      assert.equal(first.marked, marked);
      assert.match(first.rest, rest);
    });
  }

  it('is told with all its mistakes', () => {
    const messages = told('a == 1 && request.path == 2 && nothing(request.b)').map(
      ({ message }) => message,
    );
    assert.deepEqual(messages, [
      'E0301 unknown attribute `a`',
      'E0303 type mismatch: 2 is INT64',
      'E0302 unknown function `nothing`',
    ]);
  });

  it('is refused without trouble when it is long, deep or repetitive', () => {
    const started = Date.now();
    const sources = [
      `${'('.repeat(30_000)}a`,
      '!'.repeat(30_000),
      `a${'.a'.repeat(30_000)}`,
      `a${'[a'.repeat(20_000)}`,
      'f('.repeat(20_000),
      `a${' || a'.repeat(12_000)}`,
      `1${' + "x"'.repeat(10_000)}`,
      `"a"${' + "b"'.repeat(10_000)} == "c"`,
      `${'nothing == 1 || '.repeat(4_000)}true`,
      `request.path == "${'a'.repeat(65_000)}"`,
      `a${' == a'.repeat(10_000)}`,
      '`'.repeat(30_001),
      '"\\'.repeat(10_000),
      '/*'.repeat(10_000),
      `"${'(a'.repeat(20_000)}".matches(request.path)`,
    ];
    for (const source of sources) {
      probe.reset();
      probe.compileMatch(source);
    }
    assert.ok(Date.now() - started < 20_000);
  });

  it('is accepted up to the limits of length and depth', () => {
    probe.reset();
    const many = Array.from({ length: 4_000 }, (_, index) => `request.path == "/${index}"`).join(
      ' || ',
    );
    assert.ok(
      probe.compileMatch(many.slice(0, many.lastIndexOf(' ||', 65_000))),
      probe.diagnosticsText(),
    );
    assert.ok(
      probe.compileMatch(`${'('.repeat(200)}true${')'.repeat(200)}`),
      probe.diagnosticsText(),
    );
    assert.ok(!probe.compileMatch(`${'('.repeat(201)}true${')'.repeat(201)}`));
    assert.match(probe.diagnosticsText(), /E0311 expression is nested more than 200 deep/);
  });
});
