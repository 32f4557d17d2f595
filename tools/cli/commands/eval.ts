// `mixer eval`: the value of an expression, by the filter's own compiler and evaluator.

import { Command, Option } from 'commander';

import { DocumentFile } from '../../document/document.ts';
import { placeDiagnostics, showDiagnostic, syntaxDiagnostics } from '../diagnostics.ts';
import { FilesWrong, WrongUsage } from '../errors.ts';
import {
  showFailure,
  showProblems,
  showReferences,
  valueText,
} from '../explain/expression-text.ts';
import {
  LANGUAGE_NAMES,
  type EvaluationRecord,
  type ExpressionRecord,
  type LanguageName,
} from '../explain/records.ts';
import { readRequests } from '../explain/requests.ts';
import { documentLanguage } from '../explain/rule-source.ts';
import { probePath, Session } from '../explain/session.ts';
import { acceptedDocument, filterPath } from '../inspect.ts';
import { print, stderrColors, stdoutColors } from '../output.ts';

interface EvalFlags {
  readonly attributes?: string;
  readonly requests?: string;
  readonly document?: string;
  readonly language?: LanguageName;
  readonly json?: true;
  readonly wasm?: string;
  readonly probe?: string;
}

/** How an expression of the command line is called in messages. */
const NAME = '<expression>';

const EXAMPLES = `
Examples:
  $ mixer eval '1 + 2'
  $ mixer eval 'request.method == "GET"' --attributes values.yaml
  $ mixer eval 'plan' --document policy.yaml --attributes values.yaml
  $ mixer eval 'has(source.ip) ? string(source.ip) : "none"' --language CEL --attributes values.yaml
  $ mixer eval 'request.headers["x-plan"] | "free"' --requests access.log

values.yaml has one value for each name; the type is the vocabulary's, or the one that you write:
  request.method: GET
  source.ip: 10.1.2.3
  request.headers: { x-plan: gold }
  my.budget: { type: DURATION, value: 1.5s }

--requests reads requests (method, path, authority, headers, source, destination, properties) as YAML or JSON, one or a
list, or lines: requests, or those of an access log, as \`mixer explain --help\` describes them.

Exit code 0: a value. 1: the expression, the values or the evaluation fail.`;

/** The command for commander. */
export function evalCommand(): Command {
  return new Command('eval')
    .summary('evaluate an expression')
    .description(
      "Evaluate an expression with the filter's own compiler and evaluator: for values that you write " +
        'down, or for recorded requests.',
    )
    .argument('<expression>', 'the expression')
    .option('--attributes <file>', 'YAML or JSON: name to value, or to { type, value }')
    .option('--requests <file>', 'recorded requests; - is the standard input')
    .option('--document <file>', 'a document whose declared attributes may be used')
    .addOption(
      new Option(
        '--language <language>',
        "of the expression (default: the document's, or CEXL)",
      ).choices(LANGUAGE_NAMES),
    )
    .option('--json', 'records for machines')
    .option('--wasm <path>', 'the filter that checks the document (default: dist/mixer.wasm)')
    .option('--probe <path>', 'the module that evaluates (default: dist/probe.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(evaluate);
}

/** The expression of the command line. */
interface Source {
  readonly text: string;
  readonly language: LanguageName;
}

async function evaluate(text: string, flags: EvalFlags): Promise<void> {
  if (flags.attributes !== undefined && flags.requests !== undefined)
    throw new WrongUsage(
      '--attributes and --requests exclude each other: the values are the requests',
    );
  const probe = probePath(flags.probe);
  const document = await documentJson(flags);
  const session = await Session.start(probe, document);
  const source = { text, language: flags.language ?? documentLanguage(document) };
  if (flags.requests !== undefined) evaluateRequests(source, session, document, flags);
  else evaluateValues(source, session, document, flags);
}

async function documentJson({ document, wasm }: EvalFlags): Promise<string> {
  return document === undefined
    ? '{}'
    : (await acceptedDocument(document, filterPath(wasm))).file.json;
}

function evaluateValues(
  source: Source,
  session: Session,
  document: string,
  flags: EvalFlags,
): void {
  session.useDeclarations(document);
  if (flags.attributes !== undefined) useAttributes(session, DocumentFile.read(flags.attributes));
  compile(source, session, 'any');
  const record = session.evaluate();
  if (flags.json) print(JSON.stringify(resultOf(record), null, 2));
  else process.stdout.write(resultText(source.text, record));
  if (record.tree.error !== undefined) throw new FilesWrong('');
}

function useAttributes(session: Session, file: DocumentFile): void {
  const colors = stderrColors();
  if (file.problems.length === 0 && !file.json.startsWith('{'))
    throw new FilesWrong(
      `${file.source.name}: no object; expected names of attributes with values, such as \`request.method: GET\``,
    );
  const found =
    file.problems.length > 0
      ? syntaxDiagnostics(file)
      : placeDiagnostics(
          file,
          session.useValues(file.json).map(({ related: _, ...rest }) => rest),
        );
  for (const each of found) process.stderr.write(showDiagnostic(file, each, colors));
  if (found.length > 0) throw new FilesWrong('');
}

function evaluateRequests(
  source: Source,
  session: Session,
  document: string,
  flags: EvalFlags,
): void {
  const requests = readRequests(flags.requests ?? '-');
  session.useDocument(document);
  compile(source, session, 'request');
  const results = requests.map(({ name, input }) => ({ name, record: session.evaluateFor(input) }));
  if (flags.json)
    print(
      results.map(({ name, record }) => JSON.stringify({ name, ...resultOf(record) })).join('\n'),
    );
  else
    for (const { name, record } of results)
      process.stdout.write(`${name}\n${resultText(source.text, record)}`);
  if (results.some(({ record }) => record.tree.error !== undefined)) throw new FilesWrong('');
}

function compile(
  { text, language }: Source,
  session: Session,
  phase: 'any' | 'request',
): ExpressionRecord {
  const record = session.expression(text, phase, false, language);
  process.stderr.write(showProblems(NAME, text, record.diagnostics, stderrColors()));
  if (record.type === undefined) throw new FilesWrong('');
  return record;
}

function resultOf({ tree, type, references, errorStart, errorEnd }: EvaluationRecord): object {
  const outcome =
    tree.error === undefined
      ? { type, value: tree.value }
      : { error: tree.error, offset: errorStart, size: errorEnd - errorStart };
  return { ...outcome, referenced: references };
}

function resultText(text: string, record: EvaluationRecord): string {
  const { tree, type, references } = record;
  const read = references.length === 0 ? '' : `referenced\n${showReferences(references)}`;
  if (tree.error !== undefined) return showFailure(NAME, text, record, stdoutColors()) + read;
  return `${type} ${valueText(type, tree.value ?? '')}\n${read}`;
}
