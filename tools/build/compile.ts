// A compiler process: takes one module after another and tells what each of them read.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One run of the compiler. */
export interface Compilation {
  readonly root: string;
  /** Entry file, from `root`. */
  readonly entry: string;
  readonly flags: readonly string[];
  /** Whether functions keep the optimizer's order: those that most code calls first. */
  readonly keepsOrder?: boolean;
  /** Where to write the module's text before it is optimized, from `root`; `isAll`: that is all that is wanted. */
  readonly text?: { readonly file: string; readonly isAll: boolean };
}

/** What came of it. */
export interface Outcome {
  readonly ok: boolean;
  /** What the compiler said: empty, warnings, or why it failed. */
  readonly messages: string;
  /** Files that were read, by hash; null: looked for and not there. */
  readonly inputs: Readonly<Record<string, string | null>>;
}

/** Started when made, ended by `close`. Compiles one module at a time. */
export class Compiler {
  readonly #process: ChildProcess;

  constructor() {
    // Options of this process, such as those that load tsx, are not for the compiler.
    const { NODE_OPTIONS: _, ...env } = process.env;
    this.#process = fork(fileURLToPath(new URL('compiler.js', import.meta.url)), {
      execArgv: [],
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  compile(compilation: Compilation): Promise<Outcome> {
    const compiler = this.#process;
    return new Promise((done, fail) => {
      const onExit = (code: number | null): void => {
        fail(
          new Error(
            `the compiler ended (${code ?? 'killed'}) while it compiled ${compilation.entry}`,
          ),
        );
      };
      compiler.once('exit', onExit);
      compiler.once('message', (outcome: Outcome) => {
        compiler.off('exit', onExit);
        done(outcome);
      });
      compiler.send(compilation);
    });
  }

  close(): void {
    this.#process.kill();
  }
}
