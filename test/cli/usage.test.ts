// Usage of the command line: help, exit codes, and what goes where.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { CommanderError } from 'commander';

import { EXIT, exitCodeOf, explain, FilesWrong, WrongUsage } from '../../tools/cli/errors.ts';
import { createProgram } from '../../tools/cli/program.ts';
import { UnreadableFile } from '../../tools/document/document.ts';
import { EnvoyNotReady, MissingEnvironment } from '../../tools/envoy/errors.ts';
import { mixer } from './mixer.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'mixer-usage-'));
const BARE_MODULE = join(FOLDER, 'bare.wasm');
const LIST_OF_VALUES = join(FOLDER, 'values.yaml');
const WRONG_DOCUMENT = join(FOLDER, 'wrong.yaml');
const EMPTY = join(FOLDER, 'empty.yaml');
writeFileSync(EMPTY, '');
writeFileSync(BARE_MODULE, Buffer.from('\0asm\x01\0\0\0'));
writeFileSync(LIST_OF_VALUES, '- GET\n');
writeFileSync(
  WRONG_DOCUMENT,
  'handlers: [ { name: n, adapter: noop } ]\nrules: [ { name: a, match: request.pathh == "", actions: [ { handler: n } ] } ]\n',
);
after(() => rmSync(FOLDER, { recursive: true }));

describe('mixer', () => {
  for (const command of createProgram().commands) {
    it(`explains ${command.name()} with examples`, async () => {
      const { code, stdout } = await mixer([command.name(), '--help']);
      assert.equal(code, EXIT.done);
      assert.match(stdout, new RegExp(`^Usage: mixer ${command.name()} `));
      assert.match(stdout, new RegExp(`^Examples:\\n {2}\\$ .*mixer ${command.name()}\\b`, 'm'));
    });
  }

  it('prints its help and ends with 2 when no command is given', async () => {
    const { code, stderr } = await mixer([]);
    assert.equal(code, EXIT.usage);
    assert.match(stderr, /Commands:/);
  });

  const WRONG: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    ['an unknown command, with the nearest', ['chekc', 'x.yaml'], /Did you mean check\?/],
    ['an unknown option', ['check', '--colour', 'x.yaml'], /unknown option '--colour'/],
    ['a missing file', ['check'], /missing required argument 'file'/],
    [
      'a number that is none',
      ['render', 'x.yaml', '--edge', 'many'],
      /Expected a number from 0 to 100/,
    ],
    [
      'an upstream without a port',
      ['run', 'x.yaml', '--upstream', 'localhost'],
      /Expected HOST:PORT/,
    ],
    ['a release that is too old', ['render', 'x.yaml', '--envoy-version', '1.20'], /1\.36 on/],
    [
      'rendering without a word on trust',
      ['render', 'envoy/demo.yaml'],
      /--edge HOPS or --sidecar/,
    ],
    ['an adapter that is not there', ['build', '--adapter', 'nope'], /no adapter "nope"/],
    [
      'both words on trust',
      ['render', 'envoy/demo.yaml', '--edge', '1', '--sidecar'],
      /exclude each other/,
    ],
  ];
  for (const [what, args, message] of WRONG) {
    it(`ends with 2 for ${what}, and prints no result`, async () => {
      const { code, stdout, stderr } = await mixer(args);
      assert.match(stderr, message);
      assert.equal(code, EXIT.usage);
      assert.equal(stdout, '');
    });
  }

  it('ends with 3 where there is no filter, and says how to get one', async () => {
    const { code, stderr } = await mixer([
      'check',
      '--wasm',
      '/nowhere/mixer.wasm',
      'envoy/demo.yaml',
    ]);
    assert.equal(code, EXIT.environment);
    assert.match(stderr, /no filter at \/nowhere\/mixer\.wasm/);
  });

  it('ends with 1 for a file that cannot be read', async () => {
    const { code, stderr } = await mixer(['render', 'nowhere.yaml', '--sidecar']);
    assert.equal(code, EXIT.files);
    assert.match(stderr, /nowhere\.yaml: no such file/);
  });

  const NOT_MEANT: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] =
    [
      [
        'a text in place of a module',
        ['check', '--wasm', 'README.md', 'envoy/demo.yaml'],
        /README\.md: not a WebAssembly module/,
      ],
      [
        'a folder in place of a module',
        ['check', '--wasm', 'docs', 'envoy/demo.yaml'],
        /docs: not a WebAssembly module/,
      ],
      [
        'a module that is no filter',
        ['check', '--wasm', BARE_MODULE, 'envoy/demo.yaml'],
        /no filter that Envoy would load: Missing or unknown Proxy-Wasm ABI version/,
      ],
      ['a file in place of a folder', ['symbolize', 'README.md/log'], /ENOTDIR.*README\.md\/log/],
      ['a name that no file can have', ['symbolize', 'x'.repeat(300)], /ENAMETOOLONG/],
      ['an empty name', ['render', '', '--sidecar'], /\(no name\): no such file/],
      [
        'an empty suite',
        ['test', '--format', 'textpb', EMPTY],
        /empty\.yaml: expected a suite, found nothing/,
      ],
      ['a folder in place of a log', ['symbolize', 'docs'], /docs: a folder; expected a log/],
      ['a folder of requests', ['replay', 'envoy/demo.yaml', '--log', 'docs'], /docs: a folder/],
      ['a folder to build for', ['build', '--for', 'docs'], /docs: a folder; expected a file/],
      [
        'a wrong document to build for',
        ['build', '--for', WRONG_DOCUMENT, '--out', join(FOLDER, 'wrong.wasm')],
        /wrong\.yaml:\d+:\d+: E0301 unknown attribute `request\.pathh`/,
      ],
      [
        'a list of values',
        ['eval', 'request.path', '--attributes', LIST_OF_VALUES],
        /values\.yaml: no object; expected names of attributes/,
      ],
      [
        'a rule that the document does not have',
        ['explain', 'api-polcy', '--document', 'envoy/demo.yaml'],
        /no rule `api-polcy` either; rules: .*api-policy/,
      ],
    ];
  for (const [what, args, message] of NOT_MEANT) {
    it(`ends with 1 for ${what}, and says what was expected`, async () => {
      const { code, stderr } = await mixer(args);
      assert.match(stderr, message);
      assert.equal(code, EXIT.files);
    });
  }
});

describe('exit codes', () => {
  const ROWS: readonly (readonly [error: unknown, code: number])[] = [
    [new FilesWrong('x'), EXIT.files],
    [new UnreadableFile('x', 'y'), EXIT.files],
    [new WrongUsage('x'), EXIT.usage],
    [new CommanderError(1, 'commander.unknownOption', 'x'), EXIT.usage],
    [new CommanderError(0, 'commander.helpDisplayed', 'x'), EXIT.done],
    [new MissingEnvironment('x'), EXIT.environment],
    [new EnvoyNotReady('x', ''), EXIT.environment],
    [new TypeError('x'), EXIT.bug],
    ['x', EXIT.bug],
  ];
  for (const [error, code] of ROWS) {
    it(`are ${code} for ${error instanceof Error ? error.name : typeof error}`, () =>
      assert.equal(exitCodeOf(error), code));
  }

  it('come with one line for a mistake of ours, and its stack with --verbose', () => {
    const error = new TypeError('x is not a function');
    assert.equal(explain(error, false).split('\n').length, 1);
    assert.match(explain(error, false), /not in your files: x is not a function/);
    assert.match(explain(error, true), /usage\.test/);
  });
});
