// Hands modules to compiler processes, a few at a time, and tells what each of them read.

import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { COMPILER_COUNT_MAX } from './settings.ts';

/** One run of the compiler. */
export interface Compilation {
  readonly root: string;
  /** Entry file, from `root`. */
  readonly entry: string;
  readonly flags: readonly string[];
}

/** What came of it. */
export interface Outcome {
  readonly ok: boolean;
  /** What the compiler said: empty, warnings, or why it failed. */
  readonly messages: string;
  /** Files that were read, by hash; null: looked for and not there. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** Time in the compiler, without waiting for one. */
  readonly elapsedMs: number;
}

/** Compilers of one build. They start when first needed and end with `close`. */
export class Compilers {
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: ((compiler: ChildProcess) => void)[] = [];
  readonly #all: ChildProcess[] = [];
  readonly #countMax = Math.min(COMPILER_COUNT_MAX, availableParallelism());

  async compile(compilation: Compilation): Promise<Outcome> {
    const compiler = await this.#take();
    try {
      return await ask(compiler, compilation);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(compiler);
      else this.#idle.push(compiler);
    }
  }

  close(): void {
    for (const compiler of this.#all) compiler.kill();
  }

  #take(): Promise<ChildProcess> | ChildProcess {
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#all.length >= this.#countMax) return new Promise((done) => this.#waiting.push(done));
    const started = fork(fileURLToPath(new URL('compiler.js', import.meta.url)), {
      execArgv: [],
      env: withoutLoaders(process.env),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#all.push(started);
    return started;
  }
}

/** The environment without options that would load tsx into the compiler. */
function withoutLoaders({ NODE_OPTIONS: _, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment;
}

function ask(compiler: ChildProcess, { root, entry, flags }: Compilation): Promise<Outcome> {
  return new Promise((done, fail) => {
    const onExit = (code: number | null): void => {
      fail(
        new Error(`the compiler process ended (${code ?? 'killed'}) while it compiled ${entry}`),
      );
    };
    compiler.once('exit', onExit);
    const start = performance.now();
    compiler.once('message', (outcome: Omit<Outcome, 'elapsedMs'>) => {
      compiler.off('exit', onExit);
      done({ ...outcome, elapsedMs: performance.now() - start });
    });
    compiler.send({ root, entry, flags });
  });
}
