// Runs the AssemblyScript units under as-pect and counts them.

import { patchAsPect } from '../build/patch-as-pect.ts';
import { runNode } from './command.ts';
import { NOTHING, type StepResult } from './result.ts';

const AS_PECT = 'node_modules/@as-pect/cli/bin/asp.js';
const COLOURS = /\u001b\[[0-9;]*m/g;
const LINES_MAX = 60;

/** Runs the named specs, or all. */
export async function runAsPect(specs: readonly string[]): Promise<StepResult> {
  patchAsPect();
  const env = specs.length > 0 ? { SPECS: specs.join(',') } : {};
  const { isOk, output } = await runNode([AS_PECT, '--no-logo'], { env });
  return countAsPect(output.replace(COLOURS, ''), isOk);
}

/** Reads as-pect's summary. A run that fails without a failed test (a spec that does not compile) is one failure. */
export function countAsPect(output: string, isOk: boolean): StepResult {
  const summary = /\[Tests\]:\s*(\d+) \/ (\d+)/.exec(output);
  const passed = Number(summary?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 0) - passed;
  if (isOk && summary && failed === 0) return { ...NOTHING, passed };
  return {
    ...NOTHING,
    passed,
    failed: Math.max(failed, 1),
    failures: [`units\n${relevantLines(output)}`],
  };
}

/** What failed, without the banner and the specs that passed. */
function relevantLines(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('✔'));
  const start = lines.findIndex((line) => /❌|ERROR|Error/.test(line));
  return lines.slice(Math.max(start, 0)).slice(0, LINES_MAX).join('\n');
}
