// `mixer check`: the filter's own parser over documents, before any Envoy sees them.

import { Command, Option } from 'commander';

import { UnreadableFile } from '../../document/document.ts';
import { unreadableDiagnostic, type PlacedDiagnostic } from '../diagnostics.ts';
import { FilesWrong } from '../errors.ts';
import { filterPath, inspect, type Inspection } from '../inspect.ts';
import { createLog, print, stdoutColors, type Colors } from '../output.ts';

interface CheckFlags {
  readonly format: 'text' | 'json';
  readonly wasm?: string;
}

/** What is known of one file, and be it that it cannot be read. */
type Checked = Inspection | UnreadableFile;

const EXAMPLES = `
Examples:
  $ mixer check policy.yaml                    one file
  $ mixer check policies/*.yaml                several; all are checked, exit code 1 if any is wrong
  $ helm template . | mixer check -            the standard input
  $ mixer check --format json policy.yaml      for machines: an array, one object for each file
  $ mixer check --wasm dist/list.wasm a.yaml   what another build of the filter accepts

Of several files NAME.requests.yaml and NAME.cases.yaml are left out: they are no documents.
Exit code 0: every file is good (warnings do not count). 1: at least one is not.`;

const BESIDE_DOCUMENTS = /\.requests\.yaml$|(?:^|[./])cases\.yaml$/;

/** Lists of the document that the line about a good one counts. */
const COUNTED = ['rules', 'handlers', 'instances'] as const;

/** The command for commander. */
export function checkCommand(): Command {
  return new Command('check')
    .summary("check documents with the filter's own parser")
    .description(
      "Check configuration documents (YAML or JSON) with the filter's own parser, compiled from the same source.",
    )
    .argument('<file...>', 'documents; - is the standard input')
    .addOption(
      new Option('--format <format>', 'how results are written')
        .choices(['text', 'json'])
        .default('text'),
    )
    .option('--wasm <path>', 'the filter to check with (default: dist/mixer.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(check);
}

async function check(paths: readonly string[], flags: CheckFlags): Promise<void> {
  const wasm = filterPath(flags.wasm);
  const found: Checked[] = [];
  for (const path of documentsOf(paths)) found.push(await checked(path, wasm));
  print(
    flags.format === 'json' ? JSON.stringify(found.map(record), null, 2) : found.map(text).join(''),
  );
  if (found.some((each) => each instanceof UnreadableFile || each.isRefused))
    throw new FilesWrong('');
}

// One file that cannot be read says nothing about the others.
function checked(path: string, wasm: string): Promise<Checked> {
  return inspect(path, wasm).catch((error: unknown) => {
    if (error instanceof UnreadableFile) return error;
    throw error;
  });
}

/** The paths that can be documents: a pattern of the shell also names the scripts and cases beside them. */
function documentsOf(paths: readonly string[]): readonly string[] {
  const documents = paths.filter((path) => !BESIDE_DOCUMENTS.test(path));
  if (documents.length === 0) return paths;
  for (const path of paths.filter((each) => !documents.includes(each)))
    createLog().info(`${path}: left out, by its name requests or cases`);
  return documents;
}

function record(found: Checked): {
  file: string;
  ok: boolean;
  rules: readonly string[];
  features: readonly string[];
  labels: readonly string[];
  diagnostics: readonly PlacedDiagnostic[];
} {
  if (found instanceof UnreadableFile) {
    const diagnostics = [unreadableDiagnostic(found)];
    return { file: found.file, ok: false, rules: [], features: [], labels: [], diagnostics };
  }
  const { description, diagnostics, file } = found;
  return {
    file: file.source.name,
    ok: !found.isRefused,
    rules: description?.rules ?? [],
    features: description?.features ?? [],
    labels: description?.labels ?? [],
    diagnostics,
  };
}

function text(found: Checked): string {
  const colors = stdoutColors();
  return found instanceof UnreadableFile
    ? `${found.file}: ${colors.red(found.problem)}\n`
    : inspectionText(found, colors);
}

function inspectionText(inspection: Inspection, colors: Colors): string {
  const problems = inspection.text(colors);
  const name = inspection.file.source.name;
  const errorCount = inspection.diagnostics.filter((each) => each.severity === 'error').length;
  if (inspection.isRefused)
    return `${problems}${name}: ${colors.red(plural(errorCount, 'error'))}\n`;
  return `${problems}${name}: ${colors.green('ok')} (${summary(inspection)})\n`;
}

function summary(inspection: Inspection): string {
  const parts = COUNTED.map((field) => [field, lengthOf(inspection, field)] as const)
    .filter(([, count]) => count > 0)
    .map(([field, count]) => plural(count, field.slice(0, -1)));
  const warnings = inspection.diagnostics.filter((each) => each.severity === 'warning');
  if (warnings.length > 0) parts.push(plural(warnings.length, 'warning'));
  return parts.length === 0 ? 'no rules: every request passes' : parts.join(', ');
}

/** How many entries a list of the document has; lists are all that is counted. */
function lengthOf(inspection: Inspection, field: string): number {
  const document = JSON.parse(inspection.file.json) as Readonly<Record<string, unknown>> | null;
  const list = document?.[field];
  return Array.isArray(list) ? list.length : 0;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
