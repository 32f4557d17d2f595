// Runs a connection of a case on a real Envoy, and finds its line in the access log, which Envoy writes when the
// connection is over.

import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from '../envoy/poll.ts';
import type { AccessLogLine, RunningEnvoy } from '../envoy/running.ts';
import { connectionDifferences } from './compare-connection.ts';
import { scriptedConnection } from './connection-script.ts';
import { durationMs } from './durations.ts';
import type { EnvoySession } from './envoy-session.ts';
import { tcpConnection } from './tcp-client.ts';
import type { CaseConnection, Difference, SeenRecord } from './types.ts';

export const RECORD_TIMEOUT_MS = 2_000;
const QUIET_INTERVAL_MS = 120;
const RECORDED = ['rule', 'verdict', 'reason'] as const;

/** What differs in a connection, made as often as the case says. */
export async function runConnection(
  session: EnvoySession,
  connection: CaseConnection,
  pointer: string,
  which: string,
): Promise<Difference[]> {
  const { times = 1, after, expect = {} } = connection;
  await sleep(durationMs(after));
  const { envoy, tcpUpstream } = session;
  const script = scriptedConnection(connection);
  session.speak(script);
  const needsRecord = RECORDED.some((field) => field in expect);
  for (let time = 0; time < times; time++) {
    const recorded = needsRecord ? await quietRecords(envoy) : 0;
    const seen = await tcpConnection(envoy.url, script, tcpUpstream);
    const record = needsRecord
      ? recordOf(await envoy.waitFor(() => envoy.accessLog()[recorded], RECORD_TIMEOUT_MS))
      : null;
    const found = connectionDifferences(expect, { ...seen, record }, pointer, which);
    if (found.length > 0) return found;
  }
  return [];
}

/** How many lines the access log has once it has stopped growing. */
export async function quietRecords(envoy: RunningEnvoy): Promise<number> {
  let before = -1;
  await poll(
    () => {
      const now = envoy.accessLog().length;
      const isQuiet = now === before;
      before = now;
      return isQuiet;
    },
    RECORD_TIMEOUT_MS,
    QUIET_INTERVAL_MS,
  );
  return before;
}

export function recordOf({ details, rule, verdict, reason }: AccessLogLine): SeenRecord {
  return {
    details: details ?? '',
    rule: rule ?? '',
    verdict: verdict ?? '',
    reason: reason ?? '',
  };
}
