// The reference page of attributes.

import type { AttributeEntry } from '../tables/rows.ts';
import { code, generated, page, table } from '../markdown.ts';

const PHASES: Readonly<Record<string, string>> = {
  q: 'check; kept for all later phases',
  a: 'any; kept where the check reads it',
  m: 'any; read anew in each',
  r: 'response headers, log',
  l: 'log',
  c: 'answer of a denial, log',
  v: 'answer of a denial, response headers, log',
};

/** All attributes by their first word; what nothing gives stands apart. */
export function attributesPage(attributes: readonly AttributeEntry[], prose: string): string {
  const isAbsent = ({ source }: AttributeEntry): boolean => source.split(':')[0] === 'none';
  const given = attributes.filter((entry) => !isAbsent(entry));
  const absent = attributes.filter(isAbsent);
  const groups = [...new Set(given.map(group))];
  return page(
    '# Attributes',
    generated('assembly/shared/attributes.ts'),
    prose,
    ...groups.flatMap((name) => [
      `## ${name}.*`,
      table(
        ['name', 'type', 'phases', 'always there', 'where it comes from', 'meaning'],
        given.filter((entry) => group(entry) === name).map(row),
      ),
    ]),
    '## Names that nothing gives',
    'They are legal, so that documents written for Mixer load, and always absent; a document that reads one gets a warning (W0905).',
    table(
      ['name', 'type', 'why', 'instead'],
      absent.map(({ name, type, source }) => [code(name), type, ...reasonOf(source)]),
    ),
  );
}

function group({ name }: AttributeEntry): string {
  return name.split('.')[0] ?? name;
}

function row(entry: AttributeEntry): string[] {
  const { name, type, phases, source, fallback, isAlwaysPresent, doc } = entry;
  const otherwise = fallback === '' ? '' : ` Else ${code(fallback)}.`;
  const always = isAlwaysPresent ? 'yes' : '';
  return [
    code(name),
    type,
    PHASES[phases] ?? phases,
    always,
    sourceText(source),
    doc.text + otherwise,
  ];
}

/** `none:WHY; INSTEAD` as why and instead. */
function reasonOf(source: string): [why: string, instead: string] {
  const [why = '', instead = ''] = source.replace(/^none:?/, '').split('; ');
  return [why, instead];
}

/** Where a value comes from, in words. */
function sourceText(source: string): string {
  const colon = source.indexOf(':');
  const kind = colon < 0 ? source : source.slice(0, colon);
  const detail = colon < 0 ? '' : source.slice(colon + 1);
  switch (kind) {
    case 'header':
      return `request header ${code(detail)}`;
    case 'headers':
      return 'request headers';
    case 'response-header':
      return `response header ${code(detail)}`;
    case 'response-headers':
      return 'response headers';
    case 'property':
      return `Envoy's ${code(detail.replaceAll('/', '.'))}`;
    case 'node':
      return `node metadata ${code(detail)}`;
    case 'inbound':
    case 'outbound':
      return `node metadata ${code(detail)} (${kind} listener)`;
    case 'derive':
      return 'worked out by the filter';
    default:
      return code(source);
  }
}
