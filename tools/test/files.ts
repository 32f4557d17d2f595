// Which test files there are, by the folder they live in.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../build/root.ts';

/** Folders of test/ whose files are a step of their own. */
const OWN_STEPS = ['tidy', 'cases', 'envoy', 'fuzz', 'container'] as const;

/** Those that take longest, in this order: begun last they would keep one processor busy and leave the others idle. */
const LONGEST: readonly string[] = [
  'test/docs/tutorial.test.ts',
  'test/cases/envoy.test.ts',
  'test/docs/templates.test.ts',
  'test/build/build.test.ts',
  'test/build/document-cel.test.ts',
  'test/cli/usage.test.ts',
  'test/docs/pages.test.ts',
  'test/envoy/bypass-sessions.test.ts',
  'test/envoy/report-faults.test.ts',
  'test/cli/replay.test.ts',
  'test/cli/new-adapter.test.ts',
  'test/cli/explain.test.ts',
  'test/envoy/faults.test.ts',
  'test/envoy/list.test.ts',
];

/** The same files, those that are known to take long before all others. */
export function longestFirst(files: readonly string[]): string[] {
  const others = files.filter((file) => !LONGEST.includes(file));
  return [...LONGEST.filter((file) => files.includes(file)), ...others];
}

/** Test files of test/<folder>/, from the project's top folder. */
export function testFiles(folder: (typeof OWN_STEPS)[number]): string[] {
  return filesBelow(`test/${folder}`, '.test.ts');
}

/** All other test files, and those beside the tools' code. */
export function remainingTestFiles(): string[] {
  const apart = OWN_STEPS.map((folder) => `test/${folder}/`);
  return [...filesBelow('test', '.test.ts'), ...filesBelow('tools', '.test.ts')].filter(
    (file) => !apart.some((folder) => file.startsWith(folder)),
  );
}

/** Units of the AssemblyScript rooms. */
export function specFiles(): string[] {
  return [...filesBelow('assembly', '.spec.ts'), ...filesBelow('adapters', '.spec.ts')];
}

function filesBelow(folder: string, suffix: string): string[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`)
    .sort();
}
