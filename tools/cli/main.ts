// What `mixer` runs: the command line of this process. Importing this file runs it; tests import
// program.ts.

import { main } from './program.ts';

process.exitCode = await main(process.argv.slice(2));
