// `mixer replay`: recorded requests through the filter in the emulator; which verdicts change.

import { Command, InvalidArgumentError } from 'commander';

import { Host } from '../../host/host.ts';
import { ownEnvironment } from '../../render/describe.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import { acceptedDocument, filterPath } from '../inspect.ts';
import { createLog, print, stdoutColors, type Colors } from '../output.ts';
import { openLog, type LogProgress } from '../replay/lines.ts';
import { Progress } from '../replay/progress.ts';
import { Sides } from '../replay/sides.ts';
import { Tally, type Change, type Example } from '../replay/tally.ts';
import { decide, type Verdict } from '../replay/verdict.ts';

interface ReplayFlags {
  readonly log: string;
  readonly against?: string;
  readonly examples: number;
  readonly json?: true;
  readonly wasm?: string;
}

const EXAMPLES = `
Examples:
  $ mixer replay envoy/demo.yaml --log envoy/demo.log.jsonl
  $ mixer replay envoy/demo.yaml --log envoy/demo.log.jsonl --against envoy/demo.yaml --json
  $ mixer replay envoy/demo.yaml --log - --examples 0 < envoy/demo.log.jsonl

Without --against, the verdicts of the document are compared with those in the log; with it, with those of the other
document, request by request. The log has one JSON object a line: entries of the stdio adapter, lines of the access log
that \`mixer render\` configures, or requests as \`mixer explain --help\` describes them. Other lines are left out and
counted. A line without \`verdict\` counts as denied where its status is 403 or 429.

A line holds only a part of its request: what it does not name is absent here. Quotas run by the time in the lines.
Backends are not asked: such requests are counted, and never as changes. A \`rollout\` puts each request on its side,
which its example names.

Exit code 0: no verdict changes. 1: some do, or a file is wrong.`;

const EXAMPLES_MAX = 1000;

/** The command for commander. */
export function replayCommand(): Command {
  return new Command('replay')
    .summary('replay a log and say which verdicts change')
    .description('Replay recorded requests in the emulator and print which verdicts change.')
    .argument('<document>', 'the document')
    .requiredOption(
      '--log <file>',
      'recorded requests, one JSON object a line; - is the standard input',
    )
    .option('--against <document>', 'compare with this document instead of the log')
    .option('--examples <number>', 'requests that are shown for each change', examples, 3)
    .option('--json', 'one JSON object for machines')
    .option('--wasm <path>', 'the filter (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(replay);
}

function examples(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= EXAMPLES_MAX) return number;
  throw new InvalidArgumentError(`Expected a number from 0 to ${EXAMPLES_MAX}.`);
}

async function replay(document: string, flags: ReplayFlags): Promise<void> {
  if ([document, flags.log, flags.against].filter((each) => each === '-').length > 1)
    throw new WrongUsage('only one of document, log and --against can be the standard input');
  const wasm = filterPath(flags.wasm);
  const first = await Replayed.start(document, wasm);
  const second = flags.against === undefined ? null : await Replayed.start(flags.against, wasm);
  const { progress, requests } = openLog(flags.log);
  const tally = new Tally(flags.examples);
  const shown = new Progress(progress);
  for await (const request of requests) {
    const decided = first.decide(request.input, request.atMs);
    if (second === null) tally.add(request, request.verdict, decided);
    else tally.add(request, decided, second.decide(request.input, request.atMs));
    shown.update(tally.requests);
  }
  shown.end();
  if (tally.requests === 0)
    throw new FilesWrong(`${flags.log}: no request in it (${otherLines(progress.skipped)})`);
  print(flags.json === true ? record(tally, progress) : text(tally, progress, stdoutColors()));
  if (second === null && tally.unjudged === tally.requests)
    createLog().warn('no line has a verdict or a status: give --against, or log responseCode');
  if (tally.changed > 0) throw new FilesWrong('');
}

/** One document in the emulator, whose clock follows the log. */
class Replayed {
  readonly #host: Host;
  readonly #sides: Sides;
  #nowMs: number | null = null;

  private constructor(host: Host, document: string) {
    this.#host = host;
    this.#sides = new Sides(host, document);
  }

  static async start(path: string, wasm: string): Promise<Replayed> {
    const { file } = await acceptedDocument(path, wasm);
    const options = {
      configuration: file.json,
      pluginName: 'mixer',
      logLevel: 'critical',
      environment: ownEnvironment(),
    } as const;
    const host = await Host.load({ wasm, ...options });
    if (!host.start()) throw new FilesWrong(`${path}: the filter did not start with it`);
    return new Replayed(host, file.json);
  }

  decide(input: Parameters<typeof decide>[1], atMs: number | null): Verdict {
    if (atMs !== null) {
      if (this.#nowMs !== null && atMs > this.#nowMs) this.#host.advance(atMs - this.#nowMs);
      this.#nowMs = Math.max(atMs, this.#nowMs ?? atMs);
    }
    const verdict = decide(this.#host, input);
    const sides = this.#sides.last();
    return sides.length === 0 ? verdict : { ...verdict, sides };
  }
}

function record(tally: Tally, { skipped }: LogProgress): string {
  const { requests, changed, unjudged, waiting, rules } = tally;
  const changes = tally.changes();
  const byRule = Object.fromEntries(rules);
  return JSON.stringify({ requests, changed, unjudged, waiting, skipped, changes, rules: byRule });
}

function otherLines(count: number): string {
  return `${number(count)} other line${count === 1 ? '' : 's'}`;
}

function text(tally: Tally, { skipped }: LogProgress, colors: Colors): string {
  const { requests, changed, unjudged, waiting } = tally;
  const count =
    changed === 0 ? colors.green('none changed') : colors.red(`${number(changed)} changed`);
  const asides = [
    unjudged > 0 ? `${number(unjudged)} without a verdict to compare with` : '',
    waiting > 0 ? `${number(waiting)} ${waiting === 1 ? 'asks' : 'ask'} a backend` : '',
    skipped > 0 ? otherLines(skipped) : '',
  ].filter((each) => each !== '');
  const head = [
    `${number(requests)} request${requests === 1 ? '' : 's'}, ${count}`,
    ...asides,
  ].join(', ');
  return [
    head,
    ...tally.changes().flatMap((each) => changeLines(each, colors)),
    ...rules(tally),
  ].join('\n');
}

function changeLines({ before, after, count, examples: shown }: Change, colors: Colors): string[] {
  return [
    `${number(count).padStart(8)}  ${before} → ${colors.bold(after)}`,
    ...shown.map((example) => `          ${exampleText(example)}`),
  ];
}

function exampleText({ line, name, reason, sides = [] }: Example): string {
  const more = [reason, sides.length === 0 ? '' : `(${sides.join(', ')})`].filter(Boolean);
  return [`line ${line}: ${name}`, ...more].join('  ');
}

// A log need not name its rules: where nothing changes, their counts would only look as if.
function rules({ changed: total, rules: counts }: Tally): string[] {
  if (total === 0) return [];
  const changed = [...counts].filter(([, { before, after }]) => before !== after);
  if (changed.length === 0) return [];
  const rows = changed.map(
    ([rule, { before, after }]) => `  ${rule}: ${number(before)} → ${number(after)}`,
  );
  return ['denials by rule', ...rows];
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
