// The generated part of an adapter's README: templates, parameters, standard instances, metrics.

import { durationText } from '../duration.ts';
import { block, code, table } from '../markdown.ts';
import type { AdapterEntry } from '../tables/adapters.ts';
import type { DropReason } from '../tables/drops.ts';
import type { ObservedMetric, Observation, StandardInstance } from '../tables/observed.ts';
import type { OwnTemplateEntry } from '../tables/own-template.ts';
import type { Param, ParamGroup } from '../tables/params.ts';
import { stringify } from 'yaml';

/** A longer instance is shown by its name and dimensions only. */
const INSTANCE_LINES_MAX = 12;

/** The four parts; what an adapter does not have is said in a sentence. */
export function adapterReference(
  { name, templates, ownTemplate, params }: AdapterEntry,
  observation: Observation | null,
  reasons: readonly DropReason[],
): string {
  const own = ownTemplate === null ? [] : [ownTemplate];
  return [
    '### Templates',
    `It takes ${[...templates.map(code), ...own.map((each) => `its own ${code(each.name)}`)].join(', ')}.`,
    ...own.map(ownFields),
    '### Parameters',
    parameters(params),
    '### Standard instances',
    instances(observation),
    '### Own metrics',
    metrics(name, observation?.metrics ?? [], reasons),
  ].join('\n\n');
}

/** The fields of a template that the adapter brings itself, each an expression. */
function ownFields({ name, text, variety, fields }: OwnTemplateEntry): string {
  const rows = fields.map((field) => [
    code(field.name),
    code(field.type),
    field.isRequired ? '**required**' : '',
    field.text,
  ]);
  const head = `${code(name)} (${variety}): ${text}`;
  return `${head}\n\n${table(['field', 'expression of type', '', 'meaning'], rows)}`;
}

function parameters(group: ParamGroup): string {
  const rows = parameterRows(group, '');
  if (rows.length === 0) return 'It has none.';
  return table(['parameter', 'type', 'default', 'meaning'], rows);
}

function parameterRows(group: ParamGroup, prefix: string): string[][] {
  const notYet = group.notYet.map((name) => [
    code(prefix + name),
    '',
    '',
    'Refused as not yet supported.',
  ]);
  const rows = group.params.flatMap((param) => {
    const path = prefix + param.name;
    const own = [
      code(path),
      typeText(param),
      defaultText(param),
      param.text + alternatives(group, param),
    ];
    return param.nested === undefined
      ? [own]
      : [own, ...parameterRows(param.nested, `${path}${suffix(param)}.`)];
  });
  return [...rows, ...notYet];
}

function alternatives({ oneOf }: ParamGroup, { name }: Param): string {
  const others = oneOf.find((names) => names.includes(name))?.filter((each) => each !== name) ?? [];
  return others.length === 0 ? '' : ` Not together with ${others.map(code).join(' or ')}.`;
}

function suffix({ kind }: Param): string {
  return kind === 'objectList' ? '[]' : kind === 'objectMap' ? '.*' : '';
}

const TYPES: Readonly<Record<Param['kind'], string>> = {
  bool: 'boolean',
  int: 'integer',
  double: 'number',
  duration: 'duration',
  text: 'string',
  choice: 'word',
  status: '`{ code, message }`',
  textList: 'list of strings',
  textMap: 'map of strings',
  doubleList: 'list of numbers',
  object: 'object',
  objectList: 'list of objects',
  objectMap: 'map of objects',
  other: '',
};

function typeText(param: Param): string {
  if (param.kind === 'choice') return (param.words ?? []).map(code).join(', ');
  const secret = param.isSecret ? ', secret' : '';
  return TYPES[param.kind] + secret + range(param);
}

function range({ kind, min = -Infinity, max = Infinity }: Param): string {
  const show = (value: number): string =>
    kind === 'duration' ? durationText(value) : value.toLocaleString('en');
  const from = Number.isFinite(min) ? `, ≥ ${show(min)}` : '';
  return from + (Number.isFinite(max) ? `, ≤ ${show(max)}` : '');
}

function defaultText({ kind, fallback, isRequired }: Param): string {
  if (isRequired) return '**required**';
  if (kind === 'textList' || kind === 'doubleList' || kind === 'objectList') return code('[]');
  if (kind === 'textMap' || kind === 'objectMap') return code('{}');
  if (kind === 'status') return code(`{ code: ${String(fallback)} }`);
  if (fallback === undefined) return '';
  if (kind === 'duration') return code(durationText(Number(fallback)));
  return fallback === '' ? '' : code(String(fallback));
}

function instances(observation: Observation | null): string {
  const list = observation?.instances ?? [];
  if (list.length === 0) return 'None: an action names its instances.';
  const head = 'An action without `instances` gets, in the example below:';
  return [head, block('yaml', list.map(instanceText).join(''))].join('\n\n');
}

/** An instance as a document would give it, in one line where it fits. */
function instanceText(instance: StandardInstance): string {
  const text = stringify([instance], { lineWidth: 0 });
  if (text.split('\n').length <= INSTANCE_LINES_MAX) return text;
  const { name, template, params = {} } = instance;
  const short = Object.fromEntries(
    Object.entries(params).filter(([, value]) => typeof value !== 'object'),
  );
  const names = Object.entries(params)
    .filter(([, value]) => typeof value === 'object')
    .map(([field, value]) => `    # ${field}: ${Object.keys(value as object).join(', ')}`);
  return `${stringify([{ name, template, params: short }], { lineWidth: 0 })}${wrap(names)}`;
}

const COMMENT_COLUMNS_MAX = 110;

function wrap(lines: readonly string[]): string {
  const wrapped = lines.flatMap((line) => {
    const [first = '', ...words] = line.trim().slice(2).split(' ');
    const parts = words.reduce(
      ([last = '', ...before], word) =>
        last.length + word.length < COMMENT_COLUMNS_MAX
          ? [`${last} ${word}`, ...before]
          : [word, last, ...before],
      [first],
    );
    return parts.reverse().map((part) => `    # ${part}\n`);
  });
  return wrapped.join('');
}

function metrics(
  adapter: string,
  observed: readonly ObservedMetric[],
  reasons: readonly DropReason[],
): string {
  const drops = reasons.length === 0 ? [] : [dropsTable(adapter, reasons)];
  const shown = [...metricLists(observed), ...drops];
  return (
    shown.join('\n\n') ||
    'None in the example below. The runtime counts for it; see `docs/reference/statistics.md`.'
  );
}

/** Metrics with the same labels share one sentence about them. */
function metricLists(observed: readonly ObservedMetric[]): string[] {
  const labelsOf = ({ labels }: ObservedMetric): string => [...labels.keys()].join(', ');
  return [...new Set(observed.map(labelsOf))].flatMap((labels) => {
    const rows = observed
      .filter((metric) => labelsOf(metric) === labels)
      .map(({ name, kind }) => [
        code(name),
        kind === 'histogram' ? 'distribution' : 'counter or gauge',
      ]);
    const sentence = labels === '' ? 'Without labels.' : `Labels: ${labels}.`;
    return [table(['metric', 'kind'], rows), sentence];
  });
}

function dropsTable(adapter: string, reasons: readonly DropReason[]): string {
  const head = `What it drops is counted in ${code(`mixer_dropped_total{adapter="${adapter}"}`)}:`;
  const rows = reasons.map(({ reason, text }) => [code(reason), text]);
  return `${head}\n\n${table(['reason', 'meaning'], rows)}`;
}
