// Reports through the bypass adapter, on the emulator: batches, repeated attempts, and what is given up.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Host } from '../../tools/host/host.ts';
import type { PendingCall } from '../../tools/host/types.ts';

const TICK_MS = 500;
const VARIABLE_SIZE = 2_000;
const ATTEMPT_COUNT = 4;
const UNAVAILABLE = 14;

async function start(): Promise<Host> {
  const document = {
    handlers: [{ name: 'ours', adapter: 'bypass', connection: { cluster: 'adapter' } }],
    instances: [
      {
        name: 'line',
        template: 'logentry',
        params: { severity: '"info"', variables: { text: 'request.headers["x-text"] | ""' } },
      },
    ],
    rules: [{ name: 'log', actions: [{ handler: 'ours', instances: ['line'] }] }],
  };
  const host = await Host.load({
    wasm: 'dist/mixer.wasm',
    configuration: JSON.stringify(document),
  });
  assert.ok(host.start(), host.logs.map(({ text }) => text).join('\n'));
  return host;
}

function report(host: Host, count: number): void {
  const text = 'x'.repeat(VARIABLE_SIZE);
  for (let at = 0; at < count; at++) host.request({ headers: [['x-text', text]] });
}

function one(host: Host): PendingCall {
  assert.equal(host.calls.length, 1, `${host.calls.length} calls`);
  return host.calls[0] ?? assert.fail();
}

function dropped(host: Host, reason: string): number {
  const found = host.metrics().get(`mixer_dropped_total.adapter=bypass;reason=${reason};`) ?? 0;
  return typeof found === 'number' ? found : Number.NaN;
}

/** How many instances a request has: fields 1 of its message. */
function instanceCount({ body }: PendingCall): number {
  let count = 0;
  for (let at = 0; at < body.length;) {
    const field = (body[at] ?? 0) >> 3;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = body[++at] ?? 0;
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += 1 + size;
    if (field === 1) count++;
  }
  return count;
}

it('sends the reports of a tick together', async () => {
  const host = await start();
  report(host, 5);
  assert.equal(host.calls.length, 0);
  host.advance(TICK_MS);
  const call = one(host);
  assert.equal(call.service, 'logentry.HandleLogEntryService');
  assert.equal(call.method, 'HandleLogEntry');
  assert.equal(instanceCount(call), 5);
  host.answerGrpcCall(call.token, '');
  host.advance(TICK_MS * 4);
  assert.equal(host.calls.length, 0);
});

it('sends a batch that is full at once, and drops what fits in neither, counted', async () => {
  const host = await start();
  report(host, 100);
  const sent = instanceCount(one(host));
  assert.ok(sent > 20 && sent < 34, `${sent} of ${VARIABLE_SIZE} bytes each`);
  assert.ok(one(host).body.length <= 65_536);
  host.answerGrpcCall(one(host).token, '');
  host.advance(TICK_MS);
  const kept = instanceCount(one(host));
  assert.equal(sent + kept + dropped(host, 'batch_full'), 100);
});

it('sends a batch that fails again with the same id, four times in all, and counts what it gives up', async () => {
  const host = await start();
  report(host, 3);
  const bodies = new Set<string>();
  for (let tick = 0; tick < 60; tick++) {
    host.advance(TICK_MS);
    for (const call of host.calls) {
      bodies.add(Buffer.from(call.body).toString('hex'));
      host.closeGrpcCall(call.token, UNAVAILABLE);
    }
  }
  assert.equal(bodies.size, 1);
  assert.equal(dropped(host, 'not_delivered'), 3);
  const failed = host.metrics().get('mixer_callouts_total.handler=ours;result=unreachable;');
  assert.equal(failed, ATTEMPT_COUNT);
});
