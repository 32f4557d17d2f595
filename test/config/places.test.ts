// Places in the file that a person wrote, whatever the spelling: plain, quoted and block scalars, escapes, tabs, wide
// characters, CRLF. And no place outside the file, whatever the file is.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { placeDiagnostics, syntaxDiagnostics } from '../../tools/cli/diagnostics.ts';
import { DocumentFile, type Span } from '../../tools/document/document.ts';
import { describeDocument } from '../../tools/render/describe.ts';
import { Random, rounds, runSeed } from '../fuzz/random.ts';

const WASM = join(ROOT, 'dist/mixer.wasm');
const HEAD = 'handlers: [ { name: closed, adapter: denier } ]\nrules:\n- name: all\n';
const TAIL = '\n  actions: [ { handler: closed } ]\n';

interface Found {
  readonly span: Span;
  readonly line: number;
  readonly column: number;
}

async function find(text: string): Promise<{ file: DocumentFile; found: readonly Found[] }> {
  const file = new DocumentFile('policy.yaml', text);
  if (file.problems.length > 0)
    return {
      file,
      found: syntaxDiagnostics(file).map(({ diagnostic, span }) => ({ ...diagnostic, span })),
    };
  const { diagnostics } = await describeDocument(file.json, WASM);
  const placed = placeDiagnostics(file, diagnostics);
  return { file, found: placed.map(({ diagnostic, span }) => ({ ...diagnostic, span })) };
}

/** A document in which `request.pathh` is wrong, by how its expression is spelled; and its line and column. */
const SPELLINGS: readonly (readonly [name: string, text: string, line: number, column: number])[] =
  [
    ['a plain scalar', `${HEAD}  match: request.host == request.pathh${TAIL}`, 4, 26],
    [
      'a single-quoted scalar',
      `${HEAD}  match: 'request.host == "it''s" || request.pathh == "/"'${TAIL}`,
      4,
      38,
    ],
    [
      'a double-quoted scalar',
      `${HEAD}  match: "request.host == \\"\\u00e9\\x41\\" || request.pathh == \\"/\\""${TAIL}`,
      4,
      45,
    ],
    [
      'a double-quoted scalar over lines',
      `${HEAD}  match: "request.host ==\n    \\"a\\" ||\n    request.pathh == \\"/\\""${TAIL}`,
      6,
      5,
    ],
    [
      'a plain scalar over lines',
      `${HEAD}  match: request.host == request.path\n    ||\n    request.pathh == request.path${TAIL}`,
      6,
      5,
    ],
    [
      'a literal block',
      `${HEAD}  match: |\n    request.host == "a" ||\n    request.pathh == "/"${TAIL}`,
      6,
      5,
    ],
    [
      'a literal block with its own indentation',
      `${HEAD}  match: |2-\n      request.host == "a" ||\n      request.pathh == "/"${TAIL}`,
      6,
      7,
    ],
    [
      'a folded block',
      `${HEAD}  match: >-\n    request.host == "a" ||\n\n    request.path == "b" ||\n    request.pathh == "/"${TAIL}`,
      8,
      5,
    ],
    [
      'a line with tabs',
      `${HEAD}  match: |\n    request.host\t==\t"a"\t||\trequest.pathh == "/"${TAIL}`,
      5,
      28,
    ],
    [
      'a line with wide characters',
      `${HEAD}  match: 'request.host == "日本😀é" || request.pathh == "/"'${TAIL}`,
      4,
      37,
    ],
    [
      'CRLF line ends',
      `${HEAD}  match: |\n    request.host == "é" ||\n    request.pathh == "/"${TAIL}`.replaceAll(
        '\n',
        '\r\n',
      ),
      6,
      5,
    ],
    [
      'JSON with escapes',
      '{"handlers":[{"name":"closed","adapter":"denier"}],\n "rules":[{"name":"all","match":"request.host == \\"\\ud83d\\ude00\\" || request.pathh == \\"/\\"","actions":[{"handler":"closed"}]}]}',
      2,
      70,
    ],
    ['a byte order mark', `\ufeff${HEAD}  match: request.host == request.pathh${TAIL}`, 4, 26],
  ];

describe('a place in the file', () => {
  for (const [name, text, line, column] of SPELLINGS) {
    it(`is exact in ${name}`, async () => {
      const { file, found } = await find(text);
      const [first] = found;
      assert.ok(first !== undefined && found.length === 1, JSON.stringify(found));
      assert.equal(file.source.text.slice(first.span.start, first.span.end), 'request.pathh');
      assert.deepEqual([first.line, first.column], [line, column]);
    });
  }

  const seed = runSeed();
  it(`lies inside the file, whatever the file is (seed ${seed})`, async () => {
    const random = new Random(seed);
    const pieces = [
      '\n',
      '\t',
      ' ',
      '"',
      "'",
      '|',
      '>',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '\r\n',
      'é',
      '😀',
      '\\',
      '#',
      '&a',
      '*a',
      '~',
      '0x',
      'match',
    ];
    for (let round = 0; round < rounds(60); round++) {
      let text = random.pick(SPELLINGS)[1];
      for (let edits = 1 + random.below(3); edits > 0; edits--) {
        const at = random.below(text.length + 1);
        text = text.slice(0, at) + random.pick(pieces) + text.slice(at + random.below(4));
      }
      const { file, found } = await find(text);
      for (const { span, line, column } of found) {
        const shown = `round ${round}: ${JSON.stringify(text)}`;
        assert.ok(span.start >= 0 && span.start <= span.end, shown);
        assert.ok(span.end <= file.source.text.length, shown);
        const columns = Array.from(file.source.line(line)).length;
        assert.ok(
          line >= 1 && column >= 1 && column <= columns + 1,
          `${shown} at ${line}:${column}`,
        );
      }
    }
  });
});
