// Conditions that the rule index decides by itself, and those of which it knows a part only: what they give must not
// tell the two apart.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { denier, get, serve } from './serve.ts';

describe('a condition that one look-up of a text decides', () => {
  const denies = async (rule: object, request: ReturnType<typeof get>): Promise<number> =>
    (
      await serve({ rules: [{ name: 'r', actions: [{ handler: denier('no', 7) }], ...rule }] })
    ).request(request).status;
  const ANY = 'request.referer == "x" || request.referer.startsWith("y/")';

  for (const [match, referer, status] of [
    ['request.referer == "x"', 'x', 403],
    ['request.referer == "x"', 'xx', 200],
    ['request.referer == "x" || "y" == request.referer', 'y', 403],
    ['request.referer.startsWith("x")', 'xx', 403],
    ['request.referer.startsWith("")', 'z', 403],
    ['match(request.referer, "x*")', 'x', 403],
    [ANY, 'y/1', 403],
    [ANY, 'y', 200],
  ] as const)
    it(`${match} gives ${status} for ${referer}`, async () => {
      assert.equal(await denies({ match }, get('/', { referer })), status);
      assert.equal(await denies({ match }, get('/')), 500);
    });

  it('is not all where more stands beside it', async () => {
    const post = { ...get('/', { referer: 'x' }), method: 'POST' };
    for (const match of [
      'request.referer == "x" && request.method == "POST"',
      'request.method == "POST" && request.referer == "x"',
      'request.referer == "y" || (request.referer == "x" && request.method == "POST")',
      '(request.referer == "x" && request.method == "POST") || request.referer == "y"',
    ]) {
      assert.equal(await denies({ match }, get('/', { referer: 'x' })), 200, match);
      assert.equal(await denies({ match }, post), 403, match);
    }
  });

  it('is not all where the rule has an exception', async () => {
    const rule = { match: 'request.referer == "x"', unless: 'request.method == "POST"' };
    const post = { ...get('/', { referer: 'x' }), method: 'POST' };
    assert.equal(await denies(rule, post), 200);
    assert.equal(await denies(rule, get('/', { referer: 'x' })), 403);
    assert.equal(await denies({ unless: 'request.method == "POST"' }, post), 200);
  });

  it('is asked again where the attribute is absent, beside rules on others', async () => {
    const rules = ['request.referer == "x"', 'request.headers["x-a"] | "" == "1"'].map(
      (match, index) => ({
        name: `r${index}`,
        match,
        onError: { match: 'ALLOW' },
        actions: [{ handler: denier('no', 7) }],
      }),
    );
    const host = await serve({ rules });
    assert.equal(host.request(get('/')).status, 200);
    assert.equal(host.request(get('/', { 'x-a': '1' })).details, 'mixer_access_denied{r1}');
    assert.equal(host.request(get('/', { referer: 'x' })).details, 'mixer_access_denied{r0}');
  });
});

describe('rules that charge quotas and check nothing', () => {
  const quotas = [{ name: 'per-caller', maxAmount: 1, validDuration: '60s' }];
  const document = (onError: object): object => ({
    handlers: [{ name: 'limits', adapter: 'memquota', params: { quotas } }],
    instances: [{ name: 'per-caller', template: 'quota' }],
    rules: [
      {
        name: 'limited',
        match: 'request.referer == "x"',
        onError,
        actions: [{ handler: 'limits', instances: ['per-caller'] }],
      },
    ],
  });

  it('charge where they match, and nothing else', async () => {
    const host = await serve(document({}));
    const statuses = ['y', 'x', 'x', 'y'].map(
      (referer) => host.request(get('/', { referer })).status,
    );
    assert.deepEqual(statuses, [200, 200, 429, 200]);
  });

  it('deny where the match cannot be evaluated, unless the document says otherwise', async () => {
    assert.equal((await serve(document({}))).request(get('/')).status, 500);
    assert.equal((await serve(document({ match: 'ALLOW' }))).request(get('/')).status, 200);
  });
});
