import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ROOT } from '../../tools/build/root.ts';
import { createProgram } from '../../tools/cli/program.ts';
import { generate } from '../../tools/docs/generate.ts';
import { BEGIN, END, markedText } from '../../tools/docs/readme.ts';
import { staleOutputs, writeOutputs } from '../../tools/docs/write.ts';

const folder = mkdtempSync(join(tmpdir(), 'mixer-docs-'));
after(() => rmSync(folder, { recursive: true }));

describe('what is generated', () => {
  it('is what the sources say: `npm run docs` would change nothing', async () => {
    const program = createProgram();
    const outputs = await generate({ root: ROOT, wasm: join(ROOT, 'dist/mixer.wasm'), program });
    assert.deepEqual(staleOutputs(outputs, ROOT), []);
  });

  it('is written once, named when it is stale, and then is not stale', () => {
    const outputs = [
      { path: 'a/new.md', text: 'new' },
      { path: 'old.md', text: 'right' },
    ];
    writeFileSync(join(folder, 'old.md'), 'wrong');
    assert.deepEqual(staleOutputs(outputs, folder), ['a/new.md', 'old.md']);
    assert.deepEqual(writeOutputs(outputs, folder), ['a/new.md', 'old.md']);
    assert.deepEqual(staleOutputs(outputs, folder), []);
    assert.deepEqual(writeOutputs(outputs, folder), []);
  });
});

describe('the generated part of a README', () => {
  it('replaces what is between the markers and nothing else', () => {
    const text = markedText(`# a\n\n${BEGIN}\nold\n${END}\n\nend\n`, 'new');
    assert.equal(text, `# a\n\n${BEGIN}\n\nnew\n\n${END}\n\nend\n`);
  });

  it('is appended to a README that has no markers', () => {
    const text = markedText('# a\n', 'new');
    assert.equal(text, `# a\n\n## Reference\n\n${BEGIN}\n\nnew\n\n${END}\n`);
    assert.equal(markedText(text, 'new'), text);
  });
});
