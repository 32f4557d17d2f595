// The reference page of the command line, from the command tree itself.

import type { Command } from 'commander';
import { block, generated, page } from '../markdown.ts';

const COLUMNS = 100;

/** The help text of every command. */
export function cliPage(program: Command): string {
  return page(
    '# Command line',
    generated('the commands themselves'),
    'Results go to stdout, talk to stderr. Exit codes: 0 done, 1 your files are wrong, 2 wrong usage, 3 something is ' +
      'missing here, 70 a mistake of ours.',
    ...sections(program, []),
  );
}

function sections(command: Command, parents: readonly string[]): string[] {
  const names = [...parents, command.name()];
  const isOwn = command.name() !== 'help';
  const own = isOwn ? [`## ${names.join(' ')}`, block('text', helpText(command))] : [];
  return [...own, ...command.commands.flatMap((each) => sections(each, names))];
}

/** What --help prints, examples included, whatever terminal this runs in. */
function helpText(command: Command): string {
  const lines: string[] = [];
  command.configureOutput({
    writeOut: (text) => lines.push(text),
    getOutHelpWidth: () => COLUMNS,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  command.configureOutput({ writeOut: (text) => process.stdout.write(text) });
  return lines.join('').replace(/[ \t]+$/gm, '');
}
