// A real backend that a test needs: its program, or the reason why the test is skipped, said aloud so that nobody takes
// a skipped test for a passed one.

import { findPart, howToGet } from '../../../tools/parts/find.ts';

/** The program of a part; `skip` is what a suite's options take. Without the program it is empty. */
export function neededPart(name: string): {
  readonly program: string;
  readonly skip: string | false;
} {
  const program = findPart(name);
  if (program !== null) return { program, skip: false };
  const reason = howToGet(name);
  process.stderr.write(`SKIPPED: ${reason}\n`);
  return { program: '', skip: reason };
}
