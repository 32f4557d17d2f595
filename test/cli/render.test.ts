// `mixer render` with the built filter: what it writes, and that what is checked in is what it
// writes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

import { ROOT } from '../../tools/build/root.ts';
import { mixer } from './mixer.ts';

/** How envoy/compose.yaml is made. */
const COMPOSE = [
  '--sidecar',
  '--wasm',
  '/etc/envoy/mixer.wasm',
  '--upstream',
  'upstream:8080',
  '--admin-address',
  '0.0.0.0',
];

describe('mixer render', () => {
  it('writes envoy/compose.yaml as it is checked in', async () => {
    const { code, stdout } = await mixer(['render', 'envoy/demo.yaml', ...COMPOSE]);
    assert.equal(code, 0);
    const advice = `run: npx mixer render envoy/demo.yaml ${COMPOSE.join(' ')} > envoy/compose.yaml`;
    assert.equal(stdout, readFileSync(join(ROOT, 'envoy', 'compose.yaml'), 'utf8'), advice);
  });

  it('writes labels for the standard metrics and our own', async () => {
    const { stdout } = await mixer(['render', 'envoy/demo.yaml', '--edge', '1', '--part', 'stats']);
    const { stats_config } = parse(stdout) as {
      stats_config: { stats_tags: { tag_name: string }[] };
    };
    const names = stats_config.stats_tags.map((tag) => tag.tag_name);
    for (const label of ['reporter', 'response_code', 'source_app', 'rule', 'adapter', 'reason'])
      assert.ok(names.includes(label), label);
  });

  it('names the absolute path of the built filter, or the one given', async () => {
    const built = await mixer(['render', 'envoy/demo.yaml', '--edge', '1', '--part', 'filter']);
    assert.ok(built.stdout.includes(`filename: ${join(ROOT, 'dist', 'mixer.wasm')}\n`));
    const given = await mixer([
      'render',
      'envoy/demo.yaml',
      '--edge',
      '1',
      '--part',
      'filter',
      '--wasm',
      '/opt/m.wasm',
    ]);
    assert.ok(given.stdout.includes('filename: /opt/m.wasm\n'));
  });

  it('allows response headers only where a document changes them', async () => {
    const operation = { name: 'x-a', operation: 'REPLACE', values: ['"b"'] };
    const document = JSON.stringify({
      rules: [{ name: 'r', responseHeaderOperations: [operation] }],
    });
    const changing = await mixer(['render', '-', '--sidecar', '--part', 'filter'], {
      stdin: document,
    });
    assert.equal(changing.stderr, '');
    assert.match(changing.stdout, /proxy_on_response_headers: \{\}/);
    const checking = await mixer(['render', '-', '--sidecar', '--part', 'filter'], { stdin: '{}' });
    assert.doesNotMatch(checking.stdout, /proxy_on_response_headers/);
  });

  it('says in its first line how it was written, with every option that was given', async () => {
    const given = ['--part', 'filter', '--edge', '1', '--envoy-version', '1.39', '--port', '80'];
    const more = ['--upstream', '[::1]:8080', '--ecds'];
    const { stdout } = await mixer(['render', '-', ...given, ...more], { stdin: '{}' });
    const [first = ''] = stdout.split('\n');
    assert.match(first, /^# Written by `mixer render FILE --/);
    for (const option of ['--part filter', '--edge 1', '--envoy-version 1.39', '--port 80'])
      assert.ok(first.includes(` ${option}`), `${option}: ${first}`);
    assert.ok(first.includes(' --upstream [::1]:8080 '), first);
    assert.ok(first.includes(' --ecds`'), first);
    assert.ok(!first.includes('--sidecar') && !first.includes('--admin-port'), first);
  });

  it('writes for a release that nothing was tested on, and says which were', async () => {
    const args = ['render', '-', '--sidecar', '--part', 'filter', '--envoy-version'];
    const newer = await mixer([...args, '1.99'], { stdin: '{}' });
    assert.equal(newer.code, 0);
    assert.match(newer.stdout, /^name: mixer$/m);
    assert.equal(
      newer.stderr,
      'warning: Envoy 1.99 is not one of the releases that were tested, 1.36 to 1.40: its configuration is written as for 1.40\n',
    );
    const oldest = await mixer([...args, '1.36'], { stdin: '{}' });
    assert.deepEqual([oldest.code, oldest.stderr], [0, '']);
  });

  it('asks for --edge or --sidecar only for requests: what else it writes is the same with either', async () => {
    for (const part of [
      ['--part', 'stats'],
      ['--filter-kind', 'network'],
      ['--filter-kind', 'network', '--part', 'filter'],
      ['--filter-kind', 'network', '--part', 'ecds'],
    ]) {
      const texts: string[] = [];
      for (const trust of [[], ['--edge', '2'], ['--sidecar']]) {
        const args = ['render', 'envoy/demo.yaml', ...part, ...trust];
        const { code, stdout, stderr } = await mixer(args);
        assert.deepEqual([code, stderr], [0, ''], args.join(' '));
        texts.push(stdout.replace(/^#.*\n/, ''));
      }
      assert.equal(new Set(texts).size, 1, part.join(' '));
    }
    for (const part of ['all', 'filter', 'ecds']) {
      const { code, stderr } = await mixer(['render', 'envoy/demo.yaml', '--part', part]);
      assert.equal(code, 2);
      assert.match(stderr, /give --edge HOPS or --sidecar/);
    }
  });

  it('refuses --edge and --sidecar together, also where it needs neither', async () => {
    const both = ['--edge', '0', '--sidecar'];
    const { code, stderr } = await mixer(['render', 'envoy/demo.yaml', '--part', 'stats', ...both]);
    assert.deepEqual([code, /exclude each other/.test(stderr)], [2, true]);
  });

  it('warns of rules that read who calls, where nothing tells the listener that it writes', async () => {
    const reads = (peers: object): string =>
      JSON.stringify({
        ...peers,
        handlers: [{ name: 'no', adapter: 'denier' }],
        rules: [
          ['a', '(source.labels["app"] | "") == "x"'],
          ['b', '(source.ip | ip("10.0.0.1")) == ip("10.0.0.1")'],
          ['c', '(request.path | "source.name") == "/"'],
        ].map(([name, match]) => ({ name, match, actions: [{ handler: 'no' }] })),
      });
    const warned = async (peers: object, ...args: string[]): Promise<string[]> => {
      const { code, stderr } = await mixer(['render', '-', ...args], { stdin: reads(peers) });
      assert.equal(code, 0);
      return stderr.split('\n').filter((line) => line.startsWith('warning: '));
    };
    const absent = 'warning: rule a reads source.labels, which is always absent: ';
    const [nobody, edge, tcp] = [
      `${absent}the document has no \`peers\` that tell who calls`,
      `${absent}at the edge no client is believed to be a workload of the mesh`,
      `${absent}of connections only \`peers: FILTER_STATE\` tells who calls`,
    ];
    const [headers, state] = [{ peers: 'HEADERS' }, { peers: 'FILTER_STATE' }];
    assert.deepEqual(await warned({}, '--sidecar'), [nobody]);
    assert.deepEqual(await warned({ peers: 0 }, '--sidecar'), [nobody]);
    assert.deepEqual(await warned(headers, '--sidecar'), []);
    assert.deepEqual(await warned(headers, '--edge', '0'), [edge]);
    assert.deepEqual(await warned(headers, '--filter-kind', 'network'), [tcp]);
    assert.deepEqual(await warned(state, '--filter-kind', 'network'), []);
    assert.deepEqual(await warned({}, '--sidecar', '--part', 'filter'), []);
  });

  it('prints diagnostics instead of configuration for a wrong document', async () => {
    const { code, stdout, stderr } = await mixer(['render', '-', '--sidecar'], {
      stdin: 'rulez: []\n',
    });
    assert.equal(stdout, '');
    assert.match(stderr, /^<stdin>:1:1: E0201 unknown field `rulez`$/m);
    assert.equal(code, 1);
  });
});
