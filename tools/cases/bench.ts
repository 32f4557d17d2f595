// Runs the requests of a case in a loop on the emulator and measures: time and host calls for each request. The time
// holds the emulator's own work; it is good for comparing one case or one build with another, not for promises.

import { WrongUse } from '../host/errors.ts';
import type { Host, RequestInput } from '../host/host.ts';
import { EmulatedBackends } from './emulated-backends.ts';
import { requestInput } from './emulator.ts';
import { loadHost } from './loaded-host.ts';
import type { LoadedCase } from './read.ts';

export interface Measurement {
  readonly each: LoadedCase;
  readonly requestCount: number;
  /** The best of several rounds. */
  readonly nsPerRequest: number;
  readonly hostCallsPerRequest: number;
  /** How many bytes the guest's memory grew by over all rounds. */
  readonly grownBytes: number;
}

const ROUND_COUNT = 5;
const WARM_UP_COUNT = 500;

/** Measures one case for about `seconds`. Its expectations are not looked at. */
export async function measure(
  each: LoadedCase,
  wasm: string,
  seconds: number,
): Promise<Measurement> {
  const host = await loadHost(each, wasm);
  if (!host.start())
    throw new WrongUse(
      `the document of "${each.name}" is refused:\n${host.logs.map(({ text }) => text).join('\n')}`,
    );
  const inputs = (each.requests ?? [{}]).map(requestInput);
  const backends = new EmulatedBackends(host, each.callouts ?? []);
  const send = (count: number): number => sendAll(host, backends, inputs, count);
  send(WARM_UP_COUNT);
  host.resetCallCounts();
  const memoryBytes = host.memorySizeBytes();
  const rounds = Array.from({ length: ROUND_COUNT }, () => oneRound(send, seconds / ROUND_COUNT));
  const requestCount = rounds.reduce((sum, { count }) => sum + count, 0);
  const calls = [...host.callCounts().values()].reduce((sum, count) => sum + count, 0);
  return {
    each,
    requestCount,
    nsPerRequest: Math.min(...rounds.map(({ ns, count }) => ns / count)),
    hostCallsPerRequest: calls / requestCount,
    grownBytes: host.memorySizeBytes() - memoryBytes,
  };
}

function oneRound(send: (count: number) => number, seconds: number): { ns: number; count: number } {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < seconds * 1000) count += send(100);
  return { ns: (performance.now() - start) * 1e6, count };
}

function sendAll(
  host: Host,
  backends: EmulatedBackends,
  inputs: readonly RequestInput[],
  count: number,
): number {
  let sent = 0;
  while (sent < count)
    for (const input of inputs) {
      const stream = host.open(input).run();
      if (stream.paused) backends.serve(() => !stream.paused);
      stream.close();
      sent++;
    }
  return sent;
}
