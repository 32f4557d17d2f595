// The workflow that authors copy, read as GitHub reads it, and its commands run in an author's project.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';

import { ROOT } from '../../tools/build/root.ts';
import { acquireEngine, type Engine } from '../../tools/containers/engine.ts';
import { provideEnvoyImage } from '../../tools/containers/image.ts';
import type { AuthorProject } from './author-project.ts';

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, { 'runs-on': string; steps: readonly Step[] }>>;
}

const TEXT = readFileSync(join(ROOT, 'docs/ci/author-workflow.yml'), 'utf8');
const INSTALL = 'npm ci';
const CONTAINER = ',container';

export const workflow = parse(TEXT, { strict: true, uniqueKeys: true }) as Workflow;
export const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
export const commands = steps.flatMap(({ run }) => run ?? []);

/**
 * Declares the tests. The project has the package, which `npm ci` would bring, and an adapter whose cases pass, so many
 * for each host. Without an engine the cases run on the other hosts, and their test in containers is skipped.
 */
export function describeWorkflow(project: AuthorProject, caseCount: number): void {
  describe('the workflow for a repository of adapters, in this project', () => {
    let engine: Engine = { kind: 'missing', reason: 'not asked yet' };
    before(async () => {
      engine = await acquireEngine(() => undefined);
    });
    after(async () => {
      if (engine.kind === 'ready') await engine.close();
    });
    for (const line of commands.filter((each) => each !== INSTALL)) {
      const here = line.replace(CONTAINER, '');
      it(`runs ${here}`, async () => {
        const output = await succeed(project, here);
        if (here.includes(' test')) assert.ok(endsWithPasses(output, caseCount), output);
      });
      if (here === line) continue;
      it(`runs ${line}`, async (test) => {
        if (engine.kind === 'missing') {
          test.skip(engine.reason);
          return;
        }
        const image = { ENVOY_IMAGE: provideEnvoyImage(engine.env, () => undefined) };
        const output = await succeed(project, line, { ...engine.env, ...image });
        assert.ok(endsWithPasses(output, 2 * caseCount), output);
      });
    }

    it('leaves the files that it keeps', () => {
      const kept = steps.flatMap((step) => step.with?.['path']?.trim().split('\n') ?? []);
      assert.deepEqual(kept, ['dist/*.wasm', 'dist/*.wasm.map']);
      for (const path of kept) {
        const names = readdirSync(join(project.folder, dirname(path)));
        assert.ok(
          names.some((name) => name.endsWith(path.slice(path.indexOf('*') + 1))),
          path,
        );
      }
    });
  });
}

async function succeed(
  project: AuthorProject,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, output } = await project.run(line, env);
  assert.equal(code, 0, `${line}\n${output}`);
  return output;
}

function endsWithPasses(output: string, count: number): boolean {
  return output.trimEnd().endsWith(`${count} passed, 0 failed`);
}
