// Named exceptions to the tidy rules, each with a reason. One that excuses nothing any more must go.

import type { Problem } from './source.ts';

/** Excuses the problems of one rule in one file; with `subject`, only those about it. */
export interface Exemption {
  readonly rule: string;
  readonly path: string;
  readonly subject?: string;
  readonly reason: string;
}

const REASON_SIZE_MIN = 20;

/** Problems that no exemption excuses, and exemptions that are stale or give no reason. */
export function applyExemptions(
  problems: readonly Problem[],
  exemptions: readonly Exemption[],
): Problem[] {
  const used = new Set<Exemption>();
  const left = problems.filter((problem) => {
    const excuse = exemptions.find((exemption) => excuses(exemption, problem));
    if (excuse) used.add(excuse);
    return !excuse;
  });
  return [...left, ...exemptions.flatMap((exemption) => faults(exemption, used.has(exemption)))];
}

function excuses({ rule, path, subject }: Exemption, problem: Problem): boolean {
  return (
    rule === problem.rule &&
    path === problem.path &&
    (subject === undefined || subject === problem.subject)
  );
}

function faults({ rule, path, subject = '', reason }: Exemption, isUsed: boolean): Problem[] {
  const problem = (message: string): Problem => ({
    rule: 'exemptions',
    path: 'test/tidy/exemptions.json',
    line: 0,
    subject,
    message,
  });
  const what = `${rule} for ${path}${subject && ` (${subject})`}`;
  if (!isUsed) return [problem(`${what} excuses nothing any more: remove the entry`)];
  return reason.length < REASON_SIZE_MIN
    ? [problem(`${what} needs a reason of ${REASON_SIZE_MIN} characters or more`)]
    : [];
}
