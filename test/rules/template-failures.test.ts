// `${…}` of answers and log lines whose expressions fail: what is written in their place, and that the rule counts it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { denier, get, serve } from './serve.ts';

const closed = [{ handler: 'closed' }];
const upstream = { response: { status: 503 } };

async function errorsOf(rule: object): Promise<[body: string, errors: number]> {
  const rules = [{ name: 'r', ...rule }];
  const host = await serve({ handlers: [denier('closed', 7, 'no')], rules });
  const { body } = host.request({ ...get('/?q=b%0d%0ax:%20y'), ...upstream });
  host.tick();
  return [body, Number(host.metrics().get('mixer_rule_errors_total.rule=r;') ?? 0)];
}

describe('a template whose expression fails', () => {
  for (const [what, rule, body, errors] of [
    [
      'the body of a denial',
      { response: { body: 'by ${request.referer}${request.referer}.' } },
      'by .',
      2,
    ],
    ['JSON of a denial', { response: { json: { by: 'request.referer' } } }, '{"by":null}', 1],
    [
      'a header of a denial',
      { response: { headers: { 'x-by': '${request.referer}' } } },
      undefined,
      1,
    ],
    [
      'a log line',
      { requestLog: { level: 'WARN', message: 'by ${request.referer}' } },
      undefined,
      1,
    ],
  ] as const) {
    it(`in ${what} gives nothing, and is an error of the rule`, async () => {
      const [written, count] = await errorsOf({ ...rule, actions: closed });
      assert.equal(written, body ?? 'PERMISSION_DENIED:closed:no');
      assert.equal(count, errors);
    });
  }

  it('in an answer in the place of the upstream’s gives nothing, and is an error of the rule', async () => {
    const replaceResponse = { body: 'by ${request.referer}.' };
    assert.deepEqual(await errorsOf({ replaceResponse }), ['by .', 1]);
  });

  it('is no error where a key of a map is missing: that is the empty text', async () => {
    const response = { body: 'by ${request.headers["referer"]}.' };
    assert.deepEqual(await errorsOf({ response, actions: closed }), ['by .', 0]);
  });

  it('to something that could split a message leaves its header out, and is an error of the rule', async () => {
    const response = { headers: { 'x-by': '${"a" + request.query_params["q"]}' } };
    assert.deepEqual(await errorsOf({ response, actions: closed }), [
      'PERMISSION_DENIED:closed:no',
      1,
    ]);
  });
});
