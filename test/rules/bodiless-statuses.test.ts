// Answers with a status that has no body: whatever follows on the connection would be read as the next response.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { denier, get, serve } from './serve.ts';

const body = 'HTTP/1.1 200 OK';

for (const status of [204, 205, 304]) {
  for (const response of [{ status }, { status, body }, { status, json: { why: '"closed"' } }])
    it(`a denial ${JSON.stringify(response)} has no body`, async () => {
      const host = await serve({
        handlers: [denier('closed', 7, 'told')],
        rules: [{ name: 'r', response, actions: [{ handler: 'closed' }] }],
      });
      const answer = host.request(get('/'));
      assert.deepEqual([answer.status, answer.body], [status, '']);
    });

  it(`a response replaced by one with ${status} has no body`, async () => {
    const host = await serve({ rules: [{ name: 'r', replaceResponse: { status, body } }] });
    const answer = host.request({ ...get('/'), response: { status: 200 } });
    assert.deepEqual([answer.status, answer.body], [status, '']);
  });
}

it('a denial with another status has the body that the rule gives', async () => {
  const host = await serve({
    handlers: [denier('closed', 7)],
    rules: [{ name: 'r', response: { status: 403, body }, actions: [{ handler: 'closed' }] }],
  });
  assert.equal(host.request(get('/')).body, body);
});
