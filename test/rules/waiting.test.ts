import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import { get } from './serve.ts';

const DOCUMENT = JSON.stringify({
  rules: [{ name: 'r', actions: [{ handler: { adapter: 'later' } }] }],
});
const ROOT = 1;
const FIRST_TOKEN = 1001;

async function waiting(): Promise<Host> {
  const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration: DOCUMENT });
  assert.ok(host.start(), host.logs.map((line) => line.text).join('\n'));
  return host;
}

describe('a check that waits for an answer', () => {
  it('pauses the request, and lets it go on when the answer allows', async () => {
    const host = await waiting();
    const stream = host.open(get('/')).run();
    assert.equal(stream.paused, true);
    host.callExport('proxy_on_http_call_response', ROOT, FIRST_TOKEN, 1, 0, 0);
    assert.equal(stream.paused, false);
    assert.equal(stream.close().status, 200);
  });

  it('answers the client when the answer denies', async () => {
    const host = await waiting();
    const stream = host.open(get('/'));
    stream.requestHeaders();
    host.callExport('proxy_on_http_call_response', ROOT, FIRST_TOKEN, 1, 5, 0);
    const outcome = stream.close();
    assert.equal(outcome.status, 403);
    assert.equal(outcome.details, 'mixer_access_denied{r}');
  });

  it('is denied by onError when no answer comes in time', async () => {
    const host = await waiting();
    const stream = host.open(get('/'));
    stream.requestHeaders();
    host.advance(31_000);
    assert.equal(stream.close().status, 504);
  });
});
