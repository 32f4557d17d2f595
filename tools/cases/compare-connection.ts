// Compares what came of a connection with what a case expects. It knows no host.

import type { SeenConnection } from './connection-script.ts';
import { Differences } from './differences.ts';
import type { Difference, ExpectedConnection } from './types.ts';

/** What differs; `which` names the connection in sentences. */
export function connectionDifferences(
  expected: ExpectedConnection,
  seen: SeenConnection,
  pointer: string,
  which: string,
): Difference[] {
  const found = new Differences(pointer, ` of ${which}`);
  const { closed, received, upstream } = expected;
  if (closed !== undefined) found.same('closed', word(closed), word(seen.isClosed));
  if (received !== undefined) found.same('received', received, seen.received);
  if (upstream !== undefined)
    compareUpstream(found.below('upstream', 'upstream’s '), upstream, seen);
  if (seen.record !== null)
    for (const field of ['rule', 'verdict', 'reason'] as const)
      if (expected[field] !== undefined) found.same(field, expected[field], seen.record[field]);
  return found.all;
}

function compareUpstream(
  at: Differences,
  { reached = true, received }: NonNullable<ExpectedConnection['upstream']>,
  { upstream }: SeenConnection,
): void {
  if (reached !== (upstream !== null)) {
    const [wanted, got] = reached ? ['reached', 'not reached'] : ['not reached', 'reached'];
    at.add('reached', wanted, got);
    return;
  }
  if (received !== undefined && upstream !== null) at.same('received', received, upstream);
}

function word(isClosed: boolean): string {
  return isClosed ? 'closed by the filter' : 'open until its client ended it';
}
