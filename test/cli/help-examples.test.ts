// The examples in the help of `mixer explain` and `mixer eval` work as copied, with files of the names that they use.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mixer, withFiles } from './mixer.ts';

const REQUEST = '{ "method": "POST", "path": "/api/books", "headers": { "x-plan": "gold" } }\n';
const FILES = {
  'policy.yaml': `attributes:
  plan: { type: STRING, value: 'request.headers["x-plan"] | "free"' }
handlers: [ { name: closed, adapter: denier } ]
rules:
- { name: api-policy, match: 'plan == "gold"', actions: [ { handler: closed } ] }
`,
  'denied.json': REQUEST,
  'access.log': REQUEST,
  'values.yaml': `request.method: GET
source.ip: 10.1.2.3
request.headers: { x-plan: gold }
my.budget: { type: DURATION, value: 1.5s }
`,
};

/** The commands of a help's examples, without what is said about them. */
function examplesOf(help: string): string[] {
  return [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line.replace(/ {3,}.*/, ''));
}

function argumentsOf(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'|'$/g, ''));
}

describe('the examples of the help', async () => {
  for (const name of ['explain', 'eval']) {
    const { stdout } = await mixer([name, '--help']);
    const examples = examplesOf(stdout);
    it(`of ${name} are found`, () => {
      assert.ok(examples.length >= 5, `${examples.length} examples`);
    });
    for (const example of examples) {
      it(`work: ${example}`, async () => {
        const [, last = ''] = /\|\s*(mixer .*)$/.exec(example) ?? [];
        const command = last === '' ? example : last;
        const [program, ...args] = argumentsOf(command);
        assert.equal(program, 'mixer');
        await withFiles(FILES, async (cwd) => {
          const { code, stderr } = await mixer(args, {
            cwd,
            ...(last !== '' && { stdin: REQUEST }),
          });
          assert.equal(code, 0, stderr);
        });
      });
    }
  }
});
