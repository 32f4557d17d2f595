// The workflow that authors copy: it is YAML with the parts that GitHub wants, and its commands are ones that exist.
// That they do what they shall is a part of the test of the tutorial, whose project they run in.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Command } from 'commander';

import { createProgram } from '../../tools/cli/program.ts';
import { commands, steps, workflow } from './author-workflow.ts';

function commandOf(line: string): Command | undefined {
  const [, name] = /^npx mixer (\w+)/.exec(line) ?? [];
  return createProgram().commands.find((command) => command.name() === name);
}

it('installs, builds and tests on the emulator and in a container, in this order', () => {
  assert.deepEqual(commands, [
    'npm ci',
    'npx mixer build',
    'npx mixer test --on emulator,container',
  ]);
  assert.deepEqual(Object.keys(workflow.on), ['push', 'pull_request']);
  assert.deepEqual(workflow.permissions, { contents: 'read' });
});

it('uses commands and options that `mixer` has', () => {
  for (const line of commands.filter((each) => each.startsWith('npx mixer'))) {
    const command = commandOf(line);
    assert.ok(command, line);
    for (const [option] of line.matchAll(/--[a-z-]+/g))
      assert.ok(
        command.options.some(({ long }) => long === option),
        `${line}: ${option}`,
      );
  }
});

it('names a version for each action', () => {
  const actions = steps.flatMap(({ uses }) => uses ?? []);
  assert.ok(actions.length >= 3);
  for (const action of actions) assert.match(action, /^actions\/[a-z-]+@v\d+$/);
});
