// What the pages say one can type exists: commands, options, values of options, scripts and steps. Nothing is run here;
// what the tutorial's commands do is in tutorial.test.ts, what the examples of the help do in test/cli.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { CommanderError, type Command } from 'commander';

import { ROOT } from '../../tools/build/root.ts';
import { createProgram } from '../../tools/cli/program.ts';
import { STEPS } from '../../tools/test/steps.ts';
import { commandLines, type CommandLine } from './command-lines.ts';

const OTHERS = ['envoy/demo.yaml', 'envoy/demo.requests.yaml', 'docker-compose.yml'];
const PLACEHOLDER = /^(?:<.*>|[A-Z][A-Z-]*|…|\[.*\])$/;
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' });
const files = [...pages.trim().split('\n'), ...OTHERS];
const lines = files.flatMap(commandLines);
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The command that the first words name, and what follows them; null where there is none of that name. */
function resolve(words: readonly string[]): { command: Command; rest: string[] } | null {
  let command = createProgram();
  let rest = words.slice(words.indexOf('mixer') + 1);
  while (command.commands.length > 0) {
    const [name] = rest;
    if (name === undefined || name.startsWith('-')) break;
    const next = command.commands.find((each) => each.name() === name);
    if (next === undefined) return null;
    [command, rest] = [next, rest.slice(1)];
  }
  return { command, rest };
}

/** What is wrong with a command line of `mixer`; empty where nothing is. */
function problemOf({ words, isWhole }: CommandLine): string {
  if (words.some((word) => word === 'help' || word === '--help')) return '';
  const found = resolve(words);
  if (found === null) return 'no such command';
  const { command, rest } = found;
  return isWhole && !rest.some((word) => PLACEHOLDER.test(word))
    ? parseProblem(command, rest)
    : unknownOption(command, rest);
}

function unknownOption(command: Command, words: readonly string[]): string {
  const given = words.filter((word) => word.startsWith('--'));
  const unknown = given.find((word) => !isOption(command, word.replace(/=.*/, '')));
  return unknown === undefined ? '' : `no option ${unknown}`;
}

function isOption(command: Command, name: string): boolean {
  return [...command.options, ...(command.parent?.options ?? [])].some(({ long }) => long === name);
}

/** The command's own parser, with its bounds and choices; its action does not run. */
function parseProblem(command: Command, words: readonly string[]): string {
  try {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    const { operands, unknown } = command.parseOptions([...words]);
    if (unknown.length > 0) return `no option ${unknown.join(' ')}`;
    const isMissing = command.registeredArguments.some(
      ({ required }, at) => required && operands[at] === undefined,
    );
    return isMissing ? 'an argument is missing' : '';
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function isMixer({ words }: CommandLine): boolean {
  return words.includes('mixer');
}

/** `npm run NAME -- …` or `npm test -- …`: the script's name and its arguments. */
function scriptOf({ words }: CommandLine): { name: string; args: readonly string[] } {
  const [, verb = '', ...more] = words;
  const [name = '', ...args] = verb === 'run' ? more : [verb, ...more];
  return { name, args: args.filter((word) => word !== '--') };
}

/** The sources that say which options a script has: its file, and options.ts beside it. */
function optionSources(script: string): string {
  const path = /(?:tsx|node) (\S+)/.exec(script)?.[1] ?? '';
  const beside = join(dirname(path), 'options.ts');
  const names = execFileSync('git', ['ls-files', path, beside], { cwd: ROOT, encoding: 'utf8' });
  return names
    .trim()
    .split('\n')
    .map((name) => readFileSync(join(ROOT, name), 'utf8'))
    .join('\n');
}

function complaints(of: readonly CommandLine[], problem: (line: CommandLine) => string): string[] {
  return of.flatMap((line) => {
    const found = problem(line);
    return found === '' ? [] : [`${line.where}: ${line.words.join(' ')}: ${found}`];
  });
}

describe('the command lines of the pages', () => {
  const ours = lines.filter(isMixer);
  const npm = lines.filter((line) => !isMixer(line));

  it('are found, alone and in sentences', () => {
    const whole = ours.filter(({ isWhole }) => isWhole).length;
    assert.ok(whole >= 60, `${whole} alone`);
    assert.ok(ours.length - whole >= 30, `${ours.length - whole} in sentences`);
    assert.ok(npm.length >= 20, `${npm.length} of npm`);
  });

  it('name commands, options and values that `mixer` has', () => {
    assert.deepEqual(complaints(ours, problemOf), []);
  });

  it('name scripts and options that this project has', () => {
    const problem = (line: CommandLine): string => {
      const { name, args } = scriptOf(line);
      const script = scripts[name];
      if (script === undefined) return 'no such script';
      const given = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
      const source = given.length > 0 && script.includes('tsx') ? optionSources(script) : '';
      return given.find((option) => !new RegExp(`\\b${option}\\b`).test(source)) ?? '';
    };
    assert.deepEqual(complaints(npm, problem), []);
  });

  it('name steps that `npm test` has', () => {
    const names = STEPS.map(({ name }) => name);
    const problem = ({ words }: CommandLine): string => {
      const steps = words[words.indexOf('--only') + 1] ?? '';
      if (!words.includes('test') || !words.includes('--only')) return '';
      return steps.split(',').find((step) => !names.includes(step)) ?? '';
    };
    assert.deepEqual(complaints(npm, problem), []);
  });
});

describe('a command line that does not exist is found', () => {
  const wrong: readonly (readonly [line: string, problem: RegExp])[] = [
    ['mixer chekc a.yaml', /no such command/],
    ['npx mixer check --fromat json a.yaml', /no option --fromat/],
    ['mixer render a.yaml --target istio', /Allowed choices/],
    ['mixer render a.yaml --edge far', /Expected a number/],
    ['mixer render --sidecar', /an argument is missing/],
  ];
  for (const [line, problem] of wrong) {
    it(line, () => {
      const words = line.split(' ');
      assert.match(problemOf({ where: '', words, isWhole: true }), problem);
    });
  }
});
