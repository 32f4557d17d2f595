// What a condition knows of the workload that calls: on an inbound listener only what `peers` tells. `mixer render`
// writes such a listener, so that it can say what `mixer check`, which sees the document alone, cannot.

import { ATTRIBUTE_ROWS } from '../../assembly/shared/attributes.ts';
import { PEER_SOURCE_NAMES } from '../../assembly/shared/peers.ts';
import { fieldOf, listOf } from '../document/fields.ts';
import type { FilterKind } from './capabilities.ts';
import type { Trust } from './types.ts';

const NAMES = ATTRIBUTE_ROWS.filter((row) => /^source\..*\|outbound:/.test(row))
  .map((row) => row.replace(/\|.*/, '').replaceAll('.', '\\.'))
  .join('|');
/** An attribute that an inbound listener knows by `peers` alone: on an outbound one the node's own metadata say it. */
export const CALLER = new RegExp(`(?<![\\w.])(?:${NAMES})\\b`);
const LITERALS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`/g;

/** Where a document knows workloads of the other side from; NONE where it does not say. */
export function peersOf(document: unknown): string {
  const peers = fieldOf(document, 'peers');
  return typeof peers === 'string' ? peers : (PEER_SOURCE_NAMES[Number(peers ?? 0)] ?? 'NONE');
}

/** A line for each rule whose condition reads what no request of an inbound listener has. */
export function absentCallers(document: unknown, trust: Trust, kind: FilterKind): string[] {
  const why = whyAbsent(peersOf(document), trust, kind);
  if (why === null) return [];
  return listOf(document, 'rules').flatMap((rule) => {
    const read = ['match', 'unless']
      .map((field) => fieldOf(rule, field))
      .filter((text) => typeof text === 'string')
      .map((text) => CALLER.exec(text.replace(LITERALS, '""'))?.[0])
      .find((name) => name !== undefined);
    if (read === undefined) return [];
    return [`rule ${String(fieldOf(rule, 'name'))} reads ${read}, which is always absent: ${why}`];
  });
}

/** Null where somebody tells who calls. */
function whyAbsent(peers: string, trust: Trust, kind: FilterKind): string | null {
  if (peers === 'FILTER_STATE') return null;
  if (kind === 'network') return 'of connections only `peers: FILTER_STATE` tells who calls';
  if (trust.kind === 'edge')
    return 'at the edge no client is believed to be a workload of the mesh';
  return peers === 'HEADERS' ? null : 'the document has no `peers` that tell who calls';
}
