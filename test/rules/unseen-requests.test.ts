// Streams that an earlier filter, or Envoy itself, answered: the filter sees nothing of them before the log.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { logText, serve } from './serve.ts';

it('a request that the filter did not see has the duration that Envoy measured', async () => {
  const host = await serve({
    handlers: [{ name: 'log', adapter: 'stdio' }],
    instances: [
      { name: 'i', template: 'logentry', params: { variables: { took: 'response.duration' } } },
    ],
    rules: [{ name: 'r', actions: [{ handler: 'log', instances: ['i'] }] }],
  });
  const properties = { 'request.duration': 200_000_000n };
  host.request({ skipRequestHeaders: true, properties, response: { status: 503 } });
  host.advance(1000);
  assert.match(logText(host), /"took":"200ms"/);
});
