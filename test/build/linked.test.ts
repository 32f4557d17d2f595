// What the build leaves out of a module, by what its adapters are: constants for the compiler.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAdapters } from '../../tools/build/find-adapters.ts';
import { linkedFlags, servedBy } from '../../tools/build/linked.ts';
import { ROOT } from '../../tools/build/root.ts';

function flagsOf(...names: string[]): string[] {
  return linkedFlags(
    ROOT,
    findAdapters(ROOT).filter(({ name }) => names.includes(name)),
  ).filter((flag) => flag !== '--use');
}

describe('what a module links', () => {
  it('is the templates of its adapters, and no callouts where none has a backend', () => {
    assert.deepEqual(flagsOf('denier'), ['MIXER_TEMPLATES=7', 'MIXER_BACKENDS=0']);
  });

  it('is callouts as soon as one adapter may ask somebody', () => {
    assert.deepEqual(flagsOf('denier', 'list'), ['MIXER_TEMPLATES=7', 'MIXER_BACKENDS=1']);
  });

  it('is everything where the adapters together can do everything', () => {
    assert.deepEqual(linkedFlags(ROOT, findAdapters(ROOT)), []);
  });

  it('is every template where an adapter does not say by name which it takes', () => {
    assert.equal(servedBy('export class Odd extends Adapter {\n}'), 1023);
    assert.equal(servedBy('  get serves(): u32 {\n    return Template.Unheard;\n  }'), 1023);
    assert.equal(servedBy('  get serves(): u32 {\n    return Template.Quota;\n  }'), 4);
  });
});
