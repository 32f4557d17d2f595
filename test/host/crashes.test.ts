import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EnvoyCrash } from '../../tools/host/host.ts';
import type { RequestInput } from '../../tools/host/host.ts';
import { startProbe } from './support.ts';

const CALL = 'http up 500 %method:GET,%path:/,%authority:a';
const post = { method: 'POST', body: 'hello' } satisfies RequestInput;

describe('a call that kills Envoy', () => {
  const held = [`resph ${CALL}`, 'resph return 1', 'answer effectivelast'];
  for (const [name, script] of Object.entries({
    'send_local_response in on_log': ['log reply 500 d b'],
    'send_local_response in on_done': ['done reply 500 d b'],
    'send_local_response in on_delete': ['delete reply 500 d b'],
    'close_stream in on_log': ['log close 0'],
    'close_stream in on_done': ['done close 0'],
    'close_stream in on_delete': ['delete close 0'],
    'close_stream twice': ['reqh close 0', 'reqh close 0'],
    'continue_stream(response) in on_request_headers': ['reqh continue 1'],
    'continue_stream(response) in on_request_body': ['reqb0 continue 1'],
    'continue_stream(response) in on_response_headers': ['resph continue 1'],
    'continue_stream(response) in on_response_body while it is held': [
      'respb0 return 1',
      'respb1 continue 1',
    ],
    'a second reply in on_response_headers': ['resph reply 500 d b', 'resph reply 501 d b'],
    'a second reply in on_response_body': ['respb0 reply 500 d b', 'respb0 reply 501 d b'],
    'a second reply while the response is held': [
      ...held,
      'answer reply 500 d b',
      'answer reply 501 d b',
    ],
    'close_stream after a reply in on_response_headers': ['resph reply 500 d b', 'resph close 0'],
    'a line break in a response header': ['resph add 2 x-a a\\nb'],
    'a line break in a header of a local reply': ['reqh reply 403 d b x-a:a\\r\\nb'],
    'a gRPC service that is a message without a target': ['reqh grpcplain envoy 100 a.B M _ x'],
  })) {
    it(`ends the test: ${name}`, async () => {
      const host = await startProbe(script);
      host.answerCalls(() => ({}));
      const request = (): unknown => host.request({ ...post, response: { body: 'answer' } });
      assert.throws(
        request,
        (error) =>
          error instanceof EnvoyCrash && error.message.startsWith('Envoy would have crashed: '),
      );
      assert.throws(request, EnvoyCrash);
    });
  }
});
