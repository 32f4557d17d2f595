// npx tsx tools/test/javascript.ts: brings dist/js up to date, which the package carries so that `mixer` starts at
// once.

import { transpile } from './transpile.ts';

await transpile();
