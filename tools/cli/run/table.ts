// Aligned text for a person: the table of requests. Widths are fixed before the first row, because
// rows appear as requests are answered.

import type { Colors } from '../output.ts';
import type { Outcome } from './send.ts';
import type { ScriptedRequest } from './script.ts';

const BODY_SHOWN_MAX_CHARS = 200;
const REQUEST_WIDTH_MAX = 60;
const STATUS_WIDTH = 14;
const VERDICT_WIDTH = 15;
const RULE_WIDTH = 18;

type Cells = readonly [request: string, status: string, verdict: string, rule: string, why: string];

export class RequestTable {
  readonly #width: number;
  readonly #colors: Colors;

  constructor(script: readonly ScriptedRequest[], colors: Colors) {
    this.#width = Math.min(
      REQUEST_WIDTH_MAX,
      Math.max(7, ...script.map((each) => title(each).length + 5)),
    );
    this.#colors = colors;
  }

  head(): string {
    return this.#colors.bold(this.#row(['request', 'status', 'verdict', 'rule', 'why'], String));
  }

  /** One row, and what the script wants to show of it below. */
  row(outcome: Outcome): string {
    const colors = this.#colors;
    const { verdict, rule, why } = outcome;
    const count = outcome.count > 1 ? ` ×${outcome.count}` : '';
    const paint =
      /^[23]/.test(outcome.status) && !/grpc [1-9]/.test(outcome.status)
        ? colors.green
        : colors.red;
    const lines = [
      this.#row(
        [title(outcome.scripted) + count, outcome.status, verdict || '-', rule || '-', why || '-'],
        paint,
      ),
    ];
    for (const [name, value] of Object.entries(outcome.upstream ?? {}))
      lines.push(colors.dim(`    upstream got ${name}: ${value}`));
    if (outcome.scripted.answer) lines.push(colors.dim(`    answer: ${oneLine(outcome.body)}`));
    return lines.join('\n');
  }

  #row(cells: Cells, paint: (text: string) => string): string {
    const [request, status, verdict, rule, why] = cells;
    const first = `${pad(request, this.#width)}  ${paint(pad(status, STATUS_WIDTH))}`;
    return `${first}${pad(verdict, VERDICT_WIDTH)}${pad(rule, RULE_WIDTH)}${why}`;
  }
}

function title(scripted: ScriptedRequest): string {
  const what = `${scripted.grpc ? 'gRPC' : scripted.method} ${scripted.path}`;
  return scripted.name === '' ? what : `${what} (${scripted.name})`;
}

function pad(text: string, width: number): string {
  return text.length < width ? text.padEnd(width) : `${text} `;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > BODY_SHOWN_MAX_CHARS ? `${line.slice(0, BODY_SHOWN_MAX_CHARS)}…` : line;
}
