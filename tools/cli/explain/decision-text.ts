// Why a request is decided as it is, as text: the verdict, then rule by rule what its conditions came to and what its
// checks said.

import type { Outcome } from '../../host/types.ts';
import type { Colors } from '../output.ts';
import { showTree, valueText } from './expression-text.ts';
import type { ActionRecord, RuleRecord, Side, TreeRecord } from './records.ts';
import { conditionOf } from './rule-source.ts';
import type { Decision } from './session.ts';

const SIDES: Readonly<Record<Side, string>> = { enforced: 'enforced', shadow: 'SHADOW' };

/** Whether the filter itself answered. */
export function isDenied({ outcome }: Decision): boolean {
  return outcome.localReply;
}

/** One request's explanation, ending in a line end. */
export function decisionText(
  name: string,
  decision: Decision,
  document: string,
  colors: Colors,
): string {
  const { outcome, rules } = decision;
  const verdict = isDenied(decision)
    ? `${colors.red('denied')} with ${answerText(outcome)}`
    : outcome.paused
      ? colors.yellow('waits for a backend, which is not asked here')
      : colors.green('allowed');
  const reason = deniedBy(decision);
  const lines = [
    `${colors.bold(name)}: ${verdict}`,
    ...(reason === '' ? [] : [`  by ${reason}`]),
    ...rules.map((rule) => ruleText(rule, document, colors)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Status and message; gRPC has both in its trailers. */
function answerText({ status, body, grpcStatus, headers, trailers }: Outcome): string {
  if (grpcStatus === undefined) return `${status}: ${firstLine(body)}`;
  const [, message = ''] =
    [...headers, ...trailers].find(([name]) => name === 'grpc-message') ?? [];
  return `gRPC status ${grpcStatus}: ${message}`;
}

/** The rule that denied, as the response code details name it. */
function deniedBy({ outcome }: Decision): string {
  const rule = /mixer_access_denied\{([^}]*)\}/.exec(outcome.details)?.[1];
  return rule === undefined ? '' : `rule ${rule}`;
}

function ruleText(rule: RuleRecord, document: string, colors: Colors): string {
  const lines = [`  rule ${colors.bold(rule.name)}: ${statusText(rule)}`];
  for (const field of ['match', 'unless'] as const) {
    const tree = rule[field];
    if (tree === undefined || !isEvaluated(tree)) continue;
    const source = conditionOf(document, rule.name, field);
    lines.push(`    ${field}`, indented(showTree(tree, source, true), 6));
  }
  if (rule.applies !== true) return lines.join('\n');
  lines.push(...rule.checks.map((action) => `    check ${checkText(action, colors)}`));
  lines.push(...rule.quotas.map((action) => `    quota ${nameOf(action)}`));
  lines.push(...rule.reports.map((action) => `    report ${nameOf(action)}`));
  return lines.join('\n');
}

function statusText({ applies, shadow, side, deniesOnError, match }: RuleRecord): string {
  const mode = shadow ? ', in SHADOW mode' : sideText(side);
  const isTrial = shadow || side === 'shadow';
  if (applies === 'error')
    return `its match fails, ${deniesOnError && !isTrial ? 'which denies (onError)' : 'so it does not apply'}${mode}`;
  if (applies) return `applies${match === undefined ? ' to every request' : ''}${mode}`;
  return `does not apply${mode}`;
}

function sideText(side: Side | undefined): string {
  return side === undefined ? '' : `, on the ${SIDES[side]} side of its rollout`;
}

function checkText(action: ActionRecord, colors: Colors): string {
  const {
    outcome = 'not asked',
    type,
    value,
    code = '',
    message = '',
  } = {
    type: 'STRING',
    ...action,
  };
  const about = value === undefined ? '' : ` for ${valueText(type, value)}`;
  const paint = outcome === 'denied' || outcome === 'failed' ? colors.red : colors.green;
  const why = [code, message].filter(Boolean).join(': ');
  return `${nameOf(action)}${about}: ${paint(outcome)}${why === '' ? '' : ` (${why})`}`;
}

function nameOf({ handler, instance, shadow, side }: ActionRecord): string {
  const mode = shadow ? ' (SHADOW)' : side === undefined ? '' : ` (${SIDES[side]} side)`;
  return `${handler}${instance === '' ? '' : ` of ${instance}`}${mode}`;
}

function isEvaluated({ value, error, absent }: TreeRecord): boolean {
  return value !== undefined || error !== undefined || absent === true;
}

function indented(text: string, columns: number): string {
  return text.replace(/^/gm, ' '.repeat(columns));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
