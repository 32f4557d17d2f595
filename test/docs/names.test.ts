// What the written pages name exists: diagnostics, metrics of ours, limits, files. Links have a test of their own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { SharedTables } from '../../tools/docs/tables/rows.ts';

const tables = new SharedTables(ROOT);
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n');
const texts = pages.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
/** Where adapters name the metrics and bounds that are theirs alone. */
const adapters = readdirSync(join(ROOT, 'adapters')).flatMap((adapter) => {
  const folder = join(ROOT, 'adapters', adapter);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return sources.map((name) => readFileSync(join(folder, name), 'utf8'));
});
const adapterSources = adapters.join('\n');

/** `FILE: NAME` for each name of this form that `isKnown` does not know. */
function unknown(form: RegExp, isKnown: (name: string) => boolean): string[] {
  return texts.flatMap(({ file, text }) => {
    const names = new Set([...text.matchAll(form)].map(([, name = '']) => name));
    return [...names].filter((name) => !isKnown(name)).map((name) => `${file}: ${name}`);
  });
}

describe('what the pages name exists', () => {
  it('diagnostics', () => {
    // Which are warnings is for their own examples to say.
    const codes = new Set(tables.diagnostics().map(({ code }) => code.slice(1)));
    assert.deepEqual(
      unknown(/\b[EW](0\d{3})\b/g, (code) => codes.has(code)),
      [],
    );
  });

  it('metrics', () => {
    const own = new Set(tables.statistics().map(({ name }) => name));
    const isKnown = (name: string): boolean => own.has(name) || adapterSources.includes(name);
    assert.deepEqual(unknown(/\b(mixer_[a-z_]+_(?:total|seconds|info|entries))\b/g, isKnown), []);
  });

  it('limits', () => {
    const limits = new Set(tables.limits().map(({ name }) => name));
    const isKnown = (name: string): boolean => limits.has(name) || adapterSources.includes(name);
    const form = /`([A-Z]+(?:_[A-Z]+)*_(?:SIZE|COUNT|DEPTH|INTERVAL|DURATION)_MAX(?:_[A-Z]+)?)`/g;
    assert.deepEqual(unknown(form, isKnown), []);
  });

  it('files of this project', () => {
    const form = /`((?:adapters|assembly|docs|envoy|test|tools)\/[\w./-]+)`/g;
    // The tutorial makes these.
    const isMade = (path: string): boolean => /^adapters\/(?:agent-prefix|tsconfig)/.test(path);
    assert.deepEqual(
      unknown(form, (path) => {
        const isThere = existsSync(join(ROOT, path)) || existsSync(join(ROOT, `${path}.ts`));
        return isThere || isMade(path);
      }),
      [],
    );
  });
});
