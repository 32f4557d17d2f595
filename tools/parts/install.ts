// npx tsx tools/parts/install.ts NAME...: gets the real backends for the tests that are missing. All of them without a
// name. One that cannot be had does not keep the others from it.

import { PARTS, findPart, installParts } from './find.ts';

const FAILED_EXIT_CODE = 3;

const given = process.argv.slice(2);
const names = given.length > 0 ? given : PARTS;
const problems = installParts(names.filter((name) => findPart(name) === null));
for (const name of names) {
  const path = findPart(name);
  if (path !== null) process.stdout.write(`${name} ${path}\n`);
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = FAILED_EXIT_CODE;
