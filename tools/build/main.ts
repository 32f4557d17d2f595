// `npm run build`: everything in dist/. Flags: --debug (assertions, into dist/debug), --no-hotpath.

import { parseArgs } from 'node:util';
import { BuildError } from './build-error.ts';
import { build } from './build.ts';
import { createLog } from './log.ts';
import { ROOT } from './root.ts';
import { allTargets } from './targets.ts';

const { values } = parseArgs({
  options: {
    debug: { type: 'boolean', default: false },
    'no-hotpath': { type: 'boolean', default: false },
    root: { type: 'string', default: ROOT },
  },
});
const { root, debug } = values;
const log = createLog();

try {
  const hotpath = debug || values['no-hotpath'] ? 'off' : 'all';
  await build({ root, targets: allTargets(root, debug), debug, hotpath, log });
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  log.error(error.message);
  process.exitCode = 1;
}
