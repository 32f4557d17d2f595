// Rules that read what actions of earlier rules gave: they are matched once it is known, also when a
// backend gives it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import type { Stream } from '../../tools/host/stream.ts';
import { begin, callTo, later, logText, rule, serveLater } from './support.ts';

const WHO = { name: 'who', handler: 'ids' };
const TIER = { name: 'tier', handler: 'tiers' };
const IS_ANN = { match: '(who.output.user | "") == "ann"' };

interface Document {
  handlers: object[];
  rules: object[];
}

function document(...rules: object[]): Document {
  const backends = ['ids', 'tiers', 'gate', 'other'].map((name) => later(name));
  return { handlers: [...backends, later('here', {}, { local: true })], rules };
}

/** An action of the handler that answers itself with the value of an expression. */
function here(value: string, name?: string): object {
  const instance = { template: 'listentry', params: { value } };
  return { handler: 'here', instances: [instance], ...(name === undefined ? {} : { name }) };
}

function answer(host: Host, cluster: string, status: string, user?: string): void {
  const headers: [string, string][] = user === undefined ? [] : [['x-user', user]];
  host.answerHttpCall(callTo(host, cluster).token, { status: Number(status), headers });
}

const asked = (host: Host): string[] => host.calls.map(({ cluster }) => cluster).sort();

function statusOf(stream: Stream): number {
  return stream.close().status;
}

async function refusal(...rules: object[]): Promise<string> {
  const configuration = JSON.stringify(document(...rules));
  const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration });
  assert.equal(host.start(), false);
  return logText(host);
}

describe('a rule whose match reads an output', () => {
  const staged = document(rule('id', [WHO]), rule('ann', ['gate'], IS_ANN));

  it('is asked only after the backend has said who it is', async () => {
    const host = await serveLater(staged);
    const stream = begin(host);
    assert.deepEqual(asked(host), ['ids']);
    answer(host, 'ids', '200', 'ann');
    assert.deepEqual(asked(host), ['gate']);
    answer(host, 'gate', '403');
    assert.equal(statusOf(stream), 403);
  });

  it('does not apply to another one', async () => {
    const host = await serveLater(staged);
    const stream = begin(host);
    answer(host, 'ids', '200', 'bob');
    assert.deepEqual(asked(host), []);
    assert.equal(statusOf(stream), 200);
  });

  it('finds the output absent where the backend gave none', async () => {
    const host = await serveLater(staged);
    const stream = begin(host);
    answer(host, 'ids', '200');
    assert.equal(statusOf(stream), 200);
  });

  it('finds the output absent where the action was not run', async () => {
    const id = rule('id', [WHO], { match: 'request.path == "/id"' });
    const host = await serveLater(document(id, rule('ann', ['gate'], IS_ANN)));
    assert.equal(statusOf(begin(host)), 200);
  });

  it('fails without `|` where the output is absent, and onError decides', async () => {
    const host = await serveLater(
      document(rule('id', [WHO]), rule('ann', ['gate'], { match: 'who.output.user == "ann"' })),
    );
    const stream = begin(host);
    answer(host, 'ids', '200');
    assert.equal(statusOf(stream), 500);
  });

  it('is not asked after a denial', async () => {
    const host = await serveLater(staged);
    const stream = begin(host);
    answer(host, 'ids', '401', 'ann');
    assert.deepEqual(asked(host), []);
    assert.equal(statusOf(stream), 403);
  });

  it('is found by its literal among others', async () => {
    const rules = ['ann', 'bob', 'eve'].map((name) =>
      rule(name, [here('"no"')], { match: `who.output.user == "${name}"` }),
    );
    const host = await serveLater(document(rule('id', [WHO]), ...rules));
    for (const [user, status] of [
      ['bob', 403],
      ['ida', 200],
    ] as const) {
      const stream = begin(host);
      answer(host, 'ids', '200', user);
      assert.equal(statusOf(stream), status, user);
    }
  });

  it('sets headers and applies to the response', async () => {
    const more = {
      ...IS_ANN,
      requestHeaderOperations: [{ name: 'x-who', values: ['who.output.user'] }],
      responseHeaderOperations: [{ name: 'x-was', values: ['who.output.user'] }],
    };
    const host = await serveLater(document(rule('id', [WHO]), rule('ann', [], more)));
    for (const [user, expected] of [
      ['ann', 'ann'],
      ['bob', undefined],
    ] as const) {
      const stream = begin(host);
      answer(host, 'ids', '200', user);
      const { upstreamHeaders, headers } = stream.close();
      assert.equal(upstreamHeaders?.find(([name]) => name === 'x-who')?.[1], expected);
      assert.equal(headers.find(([name]) => name === 'x-was')?.[1], expected);
    }
  });

  it('keeps streams apart that wait at different stages', async () => {
    const host = await serveLater(staged);
    const first = begin(host, { path: '/first' });
    answer(host, 'ids', '200', 'ann');
    const second = begin(host, { path: '/second' });
    answer(host, 'ids', '200', 'bob');
    assert.equal(statusOf(second), 200);
    answer(host, 'gate', '403');
    assert.equal(statusOf(first), 403);
  });

  it('excepts with `unless` as well', async () => {
    const unless = { unless: '(who.output.user | "") == "ann"' };
    const host = await serveLater(document(rule('id', [WHO]), rule('r', [here('"no"')], unless)));
    const ann = begin(host);
    answer(host, 'ids', '200', 'ann');
    assert.equal(statusOf(ann), 200);
    const bob = begin(host);
    answer(host, 'ids', '200', 'bob');
    assert.equal(statusOf(bob), 403);
  });
});

describe('stages', () => {
  it('follow each other as long as one reads the other', async () => {
    const gold = rule('gold', ['gate'], { match: '(tier.output.user | "") == "gold"' });
    const host = await serveLater(document(rule('id', [WHO]), rule('ann', [TIER], IS_ANN), gold));
    const stream = begin(host);
    answer(host, 'ids', '200', 'ann');
    assert.deepEqual(asked(host), ['tiers']);
    answer(host, 'tiers', '200', 'gold');
    assert.deepEqual(asked(host), ['gate']);
    answer(host, 'gate', '200');
    assert.equal(statusOf(stream), 200);
  });

  it('that read local actions come before the first callout', async () => {
    const host = await serveLater(
      document(
        rule('outside', ['gate']),
        rule('id', [here('request.path', 'local')]),
        rule('closed', [here('"no"')], { match: 'local.output.user == "/closed"' }),
      ),
    );
    assert.equal(statusOf(begin(host, { path: '/closed' })), 403);
    assert.deepEqual(asked(host), []);
    const open = begin(host, { path: '/open' });
    answer(host, 'gate', '200');
    assert.equal(statusOf(open), 200);
  });

  it('share one round of callouts where only local actions part them', async () => {
    const host = await serveLater(
      document(
        rule('outside', ['gate']),
        rule('id', [here('request.path', 'local')]),
        rule('more', ['other'], { match: 'local.output.user == "/more"' }),
      ),
    );
    begin(host, { path: '/more' });
    assert.deepEqual(asked(host), ['gate', 'other']);
  });

  it('let the instance of a check read an earlier action of its own rule', async () => {
    const host = await serveLater(document(rule('id', [WHO, here('who.output.user | "no"')])));
    const ann = begin(host);
    answer(host, 'ids', '200', 'ann');
    assert.equal(statusOf(ann), 200);
    const nobody = begin(host);
    answer(host, 'ids', '200');
    assert.equal(statusOf(nobody), 403);
  });

  it('hold for declared attributes that are made of an output', async () => {
    const attributes = { caller: { type: 'STRING', value: 'who.output.user | "nobody"' } };
    const rules = [rule('id', [WHO]), rule('r', [here('"no"')], { match: 'caller == "nobody"' })];
    const host = await serveLater({ ...document(...rules), attributes } as Document);
    const stream = begin(host);
    answer(host, 'ids', '200');
    assert.equal(statusOf(stream), 403);
  });
});

describe('an output that is not known before', () => {
  it('cannot be read by the match of its own rule', async () => {
    assert.match(await refusal(rule('id', [WHO], IS_ANN)), /E0323 .*who\.output\.user/);
  });

  it('cannot be read by a rule further up', async () => {
    const log = await refusal(rule('ann', ['gate'], IS_ANN), rule('id', [WHO]));
    assert.match(log, /E0323 .*who\.output\.user/);
    assert.match(log, /earlier rule/);
  });

  it('cannot be read by an instance further up', async () => {
    assert.match(await refusal(rule('id', [here('who.output.user'), WHO])), /E0323/);
  });

  it('stands in at most 32 stages', async () => {
    const chain = (length: number): object[] => [
      rule('s0', [here('request.path', 'o0')]),
      ...Array.from({ length: length - 1 }, (_, at) =>
        rule(`s${at + 1}`, [here(`o${at}.output.user`, `o${at + 1}`)]),
      ),
    ];
    const host = await serveLater(document(...chain(32)));
    assert.equal(statusOf(begin(host)), 200);
    assert.match(await refusal(...chain(33)), /E0428 /);
  });
});
