// What `mixer` runs: the command line of this process. Importing this file runs it; tests import program.ts.

import { EXIT } from './errors.ts';
import { main } from './program.ts';

// `mixer render … | head` closes the pipe when it has seen enough: no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});

process.exitCode = await main(process.argv.slice(2));
