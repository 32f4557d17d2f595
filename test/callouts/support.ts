// Documents and streams for tests of callouts in the emulator.

import assert from 'node:assert/strict';
import { Host } from '../../tools/host/host.ts';
import type { Stream } from '../../tools/host/stream.ts';
import type { HostOptions, PendingCall, RequestInput } from '../../tools/host/types.ts';

/** A handler of the test's adapter. */
export function later(name: string, connection: object = {}, params: object = {}): object {
  return { name, adapter: 'later', connection: { cluster: name, ...connection }, params };
}

/** A rule with one action for each handler. */
export function rule(name: string, actions: (string | object)[], more: object = {}): object {
  const list = actions.map((action) => (typeof action === 'string' ? { handler: action } : action));
  return { name, actions: list, ...more };
}

/** The test's adapter with a document. */
export async function serveLater(
  document: { handlers: object[]; rules: object[]; instances?: object[] },
  options: Partial<HostOptions> = {},
): Promise<Host> {
  const configuration = JSON.stringify(document);
  const host = await Host.load({ wasm: 'dist/test/later.wasm', configuration, ...options });
  assert.ok(host.start(), logText(host));
  return host;
}

/** One handler, one rule. */
export function single(
  connection: object = {},
  action: object = {},
  params: object = {},
): { handlers: object[]; rules: object[] } {
  return {
    handlers: [later('backend', connection, params)],
    rules: [rule('r', [{ handler: 'backend', ...action }])],
  };
}

/** Everything that was logged, a line each. */
export function logText(host: Host): string {
  return host.logs.map((line) => line.text).join('\n');
}

/** A stream that goes as far as its callouts let it. */
export function begin(host: Host, request: RequestInput = {}, worker = 0): Stream {
  return host.open({ method: 'GET', path: '/', ...request }, worker).run();
}

/** The one pending call of a cluster. */
export function callTo(host: Host, cluster: string): PendingCall {
  const calls = host.calls.filter((call) => call.cluster === cluster);
  assert.equal(calls.length, 1, `${calls.length} calls to ${cluster}`);
  return calls[0]!;
}

/** A counter; 0 where it does not exist. */
export function counter(host: Host, name: string): number {
  host.tick();
  const value = host.metrics().get(name) ?? 0;
  assert.ok(typeof value === 'number');
  return value;
}

/** What calls of a handler came to. */
export function calls(host: Host, handler: string, result: string): number {
  return counter(host, `mixer_callouts_total.handler=${handler};result=${result};`);
}
