// Real backends for the tests, built beside the other steps where $MIXER_BUILD_PARTS is 1: building them takes minutes,
// and only the last steps talk to them. A part that cannot be built is told; the tests that need it are skipped.

import { programArguments, runNode, type CommandResult } from './command.ts';

const INSTALL = 'tools/parts/install.ts';
const TIMEOUT_MS = 1_200_000;

let building: Promise<CommandResult> | null = null;

/** Starts to build what is missing, if that is wanted. */
export function beginParts(): void {
  if (process.env['MIXER_BUILD_PARTS'] !== '1') return;
  building = programArguments(INSTALL).then((args) => runNode(args, { timeoutMs: TIMEOUT_MS }));
}

/** Waits until all have been built, or have failed. */
export async function awaitParts(print: (line: string) => void): Promise<void> {
  if (building === null) return;
  const { isOk, output } = await building;
  if (!isOk) print(`  a backend could not be built, its tests are skipped: ${output.trim()}`);
}
