// The project's own tables leave nothing out: every function and operator of Mixer's language, every type that each
// operator takes, and every function of CEL.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CEL_FUNCTION_ROWS } from '../../assembly/shared/cel-functions.ts';
import { FUNCTION_ROWS } from '../../assembly/shared/functions.ts';
import { VALUE_TYPE_NAMES, ValueType } from '../../assembly/shared/types.ts';

interface Case {
  readonly suite: string;
  readonly expr: string;
  readonly type?: string;
  readonly manifest?: string;
}

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const CASES = readdirSync(FOLDER)
  .filter((name) => /^expressions.*\.json$/.test(name))
  .flatMap(
    (name) => (JSON.parse(readFileSync(`${FOLDER}${name}`, 'utf8')) as { cases: Case[] }).cases,
  );
const SYMBOLS: Readonly<Record<string, string>> = {
  EQ: 'left == right',
  NEQ: 'left != right',
  LT: 'left < right',
  LEQ: 'left <= right',
  GT: 'left > right',
  GEQ: 'left >= right',
  ADD: 'left + right',
  OR: 'left | right',
  LAND: 'left && right',
  LOR: 'left || right',
  INDEX: 'left["',
};
/** Functions that Mixer's language does not have. */
const OURS = FUNCTION_ROWS.findIndex((row) => row.startsWith('reverse|'));

describe('the tables of expressions', () => {
  for (const row of FUNCTION_ROWS.slice(0, OURS)) {
    const [name = '', , , , types = ''] = row.split('|');
    const symbol = SYMBOLS[name];
    const rows = CASES.filter(({ suite, expr }) =>
      suite === 'cel' ? false : expr.includes(symbol ?? `${name}(`),
    );
    it(`have rows of ${name}`, () => {
      assert.ok(rows.length >= (name === 'emptyStringMap' ? 1 : 2), `${rows.length} rows`);
      const given = new Set(rows.map(({ manifest }) => manifest));
      const missing = types.split(',').filter((type) => type !== '' && !given.has(`two ${type}`));
      assert.deepEqual(missing, []);
    });
  }

  it('have results of every type', () => {
    const given = new Set(CASES.map(({ type }) => type));
    const types = VALUE_TYPE_NAMES.slice(ValueType.String, ValueType.StringMap + 1);
    assert.deepEqual(
      types.filter((type) => !given.has(type)),
      [],
    );
  });

  for (const row of CEL_FUNCTION_ROWS) {
    const [name = '', style = ''] = row.split('|');
    const written = style === 'o' ? name.replaceAll(/[_[\]]/g, '') || '[' : `${name}(`;
    it(`have rows of ${name} in CEL`, () => {
      assert.ok(CASES.some(({ suite, expr }) => suite === 'cel' && expr.includes(written)));
    });
  }
});
