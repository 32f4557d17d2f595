// Parameters of adapters, declared as adapters declare theirs: nested lists, maps, groups, statuses, secrets.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { DocumentReader, type ReaderName } from './reader.ts';

const reader = await DocumentReader.start();

function values(params: unknown, adapter: ReaderName): string {
  assert.deepEqual(reader.diagnostics(JSON.stringify({ params }), adapter), []);
  return reader.values(JSON.stringify({ params }), adapter);
}

function places(params: unknown, adapter: ReaderName): string[] {
  const diagnostics = reader.diagnostics(JSON.stringify({ params }), adapter);
  return diagnostics.map(({ code, pointer }) => `${code} ${pointer}`);
}

describe('parameters', () => {
  it('have their defaults when none are given', () => {
    for (const document of ['{}', '{"params":{}}', '{"params":null}']) {
      assert.deepEqual(reader.diagnostics(document, 'list'), []);
      assert.equal(reader.values(document, 'list'), '0  60000000000 10000 false');
    }
  });

  it('are read as a list adapter declares them', () => {
    const params = {
      entryType: 'IP_ADDRESSES',
      overrides: ['10.1.0.0/16', 'x'],
      blacklist: true,
      refresh_interval: '2s',
    };
    assert.equal(values(params, 'list'), '2 10.1.0.0/16,x 2000000000 10000 true');
  });

  it('are read in lists of objects that hold lists of objects', () => {
    const overrides = [
      { dimensions: { ip: '1.2.3.4', user: 'é' }, max_amount: 3 },
      { dimensions: {} },
    ];
    const params = { quotas: [{ name: 'a', maxAmount: '100', overrides }, { name: 'b' }] };
    assert.equal(values(params, 'memquota'), '1000000000 a=100 [ip,user=1.2.3.4,é:3] [=:0] b=0');
  });

  it('are read in maps of objects, of which one in a group is given', () => {
    const metrics = {
      first: { kind: 'GAUGE', buckets: { linearBuckets: { width: 2.5 } }, labelNames: ['a', 'b'] },
      second_one: { buckets: { explicit_buckets: { bounds: [1, '2.5', -3] } } },
    };
    assert.equal(
      values({ metrics, tags: { team: 'x' } }, 'prometheus'),
      'x first=1/0/2.5//a,b second_one=0/1/1.0/1.0;2.5;-3.0/',
    );
  });

  it('take a status by name, by number, and by a number that has no name', () => {
    assert.equal(values({}, 'denier'), '9:');
    assert.equal(
      values({ status: { code: 'PERMISSION_DENIED', message: 'no' } }, 'denier'),
      '7:no',
    );
    assert.equal(values({ status: { code: 99 } }, 'denier'), '99:');
    assert.equal(values({ status: { code: -1 } }, 'denier'), '-1:');
  });

  it('are refused where a status is none', () => {
    assert.deepEqual(places({ status: 7 }, 'denier'), ['E0203 /params/status']);
    assert.deepEqual(places({ status: { code: 'OKAY' } }, 'denier'), ['E0222 /params/status/code']);
    assert.deepEqual(places({ status: { code: 2 ** 31 } }, 'denier'), [
      'E0204 /params/status/code',
    ]);
    assert.deepEqual(places({ status: { details: [] } }, 'denier'), [
      'E0212 /params/status/details',
    ]);
  });

  it('are refused at the place of each mistake, all at once', () => {
    const overrides = [{ maxAmount: -1 }, { dimensions: { a: 1 } }, 3];
    const params = {
      quotas: [
        { name: '', overrides },
        { maxAmount: 1.5, naem: 'x' },
      ],
      quota: [],
    };
    assert.deepEqual(places(params, 'memquota').sort(), [
      'E0201 /params/quota',
      'E0201 /params/quotas/1/naem',
      'E0202 /params/quotas/0/overrides/0',
      'E0202 /params/quotas/1',
      'E0203 /params/quotas/0/overrides/1/dimensions/a',
      'E0203 /params/quotas/0/overrides/2',
      'E0204 /params/quotas/0/overrides/0/maxAmount',
      'E0205 /params/quotas/1/maxAmount',
      'E0210 /params/quotas/0/name',
    ]);
  });

  it('are refused where two of a group are given, with the place of the first', () => {
    const buckets = { explicitBuckets: {}, linearBuckets: {} };
    const [diagnostic] = reader.diagnostics(
      JSON.stringify({ params: { metrics: { m: { buckets } } } }),
      'prometheus',
    );
    assert.equal(diagnostic?.code, 'E0211');
    assert.equal(diagnostic.pointer, '/params/metrics/m/buckets/explicitBuckets');
    assert.equal(diagnostic.related, '/params/metrics/m/buckets/linearBuckets');
  });

  it('are refused by name where they are not yet supported', () => {
    assert.deepEqual(places({ metricsExpirationPolicy: {} }, 'prometheus'), [
      'E0212 /params/metricsExpirationPolicy',
    ]);
    assert.deepEqual(places({ providerUrl: 'http://x' }, 'list'), ['E0212 /params/providerUrl']);
  });

  it('are refused as a whole when they are no object', () => {
    assert.deepEqual(places([], 'list'), ['E0203 /params']);
    assert.deepEqual(places('x', 'prometheus'), ['E0203 /params']);
    assert.deepEqual(places({ quotas: {} }, 'memquota'), ['E0203 /params/quotas']);
    assert.deepEqual(places({ metrics: [] }, 'prometheus'), ['E0203 /params/metrics']);
  });

  it('never show a secret, also where the mistake stands beside it', () => {
    const document = '{"params":{"token":"s3cret","tokne":1,"tags":{"a":1}}}';
    assert.deepEqual(reader.codes(document, 'prometheus'), ['E0201', 'E0203']);
    const texts = reader.texts(document, 'prometheus');
    assert.match(texts, /"token":\*{8},"tokne":1/);
    for (const text of [texts, JSON.stringify(reader.diagnostics(document, 'prometheus'))]) {
      assert.doesNotMatch(text, /s3cret/);
    }
    assert.doesNotMatch(reader.texts('{"params":{"token":["s3cret"]}}', 'prometheus'), /s3cret/);
  });
});
