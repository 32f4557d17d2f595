// `mixer replay`: which verdicts of recorded requests change, as counts, rules and exit code.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { ROOT } from '../../tools/build/root.ts';
import { mixer, withFiles, type MixerResult } from './mixer.ts';

function policy(path: string): string {
  return JSON.stringify({
    handlers: [{ name: 'closed', adapter: 'denier', params: { status: { code: 7 } } }],
    rules: [
      { name: 'doors', match: `request.url_path == "${path}"`, actions: [{ handler: 'closed' }] },
    ],
  });
}

function entry(url: string, responseCode: number): string {
  return JSON.stringify({ level: 'info', instance: 'accesslog', method: 'GET', url, responseCode });
}

async function replay(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<MixerResult> {
  return withFiles(files, (folder) =>
    mixer(['replay', ...args.map((each) => (each in files ? join(folder, each) : each))]),
  );
}

describe('mixer replay', () => {
  it('ends with 0 where no verdict changes', async () => {
    const log = [entry('/closed', 403), entry('/open', 200)].join('\n');
    const { code, stdout } = await replay({ 'a.yaml': policy('/closed'), log }, [
      'a.yaml',
      '--log',
      'log',
    ]);
    assert.deepEqual([code, stdout], [0, '2 requests, none changed\n']);
  });

  it('puts each request on its side of a rollout, and says which', async () => {
    const document = (percent: number): string => {
      const [rule] = (JSON.parse(policy('/closed')) as { rules: object[] }).rules;
      const rollout = { percent, by: 'request.method' };
      return JSON.stringify({ ...JSON.parse(policy('/closed')), rules: [{ ...rule, rollout }] });
    };
    const files = {
      'off.yaml': document(0),
      'on.yaml': document(100),
      log: [entry('/closed', 200), entry('/open', 200)].join('\n'),
    };
    const trial = await replay(files, ['off.yaml', '--log', 'log']);
    assert.match(trial.stdout, /allowed → allowed, on trial denied by doors/);
    assert.match(trial.stdout, /line 1: GET \/closed .*\(doors: shadow\)/);
    const enforced = await replay(files, ['off.yaml', '--log', 'log', '--against', 'on.yaml']);
    assert.match(enforced.stdout, /allowed, on trial denied by doors → denied 403 by doors/);
    assert.match(enforced.stdout, /line 1: GET \/closed .*\(doors: enforced\)/);
    const { stdout } = await replay(files, ['on.yaml', '--log', 'log', '--json']);
    assert.deepEqual(
      (JSON.parse(stdout) as { changes: { examples: object[] }[] }).changes[0]?.examples[0],
      {
        line: 1,
        name: 'GET /closed',
        reason: 'PERMISSION_DENIED:closed',
        sides: ['doors: enforced'],
      },
    );
  });

  it('says what changes into what, how often, by which rule, and ends with 1', async () => {
    const lines = [entry('/closed', 403), entry('/other', 200), entry('/other', 200)];
    const files = { 'a.yaml': policy('/other'), log: lines.join('\n') };
    const { code, stdout } = await replay(files, ['a.yaml', '--log', 'log', '--examples', '1']);
    assert.equal(code, 1);
    assert.equal(
      stdout,
      '3 requests, 3 changed\n' +
        '       2  allowed → denied 403 by doors\n' +
        '          line 2: GET /other  PERMISSION_DENIED:closed\n' +
        '       1  denied 403 → allowed\n' +
        '          line 1: GET /closed\n' +
        'denials by rule\n' +
        '  doors: 0 → 2\n',
    );
  });

  it('compares two documents request by request, whatever the log says', async () => {
    const log = [entry('/a', 500), entry('/b', 500), entry('/c', 500)].join('\n');
    const files = { 'a.yaml': policy('/a'), 'b.yaml': policy('/b'), log };
    const { code, stdout } = await replay(files, [
      'a.yaml',
      '--log',
      'log',
      '--against',
      'b.yaml',
      '--json',
    ]);
    const found = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(code, 1);
    assert.deepEqual([found['requests'], found['changed'], found['skipped']], [3, 2, 0]);
    assert.deepEqual(found['rules'], { doors: { before: 1, after: 1 } });
  });

  it('leaves out lines that are no requests, and counts them', async () => {
    const noise = '[info] starting\n{"level":"info","instance":"m","value":1}\n{ cut\n';
    const files = { 'a.yaml': policy('/a'), log: `${noise}[info] ${entry('/b', 200)}\n` };
    const { stdout } = await replay(files, ['a.yaml', '--log', 'log']);
    assert.equal(stdout, '1 request, none changed, 3 other lines\n');
  });

  it('runs quotas by the time in the lines', async () => {
    const document = {
      handlers: [
        {
          name: 'limits',
          adapter: 'memquota',
          params: { quotas: [{ name: 'one', maxAmount: 1, validDuration: '10s' }] },
        },
      ],
      instances: [{ name: 'one', template: 'quota' }],
      rules: [{ name: 'limit', actions: [{ handler: 'limits', instances: ['one'] }] }],
    };
    const at = (second: number, verdict: string | null): string =>
      JSON.stringify({
        time: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
        path: '/',
        method: 'GET',
        verdict,
      });
    const log = [at(0, null), at(5, 'denied'), at(20, null)].join('\n');
    const files = { 'a.yaml': JSON.stringify(document), log };
    const { code, stdout } = await replay(files, ['a.yaml', '--log', 'log']);
    assert.deepEqual([code, stdout], [0, '3 requests, none changed\n']);
  });

  it('names the file that is missing, empty or wrong', async () => {
    const files = { 'a.yaml': policy('/a'), 'bad.yaml': 'rules: [ { name: x! } ]', log: 'none' };
    const missing = await replay(files, ['a.yaml', '--log', 'nowhere.jsonl']);
    assert.deepEqual([missing.code, missing.stdout], [1, '']);
    assert.match(missing.stderr, /nowhere\.jsonl: no such file/);
    const empty = await replay(files, ['a.yaml', '--log', 'log']);
    assert.match(empty.stderr, /log: no request in it \(1 other line\)/);
    const bad = await replay(files, ['a.yaml', '--log', 'log', '--against', 'bad.yaml']);
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /bad\.yaml:1:/);
    const twice = await mixer(['replay', '-', '--log', '-']);
    assert.equal(twice.code, 2);
  });

  it('stays in bounded memory over a long log', async () => {
    const log = `${entry('/open', 200)}\n`.repeat(20_000);
    const { code, stdout } = await replay({ 'a.yaml': policy('/closed'), log }, [
      'a.yaml',
      '--log',
      'log',
    ]);
    assert.deepEqual([code, stdout], [0, '20,000 requests, none changed\n']);
  });

  it('has examples that work as they stand', async () => {
    const { stdout } = await mixer(['replay', '--help']);
    const lines = [...stdout.matchAll(/^ {2}\$ mixer (.*?)(?: {2,}.*)?$/gm)].map(
      ([, line]) => line,
    );
    assert.ok(lines.length >= 3);
    for (const line of lines) {
      const options = { cwd: ROOT, encoding: 'utf8' } as const;
      const { status, stderr } = spawnSync('sh', ['-c', `node bin/mixer.js ${line}`], options);
      assert.equal(status, 0, `${line}\n${stderr}`);
    }
  });
});
