// What became of a request: as a log records it, or as the filter decides it in the emulator.

import type { Fields } from '../../document/fields.ts';
import type { Host, Outcome, RequestInput } from '../../host/host.ts';

/** What became of a request, and by whom. */
export interface Verdict {
  readonly kind: 'allowed' | 'denied' | 'shadow_denied' | 'waits';
  /** Status of a denial; null where nobody said. */
  readonly status: number | null;
  readonly rule: string;
  readonly reason: string;
  /** Sides of rollouts that the request was on, where they are known: `api: enforced`. */
  readonly sides?: readonly string[];
}

/** Statuses that count as denials where a line names no verdict: PERMISSION_DENIED, RESOURCE_EXHAUSTED. */
const DENIED_STATUSES = new Set([403, 429]);
const ALLOWED: Verdict = { kind: 'allowed', status: null, rule: '', reason: '' };

/** Lets the filter decide one request. */
export function decide(host: Host, input: RequestInput): Verdict {
  return verdictOf(host.request(input));
}

function verdictOf(outcome: Outcome): Verdict {
  if (outcome.paused) return { ...ALLOWED, kind: 'waits' };
  const [rule, verdict, reason] = ['rule', 'verdict', 'reason'].map((name) =>
    Buffer.from(outcome.filterState.get(`wasm.mixer_${name}`) ?? []).toString('utf8'),
  );
  const said = { rule: rule ?? '', reason: reason ?? '' };
  if (outcome.localReply) return { kind: 'denied', status: outcome.status, ...said };
  return verdict === 'shadow_denied' ? { ...ALLOWED, ...said, kind: 'shadow_denied' } : ALLOWED;
}

/** The verdict in a line: its own words, or its status. Null where it has neither. */
export function recordedVerdict(fields: Fields): Verdict | null {
  const code = Number(fields['responseCode'] ?? fields['code'] ?? fields['status']);
  const status = Number.isInteger(code) && code > 0 ? code : null;
  const rule = text(fields['rule']);
  const reason = text(fields['reason']);
  const verdict = fields['verdict'];
  if (verdict === 'denied') return { kind: 'denied', status, rule, reason };
  if (verdict === 'shadow_denied') return { kind: 'shadow_denied', status: null, rule, reason };
  // Rendered access logs name it for requests that were denied, or denied on trial, only.
  if (verdict === 'allowed' || verdict === null) return ALLOWED;
  if (status === null) return null;
  return DENIED_STATUSES.has(status) ? { kind: 'denied', status, rule, reason } : ALLOWED;
}

/** Whether a client, or an operator who watches a trial, would see a difference. What a side does not say is none. */
export function isSame(before: Verdict, after: Verdict): boolean {
  if (before.kind !== after.kind) return false;
  const sameRule = before.rule === '' || after.rule === '' || before.rule === after.rule;
  const sameStatus =
    before.status === null || after.status === null || before.status === after.status;
  return sameRule && sameStatus;
}

/** As a person reads it: `denied 403 by doors`. */
export function verdictText({ kind, status, rule }: Verdict): string {
  const by = rule === '' ? '' : ` by ${rule}`;
  if (kind === 'denied') return `denied${status === null ? '' : ` ${status}`}${by}`;
  if (kind === 'shadow_denied') return `allowed, on trial denied${by}`;
  return kind === 'waits' ? 'asks a backend' : 'allowed';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
