// The page of the SDK as an author reads it: what may be used of each name, and that nothing is named which nobody may
// import.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { sdkModules, type SdkName } from '../../tools/docs/tables/sdk.ts';
import { SourceText } from '../../tools/docs/source.ts';

const names = sdkModules(ROOT).flatMap((module) => module.names);

function named(name: string): SdkName {
  const found = names.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

function members(name: string): string[] {
  return named(name).members.map(({ signature }) => signature);
}

describe('the page of the SDK', () => {
  it('has the properties that a constructor declares, with their comments', () => {
    assert.ok(members('BoolField').includes('value: bool'));
    const region = named('BuildContext').members.find(
      ({ signature }) => signature === 'region: Region',
    );
    assert.equal(region?.text, 'Memory that lives as long as the configuration.');
  });

  it('has properties without a comment of their own, which belong to the one before', () => {
    assert.ok(members('LogEntry').includes('variables: DimensionSet | null'));
    assert.ok(members('Metric').includes('dimensions: DimensionSet | null'));
    assert.ok(members('PairsCursor').includes('value: Slice'));
  });

  it('has nothing private, and no method that only keeps what the class above it promises', () => {
    assert.ok(!members('Verdict').some((signature) => signature.startsWith('private')));
    assert.ok(members('Field').some((signature) => signature.startsWith('parse(')));
    assert.ok(!members('IntField').some((signature) => signature.startsWith('parse(')));
  });

  it('shows what is written as a property as one, and what constants and types stand for', () => {
    assert.ok(members('Ledger').includes('set window: QuotaWindow'));
    assert.equal(named('Slice').signature, 'type Slice = u64');
    assert.match(named('REPORT_EVENTS_ALL').signature, / = \d+$/);
  });

  it('names no size that cannot be imported', () => {
    const limits = new SourceText(join(ROOT, 'assembly/shared/limits.ts')).constants();
    const known = new Set([...names, ...limits].map(({ name }) => name));
    const page = readFileSync(join(ROOT, 'docs/sdk.md'), 'utf8');
    const sizes = new Set(page.match(/\b[A-Z0-9_]+_(?:BYTES|MAX)\b/g));
    assert.deepEqual(
      [...sizes].filter((size) => !known.has(size)),
      [],
    );
  });
});
