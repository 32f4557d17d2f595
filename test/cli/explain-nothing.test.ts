// What `mixer explain --request` says of a file that holds no request.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { mixer, withFiles } from './mixer.ts';

const FILES = { 'policy.yaml': 'rules: []\n', 'nothing.log': '', 'number.log': '{"path": 5}' };
const ROWS: readonly (readonly [file: string, message: RegExp])[] = [
  ['nothing.log', /nothing\.log: no request in it\n {2}expected a request/],
  ['number.log', /number\.log:1: expected `path`, a string/],
];

for (const [file, message] of ROWS) {
  it(`ends with 1 for ${file}, and decides nothing`, () =>
    withFiles(FILES, async (cwd) => {
      const args = ['explain', 'policy.yaml', '--request', file];
      const { code, stdout, stderr } = await mixer(args, { cwd });
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    }));
}
