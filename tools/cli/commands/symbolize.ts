// `mixer symbolize`: Envoy's log with the source line behind each frame of a trap's backtrace. All other lines pass as
// they are. Changes no file.

import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';

import { mapFile } from '../../build/source-map.ts';
import { MissingEnvironment } from '../../envoy/errors.ts';
import { FilesWrong } from '../errors.ts';
import { filterPath } from '../inspect.ts';
import { createLog, endWithReader, print } from '../output.ts';
import { Symbols, frameOf, type Place } from '../symbolize/symbols.ts';

interface SymbolizeFlags {
  readonly wasm?: string;
}

const EXAMPLES = `
Examples:
  $ mixer symbolize envoy.log
  $ kubectl logs my-pod -c istio-proxy | mixer symbolize --wasm dist/mine.wasm

\`mixer build\` writes dist/NAME.wasm.map beside dist/NAME.wasm; keep both of what you roll out. A frame of another
build is resolved by the name of its function, and marked with ~: the line is where the function begins.`;

/** The command for commander. */
export function symbolizeCommand(): Command {
  return new Command('symbolize')
    .summary("show the source lines of a trap in Envoy's log")
    .description(
      "Print Envoy's log with file, line and column behind each frame of a trap's backtrace. Other lines stay as they are.",
    )
    .argument('[file]', 'the log (default: standard input)', '-')
    .option('--wasm <path>', 'the filter that Envoy ran (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(symbolize);
}

async function symbolize(file: string, flags: SymbolizeFlags): Promise<void> {
  endWithReader();
  if (file !== '-') requireLog(file);
  const symbols = readSymbols(filterPath(flags.wasm));
  const input = file === '-' ? process.stdin : createReadStream(file);
  let frames = 0;
  let other = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const frame = frameOf(line);
    const place = frame === null ? null : symbols.place(frame);
    if (frame !== null) frames++;
    if (frame !== null && place?.isExact !== true) other++;
    print(place === null ? line : `${line}  ${placeText(place)}`);
  }
  if (frames === 0) createLog().warn('no frame of a backtrace in this log: nothing was resolved');
  if (other > 0)
    createLog().warn(
      `${other} of ${frames} frames are not of this module: name the one that Envoy ran with --wasm`,
    );
}

function requireLog(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory() === false) return;
  const problem = found === undefined ? 'no such file' : 'a folder';
  throw new FilesWrong(`${file}: ${problem}; expected a log of Envoy, or - for standard input`);
}

function readSymbols(wasm: string): Symbols {
  const map = mapFile(wasm);
  if (!existsSync(map))
    throw new MissingEnvironment(`no map at ${map}: \`mixer build\` writes it beside the module`);
  return new Symbols(readFileSync(wasm), readFileSync(map, 'utf8'));
}

function placeText({ file, line, column, isExact }: Place): string {
  return `${isExact ? '' : '~'}${file}:${line}:${column}`;
}
