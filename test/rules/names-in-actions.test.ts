// What is written in an action has a name by its place: one instance that of the action, several each their own.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { get, logText, serve } from './serve.ts';

const entry = { template: 'logentry', params: { variables: { path: 'request.path' } } };

it('instances of one action have names of their own, as the reference says', async () => {
  const handlers = [{ name: 'log', adapter: 'stdio' }];
  const actions = [
    { handler: 'log', instances: [entry] },
    { handler: 'log', instances: [entry, entry] },
  ];
  const host = await serve({ handlers, rules: [{ name: 'r', actions }] });
  host.request(get('/'));
  host.advance(1000);
  const names = [...logText(host).matchAll(/"instance":"([^"]*)"/g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), ['r/0', 'r/1/0', 'r/1/1']);
});
