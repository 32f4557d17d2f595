// Runs a command to its end and keeps the end of what it printed.

import { spawn } from 'node:child_process';
import { javascriptOf } from '../build/javascript.js';
import { ROOT } from '../build/root.ts';
import { transpile } from './transpile.ts';

/** How a command ended. */
export interface CommandResult {
  readonly isOk: boolean;
  /** Standard output and standard error together, the last OUTPUT_SIZE_MAX characters. */
  readonly output: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

const OUTPUT_SIZE_MAX = 200_000;
const LINE_SIZE_MAX = 400;
const TIMEOUT_DEFAULT_MS = 600_000;

/** Runs `node` with these arguments in the project's top folder. */
export function runNode(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { env = {}, timeoutMs = TIMEOUT_DEFAULT_MS } = options;
  return new Promise((done) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_SIZE_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (isLate) output += `\nstopped after ${timeoutMs} ms`;
      done({ isOk: code === 0, output: shortLines(output) });
    });
  });
}

let transpiled: Promise<void> | null = null;

/** What node takes to run a file of this project: TypeScript as the JavaScript that is made of it. */
export async function programArguments(file: string): Promise<string[]> {
  if (!file.endsWith('.ts')) return [file];
  await (transpiled ??= transpile());
  return ['--enable-source-maps', javascriptOf(file)];
}

/** A failing compiler may print megabytes on one line. */
function shortLines(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length > LINE_SIZE_MAX ? `${line.slice(0, LINE_SIZE_MAX)}…` : line))
    .join('\n');
}
