// Every adapter's cases on the emulator.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { Host } from '../../tools/host/host.ts';
import {
  answerProblems,
  headerLines,
  loadCases,
  traceProblems,
  type CaseRequest,
  type LoadedCase,
} from './run-cases.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
/** Own statistics are handed over on the tick; two of them pass. */
const FLUSH_MS = 1000;
const SOURCE_PORT = 40_000;

for (const each of loadCases('emulator')) {
  it(`${each.adapter} ${each.name}`, async () => {
    assert.deepEqual(await problemsOf(each), []);
  });
}

async function problemsOf({ document, requests = [], expect = {} }: LoadedCase): Promise<string[]> {
  const host = await Host.load({ wasm: WASM, configuration: JSON.stringify(document) });
  const isRefused = !host.start();
  const problems = isRefused
    ? []
    : requests.flatMap((request, index) => send(host, request, index));
  if (!isRefused) host.advance(FLUSH_MS);
  const metrics = new Map(
    [...host.metrics()].filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
  const log = host.logs.map(({ text }) => text);
  const traps = host.traps.map(({ reason }) => `trap: ${reason}`);
  return [...problems, ...traps, ...traceProblems(expect, { isRefused, metrics, log })];
}

function send(host: Host, request: CaseRequest, index: number): string[] {
  const {
    method = 'GET',
    path = '/',
    source,
    times = 1,
    after_ms: afterMs = 0,
    expect = {},
  } = request;
  if (afterMs > 0) host.advance(afterMs);
  return Array.from({ length: times }, (_, time) => {
    const seen = host.request({
      method,
      path,
      headers: headerLines(request),
      ...(source !== undefined && { properties: { 'source.address': address(source) } }),
    });
    return answerProblems(expect, seen).map(
      (problem) => `request ${index + 1}.${time + 1}: ${problem}`,
    );
  }).flat();
}

function address(ip: string): string {
  return ip.includes(':') ? `[${ip}]:${SOURCE_PORT}` : `${ip}:${SOURCE_PORT}`;
}
