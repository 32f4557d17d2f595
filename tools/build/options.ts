// What a build is asked for.

import type { Logger } from 'pino';
import type { Compiler } from './compile.ts';
import type { Target } from './targets.ts';

/** What to build and where to talk. */
export interface BuildOptions {
  /** The top folder: where adapters/ is, where dist/ and build/ go. */
  readonly root: string;
  /** What stands before `assembly/…` in an import; nothing in this project. */
  readonly prefix?: string;
  /** The first one is what the size table and the hot-path check are about. */
  readonly targets: readonly Target[];
  /** With assertions. */
  readonly debug: boolean;
  /** Whether to look for allocations behind per-request exports, and whether unused exemptions are errors too. */
  readonly hotpath: 'all' | 'allocations' | 'off';
  readonly log: Logger;
  /** One that runs already: it alone compiles, and goes on. Left out: as many as the machine has room for. */
  readonly compiler?: Compiler;
}
