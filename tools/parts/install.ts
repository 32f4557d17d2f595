// npx tsx tools/parts/install.ts NAME...: builds real backends for the tests. All of them without a name. One that
// cannot be built does not keep the others from it.

import { PARTS, findPart, installPart } from './find.ts';

const FAILED_EXIT_CODE = 3;

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : PARTS) {
  try {
    const path = findPart(name) ?? installPart(name);
    process.stdout.write(`${name} ${path}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = FAILED_EXIT_CODE;
  }
}
