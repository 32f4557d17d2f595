// One connection of a case on the emulator: opens it, sends its chunks, lets the server behind it speak, and ends it as
// a client does that has nothing more to say.

import type { Connection, ConnectionInput, Host } from '../host/host.ts';
import { scriptedConnection, type SeenConnection } from './connection-script.ts';
import type { EmulatedBackends } from './emulated-backends.ts';
import type { CaseConnection } from './types.ts';

/** Runs it to its end on a worker. */
export function emulatedConnection(
  host: Host,
  backends: EmulatedBackends,
  given: CaseConnection,
  worker: number,
): SeenConnection {
  const { data, greeting, answers, isToBeClosed } = scriptedConnection(given);
  const input: ConnectionInput = { properties: { ...given.properties } };
  const connection = host.connect(input, worker).open();
  const settle = (): void => backends.serve(() => !connection.paused);
  if (data.length === 0 || greeting !== '') settle();
  if (greeting !== '' && isOpen(connection)) connection.upstreamData(greeting);
  for (const [index, chunk] of data.entries()) {
    connection.downstreamData(chunk);
    settle();
    const answer = answers[index] ?? '';
    if (answer !== '' && isOpen(connection)) connection.upstreamData(answer);
  }
  settle();
  // A check that nothing waits for, as of a server's first words, may still close it.
  if (isToBeClosed) backends.serve(() => connection.outcome.closed);
  const isClosed = connection.outcome.closed;
  if (isOpen(connection)) connection.downstreamData('', true).upstreamData('', true);
  return seenConnection(connection, isClosed);
}

function isOpen({ outcome }: Connection): boolean {
  return outcome.upstreamOpened && !outcome.closed;
}

function seenConnection(connection: Connection, isClosed: boolean): SeenConnection {
  const { downstreamData, upstreamData, upstreamOpened, filterState } = connection.close();
  const state = (name: string): string =>
    Buffer.from(filterState.get(`wasm.mixer_${name}`) ?? []).toString('utf8');
  return {
    isClosed,
    received: downstreamData,
    upstream: upstreamOpened ? upstreamData : null,
    record: { rule: state('rule'), verdict: state('verdict'), reason: state('reason') },
  };
}
