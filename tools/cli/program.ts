// The command line `mixer`: its commands, and how an outcome becomes an exit code. 0 done, 1 your
// files are wrong, 2 usage, 3 environment, 70 our bug. Results on stdout, talk on stderr.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';

import { ROOT } from '../build/root.ts';
import { benchCommand } from './commands/bench.ts';
import { buildCommand } from './commands/build.ts';
import { checkCommand } from './commands/check.ts';
import { docsCommand } from './commands/docs.ts';
import { evalCommand } from './commands/eval.ts';
import { explainCommand } from './commands/explain.ts';
import { newCommand } from './commands/new.ts';
import { renderCommand } from './commands/render.ts';
import { replayCommand } from './commands/replay.ts';
import { runCommand } from './commands/run.ts';
import { symbolizeCommand } from './commands/symbolize.ts';
import { testCommand } from './commands/test.ts';
import { EXIT, exitCodeOf, explain } from './errors.ts';
import { createLog } from './output.ts';

const EPILOGUE = `
Examples:
  $ mixer check policy.yaml               is this document right, and if not, where and why
  $ mixer run policy.yaml                 try it in a real Envoy
  $ mixer render policy.yaml --edge 0     Envoy's configuration for it

Exit codes: 0 done, 1 your files are wrong, 2 wrong usage, 3 something is missing here (no Envoy,
no filter), 70 a mistake of ours.
Results go to stdout, talk to stderr. LOG=json makes the talk machine-readable, NO_COLOR=1 takes the colours out.`;

/** Runs one command line (without node and the script) and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? EXIT.done);
  } catch (error) {
    return report(error, program.opts<{ verbose?: boolean }>().verbose === true);
  }
}

/** The whole command tree; documentation is generated from it. */
export function createProgram(): Command {
  const program = new Command('mixer')
    .description("Istio Mixer's policy and telemetry model inside a stock Envoy.")
    .version(version(), '--version', 'print the version')
    .option('--verbose', 'say more; show the stack of a mistake of ours')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', EPILOGUE)
    .addCommand(checkCommand())
    .addCommand(explainCommand())
    .addCommand(evalCommand())
    .addCommand(replayCommand())
    .addCommand(runCommand())
    .addCommand(testCommand())
    .addCommand(benchCommand())
    .addCommand(renderCommand())
    .addCommand(buildCommand())
    .addCommand(newCommand())
    .addCommand(symbolizeCommand())
    .addCommand(docsCommand());
  for (const command of commandTree(program))
    command.exitOverride().showHelpAfterError('(--help shows the options)');
  return program;
}

function commandTree(command: Command): Command[] {
  return [command, ...command.commands.flatMap(commandTree)];
}

function report(error: unknown, isVerbose: boolean): number {
  // Commander has said what it has to say.
  const text = error instanceof CommanderError ? '' : explain(error, isVerbose);
  if (text !== '') createLog().error(text);
  return exitCodeOf(error);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
