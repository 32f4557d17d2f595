// What a connection of a case and the server behind it do before a host makes them its own, and what was seen of one.
// Every host sends exactly this: a chunk follows once the one before has reached the server and its answer the client.

import { chunks } from './script.ts';
import type { CaseConnection, SeenRecord } from './types.ts';

/** A connection with nothing left open. */
export interface ScriptedConnection {
  readonly data: readonly string[];
  readonly greeting: string;
  /** What the server says once it has each chunk; empty: nothing. */
  readonly answers: readonly string[];
  /** The case expects that the filter closes it. */
  readonly isToBeClosed: boolean;
}

/** What client, server and access log saw of one connection. */
export interface SeenConnection {
  /** The connection was closed before its client had ended it. */
  readonly isClosed: boolean;
  readonly received: string;
  /** What the server got; null where nobody connected to it. */
  readonly upstream: string | null;
  /** What Envoy's access log shows; null where nobody looked. */
  readonly record: Omit<SeenRecord, 'details'> | null;
}

export function scriptedConnection({
  data,
  upstream = {},
  expect = {},
}: CaseConnection): ScriptedConnection {
  const sent = chunks(data);
  return {
    data: sent,
    greeting: upstream.greeting ?? '',
    answers: sent.map((_, index) => upstream.answers?.[index] ?? ''),
    isToBeClosed: expect.closed ?? false,
  };
}
