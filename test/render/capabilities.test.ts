// The table of capabilities against the filter that is built: a function that no list could allow
// would be refused by Envoy at run time, quietly.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

import { capabilities, FEATURES, uncovered } from '../../tools/render/capabilities.ts';
import { WASM_PATH } from '../../tools/render/defaults.ts';

describe('the capability table', () => {
  it('covers every import and callback of dist/mixer.wasm', async () =>
    assert.deepEqual(await uncovered(new Uint8Array(readFileSync(WASM_PATH))), []));

  it('always allows the callback that checks', () =>
    assert.ok(capabilities([]).includes('proxy_on_request_headers')));

  it('adds callbacks and calls only for the features that need them', () => {
    assert.ok(!capabilities([]).includes('proxy_on_response_headers'));
    assert.ok(!capabilities(['response']).includes('proxy_http_call'));
    assert.ok(capabilities(['response']).includes('proxy_on_response_headers'));
    for (const feature of FEATURES)
      assert.ok(capabilities([feature]).length > capabilities([]).length);
  });

  it('names what it does not know', async () => {
    assert.throws(() => capabilities(['telepathy']), /telepathy/);
    // (module (import "env" "proxy_odd" (func)))
    const odd = Buffer.from(
      '0061736d0100000001040160000002110103656e760970726f78795f6f64640000',
      'hex',
    );
    assert.deepEqual(await uncovered(new Uint8Array(odd)), ['proxy_odd']);
  });
});
