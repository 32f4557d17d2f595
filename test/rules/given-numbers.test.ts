// Numbers that stand where a document has an expression: they are literals, whatever their sign.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { struct, type Value } from '../config/wire.ts';
import { Host } from '../../tools/host/host.ts';
import { denier, get, logText, serve } from './serve.ts';

const MOST = Number.MAX_SAFE_INTEGER;
const SMALLEST = '-9223372036854775808';

/** A document that answers with these members, as text. */
function answering(json: string): string {
  const actions = [{ handler: denier('no', 7) }];
  const rule = JSON.stringify({ name: 'r', actions, response: { json: {} } });
  return `{"rules":[${rule.replace('"json":{}', `"json":${json}`)}]}`;
}

function bodyOf(host: Host): string {
  return host.request(get('/')).body;
}

/** The body of an answer where a Struct is the document, or what the filter logs when it refuses it. */
async function withStruct(document: Record<string, Value>): Promise<string> {
  const host = await Host.load({ wasm: 'dist/mixer.wasm', configuration: struct(document) });
  return host.start() ? bodyOf(host) : logText(host);
}

describe('a number of the document', () => {
  it('may be negative, whole or not, up to the least of 64 bits', async () => {
    const json = `{"a":-3,"b":-1.5,"c":${SMALLEST},"d":-0,"e":4,"f":"-2 == -2"}`;
    const text = json.replace(',"f":"-2 == -2"', '');
    assert.deepEqual(
      bodyOf(await serve(answering(text))),
      `{"a":-3,"b":-1.5,"c":${SMALLEST},"d":0,"e":4}`,
    );
  });

  it('is refused beyond 64 bits, and a sign in the text of an expression as ever', async () => {
    await assert.rejects(serve(answering('{"a":-9223372036854775809}')), /E0309/);
    await assert.rejects(serve(answering('{"a":"-3"}')), /E0302/);
  });

  it('may be negative in a Struct, whose integers are exact below 2^53', async () => {
    const rules = (a: number): Record<string, Value> =>
      JSON.parse(answering(JSON.stringify({ a }))) as Record<string, Value>;
    for (const number of [-3, -1.5, MOST, -MOST, 1e21]) {
      const { a } = JSON.parse(await withStruct(rules(number))) as { a: number };
      assert.equal(a, number);
    }
    for (const number of [MOST + 1, -MOST - 1, MOST + 3, 2 ** 63, 1e20])
      assert.match(await withStruct(rules(number)), /E0206/);
  });
});
