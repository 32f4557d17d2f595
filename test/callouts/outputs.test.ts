import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WAIT_COUNT_MAX } from '../../assembly/shared/limits.ts';
import { Host } from '../../tools/host/host.ts';
import { begin, callTo, later, logText, rule, serveLater } from './support.ts';

const NAMED = { name: 'who', handler: 'backend' };
const SETS = { name: 'x-user', operation: 'REPLACE', values: ['who.output.user'] };

function document(more: object, second?: object): Parameters<typeof serveLater>[0] {
  return {
    handlers: [later('backend')],
    rules: [rule('r', [NAMED], more), ...(second === undefined ? [] : [second])],
  };
}

describe('an output value of an action', () => {
  it('can be set as a header of the request', async () => {
    const host = await serveLater(document({ requestHeaderOperations: [SETS] }));
    const stream = begin(host, { headers: [['x-user', 'forged']] });
    host.answerHttpCall(callTo(host, 'backend').token, { headers: [['x-user', 'ann']] });
    const { upstreamHeaders } = stream.close();
    assert.deepEqual(
      upstreamHeaders?.filter(([name]) => name === 'x-user'),
      [['x-user', 'ann']],
    );
  });

  it('leaves no header of the client standing when the backend gives none', async () => {
    const host = await serveLater(document({ requestHeaderOperations: [SETS] }));
    const stream = begin(host, { headers: [['x-user', 'forged']] });
    host.answerHttpCall(callTo(host, 'backend').token, {});
    const { upstreamHeaders } = stream.close();
    assert.deepEqual(
      upstreamHeaders?.filter(([name]) => name === 'x-user'),
      [],
    );
  });

  it('can be read by another rule and in the response', async () => {
    const operation = { name: 'x-was', operation: 'REPLACE', values: ['who.output.user'] };
    const second = rule('s', [], { responseHeaderOperations: [operation] });
    const host = await serveLater(document({}, second));
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'backend').token, { headers: [['x-user', 'ann']] });
    const { headers } = stream.close();
    assert.deepEqual(
      headers.find(([name]) => name === 'x-was'),
      ['x-was', 'ann'],
    );
  });

  it('can be read in the answer of a denial that comes after it', async () => {
    const second = rule('s', ['gate'], {
      match: 'who.output.user == "ann"',
      response: { body: 'no, ${who.output.user}' },
    });
    const given = document({}, second);
    const host = await serveLater({ ...given, handlers: [...given.handlers, later('gate')] });
    const stream = begin(host);
    host.answerHttpCall(callTo(host, 'backend').token, { headers: [['x-user', 'ann']] });
    host.answerHttpCall(callTo(host, 'gate').token, { status: 403 });
    assert.equal(stream.close().body, 'no, ann');
  });

  it('takes no place where the action has no name, and nobody could read it', async () => {
    const instances = [{ template: 'listentry', params: { value: 'request.path' } }];
    const serve = (name?: (at: number) => string): Promise<Host> => {
      const actions = Array.from({ length: WAIT_COUNT_MAX + 1 }, (_, at) => ({
        handler: 'here',
        instances,
        ...(name === undefined ? {} : { name: name(at) }),
      }));
      const handlers = [later('here', {}, { local: true })];
      return serveLater({ handlers, rules: [rule('r', actions)] });
    };
    assert.equal(begin(await serve()).close().status, 200);
    assert.equal(begin(await serve((at) => `a${at}`)).close().status, 500);
  });

  it('belongs to one action: a second one of the same name is refused', async () => {
    const configuration = JSON.stringify(document({}, rule('s', [NAMED])));
    const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration });
    assert.equal(host.start(), false);
    assert.match(logText(host), /E0401/);
  });
});
