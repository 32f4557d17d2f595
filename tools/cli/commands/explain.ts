// `mixer explain`: what an expression or a rule means, reads and costs; and why a recorded request is decided as it is.

import { Command, Option } from 'commander';

import { FilesWrong, WrongUsage } from '../errors.ts';
import { decisionText, isDenied } from '../explain/decision-text.ts';
import { showProblems } from '../explain/expression-text.ts';
import { programText } from '../explain/program-text.ts';
import {
  LANGUAGE_NAMES,
  type ExpressionRecord,
  type LanguageName,
  type PhaseName,
} from '../explain/records.ts';
import { readRequests } from '../explain/requests.ts';
import {
  documentLanguage,
  expressionsOfRule,
  rulesOf,
  type NamedExpression,
} from '../explain/rule-source.ts';
import { callsOf, probePath, Session } from '../explain/session.ts';
import { acceptedDocument, filterPath } from '../inspect.ts';
import { print, stderrColors, stdoutColors } from '../output.ts';

interface ExplainFlags {
  readonly document?: string;
  readonly request?: string;
  readonly phase: PhaseName;
  readonly language?: LanguageName;
  readonly json?: true;
  readonly wasm?: string;
  readonly probe?: string;
}

const EXAMPLES = `
Examples:
  $ mixer explain 'request.method == "GET" && request.size > 1000'
  $ mixer explain 'plan | "free"' --document policy.yaml     with the document's declared attributes
  $ mixer explain 'request.headers["x-user"].endsWith("@example.com")' --language CEL
  $ mixer explain api-policy --document policy.yaml          the rule of that name
  $ mixer explain policy.yaml --request denied.json          why: rule by rule, part by part
  $ kubectl logs … | grep 10.1.2.3 | mixer explain policy.yaml --request -

A request has method, path, authority, headers, source, destination and properties, all optional:
  { "method": "POST", "path": "/api/books", "headers": { "x-tenant": "acme" }, "source": "10.1.2.3" }
Without source, the last entry of x-forwarded-for is the client. A file holds one, a list, or lines: one request each,
entries of the stdio adapter, lines of the access log that \`mixer render\` configures. Such a line names a part of its
request only, and what it does not name is absent here. The script of \`mixer run\` is read as well.

Exit code 0: explained. 1: the expression or the document is wrong.`;

/** The command for commander. */
export function explainCommand(): Command {
  return new Command('explain')
    .summary('say what an expression, a rule or a decision comes from')
    .description(
      "Explain with the filter's own code: types, program, attributes and cost of an expression or rule; or why a " +
        'recorded request is allowed or denied.',
    )
    .argument('<what>', 'an expression; the name of a rule; with --request a document')
    .option('--document <file>', 'a document with declared attributes and rules')
    .option('--request <file>', 'recorded requests to decide; - is the standard input')
    .addOption(
      new Option('--phase <phase>', 'where the expression runs')
        .choices(['any', 'request', 'response', 'log'])
        .default('any'),
    )
    .addOption(
      new Option(
        '--language <language>',
        "of the expression (default: the document's, or CEXL)",
      ).choices(LANGUAGE_NAMES),
    )
    .option('--json', 'records for machines')
    .option('--wasm <path>', 'the filter that checks the document (default: dist/mixer.wasm)')
    .option('--probe <path>', 'the module that explains (default: dist/probe.wasm)')
    .addHelpText('after', EXAMPLES)
    .action(explain);
}

async function explain(what: string, flags: ExplainFlags): Promise<void> {
  const probe = probePath(flags.probe);
  if (flags.request !== undefined) return explainRequests(what, flags.request, probe, flags);
  const document = flags.document === undefined ? '{}' : await documentJson(flags.document, flags);
  const session = await Session.start(probe, document);
  session.useDocument(document);
  const rule = expressionsOfRule(document, what);
  const parts = rule ?? [
    {
      name: '<expression>',
      text: what,
      phase: flags.phase,
      isCondition: false,
      language: flags.language ?? documentLanguage(document),
    },
  ];
  const isMistaken = rule === null && flags.document !== undefined && /^[\w.-]+$/.test(what);
  const hint = isMistaken
    ? `no rule \`${what}\` either; rules: ${rulesOf(document).join(', ')}`
    : '';
  const records = parts.map((part) => ({ part, record: compiled(part, session, hint) }));
  if (flags.json) print(JSON.stringify(records.map(machineRecord), null, 2));
  else print(records.map(({ part, record }) => text(part, record, parts.length > 1)).join('\n'));
}

async function documentJson(path: string, flags: ExplainFlags): Promise<string> {
  return (await acceptedDocument(path, filterPath(flags.wasm))).file.json;
}

// The hint stands where no expression does.
function compiled(part: NamedExpression, session: Session, hint: string): ExpressionRecord {
  const record = session.expression(part.text, part.phase, part.isCondition, part.language);
  process.stderr.write(showProblems(part.name, part.text, record.diagnostics, stderrColors()));
  if (record.type === undefined) throw new FilesWrong(hint);
  return record;
}

function text(part: NamedExpression, record: ExpressionRecord, isNamed: boolean): string {
  const colors = stdoutColors();
  const head = isNamed ? `${colors.bold(part.name)}\n` : '';
  return head + programText(record, colors);
}

function machineRecord({
  part,
  record,
}: {
  part: NamedExpression;
  record: ExpressionRecord;
}): object {
  const calls = [...callsOf(record.attributes ?? [])].map(([call, attributes]) => ({
    call,
    attributes,
  }));
  const program = (record.program ?? '').split('\n').filter(Boolean);
  return { name: part.name, ...record, program, calls };
}

async function explainRequests(
  path: string,
  requestPath: string,
  probe: string,
  flags: ExplainFlags,
): Promise<void> {
  if (flags.document !== undefined)
    throw new WrongUsage(
      'with --request the document is the argument: mixer explain FILE --request …',
    );
  if (path === '-' && requestPath === '-')
    throw new WrongUsage('the document and the requests cannot both be the standard input');
  const json = await documentJson(path, flags);
  const requests = readRequests(requestPath);
  const session = await Session.start(probe, json);
  session.useDocument(json);
  for (const { name, input } of requests) {
    const decision = session.decide(input);
    if (flags.json) {
      const { status, body, details } = decision.outcome;
      const verdict = isDenied(decision) ? 'denied' : 'allowed';
      print(JSON.stringify({ name, verdict, status, body, details, rules: decision.rules }));
    } else process.stdout.write(decisionText(name, decision, json, stdoutColors()));
  }
}
