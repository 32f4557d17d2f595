// What `mixer` runs: the command line of this process. Importing this file runs it; tests import program.ts.

import { constants } from 'node:os';

import { EXIT } from './errors.ts';
import { isUnread } from './output.ts';
import { main } from './program.ts';

/** What shells add to the number of the signal that ended a process. */
const SIGNALLED = 128;

// `mixer check … | head` closes the pipe when it has seen enough: no failure of ours, and no other exit code.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isUnread(error)) return;
  process.stderr.write(`error: the results could not be written: ${error.message}\n`);
  process.exit(EXIT.environment);
});

// Where the talk cannot be written either, nobody is left to be told.
process.stderr.on('error', () => undefined);

// Ended by a signal a process runs nothing more, and an Envoy that it started would stay behind: it leaves by itself
// then, unless a command waits for the signal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(SIGNALLED + constants.signals[signal]);
  });

process.exitCode = await main(process.argv.slice(2));
