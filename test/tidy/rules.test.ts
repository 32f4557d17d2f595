import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adapterFolders, readme } from './adapters.ts';
import { docs, heads } from './comments.ts';
import { cycles } from './cycles.ts';
import { layers, tools } from './layers.ts';
import { lengths } from './lengths.ts';
import { names, titles } from './names.ts';
import type { Rule, SourceFile } from './source.ts';
import { lockFile, machinePaths } from './texts.ts';
import { worlds } from './worlds.ts';

function file(path: string, text: string): SourceFile {
  return { path, text };
}

/** Places and subjects of what a rule objects to. */
function found(rule: Rule, ...files: SourceFile[]): string[] {
  return rule(files).map(({ path, line, subject }) => `${path}:${line} ${subject}`.trim());
}

describe('the layer rule', () => {
  const edges: readonly (readonly [from: string, module: string, isAllowed: boolean])[] = [
    ['assembly/text/ip.ts', '../memory/slice', true],
    ['assembly/text/ip.ts', './number', true],
    ['assembly/memory/slice.ts', '../text/ip', false],
    ['assembly/text/ip.ts', '../abi/log', false],
    ['assembly/shared/limits.ts', './abi', false],
    ['assembly/rule/rule.ts', '../entry', false],
    ['assembly/abi/log.ts', '@solo-io/proxy-runtime/assembly/imports', true],
    ['assembly/rule/rule.ts', '@solo-io/proxy-runtime/assembly/imports', false],
    ['assembly/abi/log.ts', 'left-pad', false],
    ['assembly/sdk.ts', './runtime/root', true],
    ['adapters/list/handler.ts', '../../assembly/sdk', true],
    ['adapters/list/handler.ts', './config', true],
    ['adapters/list/handler.ts', '../../assembly/memory/slice', false],
    ['adapters/list/handler.ts', '../denier/handler', false],
    ['test/adapters/waiter/adapter.ts', '../../../assembly/sdk', true],
    ['test/adapters/waiter/adapter.ts', '../../../adapters/list/adapter', false],
  ];
  for (const [path, module, isAllowed] of edges) {
    it(`${isAllowed ? 'allows' : 'refuses'} ${module} in ${path}`, () => {
      const expected = isAllowed ? [] : [`${path}:1 ${module}`];
      assert.deepEqual(found(layers, file(path, `import { x } from "${module}";\n`)), expected);
    });
  }

  it('refuses a re-export as it refuses an import', () => {
    const path = 'assembly/memory/slice.ts';
    assert.deepEqual(found(layers, file(path, 'export { x } from "../rule/rule";')), [
      `${path}:1 ../rule/rule`,
    ]);
  });

  it('lets units import what they test with', () => {
    assert.deepEqual(
      found(layers, file('assembly/memory/slice.spec.ts', 'import { x } from "../rule/rule";')),
      [],
    );
  });

  it('lets tools reach the shared tables and nothing else of assembly', () => {
    const path = 'tools/cli/main.ts';
    assert.deepEqual(
      found(tools, file(path, "import { x } from '../../assembly/shared/limits.ts';")),
      [],
    );
    assert.equal(
      found(tools, file(path, "import { x } from '../../assembly/rule/rule.ts';")).length,
      1,
    );
    assert.equal(
      found(tools, file(path, "import { x } from '../../test/support/poll.ts';")).length,
      1,
    );
  });
});

describe('the circle rule', () => {
  const oneWay = file('tools/a/x.ts', "import { b } from '../b/y.ts';");

  it('allows one direction', () => {
    assert.deepEqual(found(cycles, oneWay, file('tools/b/y.ts', '')), []);
  });

  it('tells a circle once, with all folders in it', () => {
    const files = [
      oneWay,
      file('tools/b/y.ts', "import { c } from '../c/z.ts';"),
      file('tools/c/z.ts', "import '../a/x.ts';"),
    ];
    assert.deepEqual(found(cycles, ...files), ['tools/a/x.ts:1 tools/a tools/b tools/c tools/a']);
  });
});

describe('the world rule', () => {
  const cold = file('assembly/rule/build.ts', '// Builds rules. Cold.\n');
  const hot = (module: string): SourceFile =>
    file('assembly/rule/dispatch.ts', `// Walks. Hot.\nimport { x } from "${module}";\n`);

  it('refuses cold code behind hot code', () => {
    assert.deepEqual(found(worlds, cold, hot('./build')), ['assembly/rule/dispatch.ts:2 ./build']);
  });

  it('allows code that is both, and literals made while the module starts', () => {
    const both = file('assembly/rule/rule.ts', '// One rule. Both: read per request.\n');
    const literal = file('assembly/memory/literal.ts', '// Cold: while configuring.\n');
    assert.deepEqual(found(worlds, both, literal, hot('./rule'), hot('../memory/literal')), []);
  });

  it('takes rooms that only configure as cold without a mark', () => {
    const reader = file('assembly/config/reader.ts', '// Reads.\n');
    assert.deepEqual(found(worlds, reader, hot('../config/reader')), [
      'assembly/rule/dispatch.ts:2 ../config/reader',
    ]);
  });

  it('refuses no mark and two marks where a mark is needed', () => {
    assert.deepEqual(found(worlds, file('adapters/list/handler.ts', '// Looks up.\n')), [
      'adapters/list/handler.ts:1',
    ]);
    assert.deepEqual(found(worlds, file('adapters/list/handler.ts', '// Hot: a. Cold: b.\n')), [
      'adapters/list/handler.ts:1',
    ]);
  });
});

describe('the length rules', () => {
  const body = (count: number): string => 'x;\n'.repeat(count);

  it('allows a file of 300 lines and refuses one of 301', () => {
    assert.deepEqual(found(lengths, file('tools/a/x.ts', body(300))), []);
    assert.deepEqual(found(lengths, file('tools/a/x.ts', body(301))), ['tools/a/x.ts:0']);
  });

  it('counts 100 columns in assembly and 120 elsewhere, in characters', () => {
    const line = (count: number): string => `// ${'é'.repeat(count - 3)}`;
    assert.deepEqual(
      found(lengths, file('assembly/a/x.ts', line(100)), file('tools/a/x.ts', line(120))),
      [],
    );
    const tooLong = found(
      lengths,
      file('assembly/a/x.ts', line(101)),
      file('tools/a/x.ts', line(121)),
    );
    assert.deepEqual(tooLong, ['assembly/a/x.ts:1', 'tools/a/x.ts:1']);
  });

  it('refuses a function of 61 lines by its name', () => {
    const long = (count: number): string => `function walk(): void {\n${body(count - 2)}}\n`;
    assert.deepEqual(found(lengths, file('assembly/a/x.ts', long(60))), []);
    assert.deepEqual(found(lengths, file('assembly/a/x.ts', long(61))), ['assembly/a/x.ts:1 walk']);
  });

  it('refuses six parameters, but not of the host and not of a record', () => {
    const six = 'a: i32, b: i32, c: i32, d: i32, e: i32, f: i32';
    assert.deepEqual(found(lengths, file('assembly/a/x.ts', `function walk(${six}): void {}`)), [
      'assembly/a/x.ts:1 walk',
    ]);
    assert.deepEqual(
      found(lengths, file('assembly/a/x.ts', `declare function proxy_log(${six}): void;`)),
      [],
    );
    const record = `class A { constructor(${six.replaceAll(/(\w:)/g, '\n readonly $1')}) {} }`;
    assert.deepEqual(found(lengths, file('assembly/a/x.ts', record)), []);
  });
});

describe('the comment rules', () => {
  it('wants one to five head lines', () => {
    assert.deepEqual(found(heads, file('tools/a/x.ts', '// One.\nx;')), []);
    assert.deepEqual(found(heads, file('tools/a/x.ts', 'x;')), ['tools/a/x.ts:1']);
    assert.deepEqual(found(heads, file('tools/a/x.ts', '// Line.\n'.repeat(6))), [
      'tools/a/x.ts:1',
    ]);
  });

  it('wants a doc comment on each export of assembly, also above a decorator', () => {
    const documented =
      '/** The sum. */\n// @ts-ignore: decorator\n@inline\nexport function sum(): void {}\n';
    assert.deepEqual(found(docs, file('assembly/a/x.ts', documented)), []);
    assert.deepEqual(found(docs, file('assembly/a/x.ts', 'export const A = 1;\n')), [
      'assembly/a/x.ts:1 A',
    ]);
    assert.deepEqual(found(docs, file('assembly/a/x.ts', 'const A = 1;\nexport { A };\n')), []);
  });

  it('lets constants on neighbouring lines share one', () => {
    const text =
      '/** Offsets. */\nexport const A = 1;\nexport const B = 2;\n\nexport const C = 3;\n';
    assert.deepEqual(found(docs, file('assembly/a/x.ts', text)), ['assembly/a/x.ts:5 C']);
  });
});

describe('the name rules', () => {
  it('refuses empty words in files, types, functions and variables', () => {
    assert.deepEqual(found(names, file('tools/a/string-utils.ts', '')), [
      'tools/a/string-utils.ts:0 utils',
    ]);
    const text = 'class RuleManager {}\nfunction readHelper() {}\nconst hostInfo = 1;\n';
    const expected = [
      'tools/a/x.ts:1 RuleManager',
      'tools/a/x.ts:2 readHelper',
      'tools/a/x.ts:3 hostInfo',
    ];
    assert.deepEqual(found(names, file('tools/a/x.ts', text)), expected);
  });

  it('lets longer words contain them and fields be words of a protocol', () => {
    assert.deepEqual(
      found(names, file('tools/a/x.ts', 'const simple = 1; interface A { info: string }')),
      [],
    );
  });

  it('refuses titles that say what ought to be', () => {
    const title = 'should deny';
    const text = `it('${title}', () => {});\nit('denies', () => {});\n`;
    assert.deepEqual(found(titles, file('test/a/x.test.ts', text)), [
      'test/a/x.test.ts:1 should deny',
    ]);
  });
});

describe('the text rules', () => {
  const home = ['', 'home', 'someone', 'x'].join('/');

  it('refuses a folder of a machine and allows paths of the project', () => {
    assert.deepEqual(found(machinePaths, file('docs/a.md', `see ${home}`)), [
      `docs/a.md:1 ${home.slice(0, -2)}`,
    ]);
    assert.deepEqual(found(machinePaths, file('docs/a.md', `see docs${home} and /etc/envoy`)), []);
  });

  it('refuses a lock file with addresses', () => {
    assert.deepEqual(found(lockFile, file('package-lock.json', '"resolved": "x"')), [
      'package-lock.json:0',
    ]);
    assert.deepEqual(found(lockFile, file('package-lock.json', '{}')), []);
  });
});

describe('the adapter rule', () => {
  const whole = ['adapter.ts', 'handler.ts', 'cases.yaml'].map((name) =>
    file(`adapters/list/${name}`, ''),
  );

  it('allows a whole folder and names what is missing', () => {
    assert.deepEqual(
      found(adapterFolders, ...whole, file('adapters/list/README.md', '# list\n')),
      [],
    );
    assert.deepEqual(found(adapterFolders, ...whole), ['adapters/list:0 README.md']);
  });

  it('wants the adapter to be called as its folder', () => {
    assert.deepEqual(found(adapterFolders, ...whole, file('adapters/list/README.md', '# List\n')), [
      'adapters/list/README.md:1',
    ]);
  });

  it('keeps the first page at 150 lines', () => {
    assert.deepEqual(found(readme, file('README.md', 'x\n'.repeat(150))), []);
    assert.deepEqual(found(readme, file('README.md', 'x\n'.repeat(151))), ['README.md:0']);
  });
});
