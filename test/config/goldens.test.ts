// A golden for every code: the document that provokes it, and the exact text about it. `NAME.yaml.golden` is what a
// person wrote, as `mixer check` shows it; `NAME.json.golden` and `NAME.struct.json.golden` are what Envoy hands the
// filter, as the filter logs it. Behind the line of equal signs stands the text. UPDATE_GOLDENS=1 writes it anew.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import pc from 'picocolors';

import { ROOT } from '../../tools/build/root.ts';
import { placeDiagnostics, showDiagnostic } from '../../tools/cli/diagnostics.ts';
import { DocumentFile } from '../../tools/document/document.ts';
import { describe as ask } from '../../tools/host/describe.ts';
import { describeDocument } from '../../tools/render/describe.ts';
import { GENERATED } from './generated.ts';
import { struct, type Value } from './wire.ts';

const FOLDER = join(ROOT, 'test/config/goldens');
const WASM = join(ROOT, 'dist/mixer.wasm');
const SEPARATOR = '=====\n';
const COLORS = pc.createColors(false);

/** Codes that no adapter of this project raises: those of authors may, or the documentation promises them. */
const RESERVED = ['BadCidr', 'BadIp'];

/** Codes that need another module, an adapter with a backend, or a place that moves; other suites provoke them. */
const ELSEWHERE = [
  'CelNotLinked',
  'DocumentTakesTooMuch',
  'HandlerNotBuilt',
  'OutputNotAvailable',
  'TooManyStages',
];

const NUMBERS = new Map(
  [
    ...readFileSync(join(ROOT, 'assembly/shared/diagnostics.ts'), 'utf8').matchAll(
      /^ {2}(\w+) = (\d+),$/gm,
    ),
  ].map(([, name = '', number]) => [name, Number(number)] as const),
);

async function shownByCheck(text: string): Promise<string> {
  const file = new DocumentFile('policy.yaml', text);
  assert.deepEqual(file.problems, []);
  const { diagnostics, secrets } = await describeDocument(file.json, WASM);
  return placeDiagnostics(file, diagnostics, secrets)
    .map((each) => showDiagnostic(file, each, COLORS))
    .join('');
}

async function loggedByFilter(bytes: string | Uint8Array): Promise<string> {
  const { logs } = await ask(WASM, bytes, { pluginName: 'mixer' });
  return logs
    .filter(({ level }) => level === 'error' || level === 'warn')
    .map(({ text }) => `${text}\n`)
    .join('');
}

async function shown(file: string, document: string | Uint8Array): Promise<string> {
  if (file.endsWith('.yaml')) return shownByCheck(String(document));
  if (!file.endsWith('.struct.json')) return loggedByFilter(document);
  return loggedByFilter(struct(JSON.parse(String(document)) as Record<string, Value>));
}

/** The document of a golden; a generated one is too long to stand in a file. */
function documentOf(file: string, content: string): string | Uint8Array {
  const generate = GENERATED[file];
  return generate === undefined ? content.slice(0, content.lastIndexOf(SEPARATOR)) : generate();
}

async function check(file: string): Promise<void> {
  const path = join(FOLDER, `${file}.golden`);
  const content = existsSync(path) ? readFileSync(path, 'utf8') : SEPARATOR;
  const text = await shown(file, documentOf(file, content));
  const code = String(NUMBERS.get(file.slice(0, file.indexOf('.')))).padStart(4, '0');
  assert.match(text, new RegExp(`[EW]${code} `), `${file} provokes ${code}`);
  const at = content.lastIndexOf(SEPARATOR) + SEPARATOR.length;
  if (process.env['UPDATE_GOLDENS'] === '1') writeFileSync(path, content.slice(0, at) + text);
  else assert.equal(text, content.slice(at));
}

const FILES = [
  ...new Set([
    ...readdirSync(FOLDER).map((name) => name.replace(/\.golden$/, '')),
    ...Object.keys(GENERATED),
  ]),
].sort();

describe('diagnostics as they are shown', () => {
  for (const file of FILES)
    it(`${file} is shown with place and caret`, async () => {
      await check(file);
    });

  it('have a golden for every code', () => {
    const named = new Set(FILES.map((file) => file.slice(0, file.indexOf('.'))));
    const missing = [...NUMBERS.keys()].filter((name) => !named.has(name));
    assert.deepEqual(missing.sort(), [...RESERVED, ...ELSEWHERE].sort());
  });
});
