import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { adapterFolders, readme } from './adapters.ts';
import { docs, heads } from './comments.ts';
import { cycles } from './cycles.ts';
import { applyExemptions, type Exemption } from './exemptions.ts';
import { layers, tools } from './layers.ts';
import { lengths } from './lengths.ts';
import { names, titles } from './names.ts';
import { projectFiles, type Problem, type Rule } from './source.ts';
import { lockFile, machinePaths } from './texts.ts';
import { worlds } from './worlds.ts';

/** What holds, as the end of the sentence "the project …". */
const RULES: readonly (readonly [claim: string, rule: Rule, names: readonly string[]])[] = [
  ['imports only rooms above', (files) => [...layers(files), ...tools(files)], ['layers']],
  ['has no circles between folders of tools', cycles, ['cycles']],
  ['keeps hot and cold apart', worlds, ['worlds']],
  [
    'keeps lines, functions, parameters and files short',
    lengths,
    ['file-lines', 'columns', 'function-lines', 'parameters'],
  ],
  ['says in every file what the file is for', heads, ['head-comment']],
  ['documents every export of assembly', docs, ['doc-comment']],
  ['uses names that say something', names, ['names']],
  ['titles tests by behaviour', titles, ['titles']],
  ['names no folder of a machine', machinePaths, ['machine-paths']],
  ['names no registry in the lock file', lockFile, ['lock-file']],
  ['has whole adapters', adapterFolders, ['adapter-files', 'readme']],
  ['has a short first page', readme, ['readme']],
];

const files = projectFiles();
const exemptions = JSON.parse(
  readFileSync(new URL('exemptions.json', import.meta.url), 'utf8'),
) as Exemption[];

for (const [claim, rule, ruleNames] of RULES) {
  it(claim, () => {
    const applying = exemptions.filter((exemption) => ruleNames.includes(exemption.rule));
    const problems = applyExemptions(rule(files), applying);
    assert.equal(problems.length, 0, `\n${problems.map(render).join('\n')}`);
  });
}

it('names only rules that exist in its exemptions', () => {
  const known = RULES.flatMap(([, , ruleNames]) => ruleNames);
  assert.deepEqual(
    exemptions.filter((exemption) => !known.includes(exemption.rule)),
    [],
  );
});

function render({ path, line, message }: Problem): string {
  return `  ${path}${line > 0 ? `:${line}` : ''}: ${message}`;
}
