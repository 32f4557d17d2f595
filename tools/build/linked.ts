// What the adapters of a module can do, read from their sources, as constants for the compiler
// (assembly/template/linked.ts): a module without a backend needs no callouts, one without quotas charges none. In
// doubt everything is linked.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TEMPLATE_NAMES, TEMPLATE_VARIETIES } from '../../assembly/shared/templates.ts';
import type { AdapterSource } from './find-adapters.ts';

const NAMED_TEMPLATES = 2 ** TEMPLATE_NAMES.length - 1;
/** With those that adapters bring themselves, which have no name here. */
const ALL_TEMPLATES = 2 ** TEMPLATE_VARIETIES.length - 1;
const OWN_TEMPLATES = ALL_TEMPLATES - NAMED_TEMPLATES;
const SERVES = /^ {2}get serves\(\)[^{]*\{([\s\S]*?)^ {2}\}/m;
const TEMPLATE = /\bTemplate\.(\w+)/g;
const OWN_TEMPLATE = /\bOwnTemplate\b/;
const BACKEND = /\bProtocol\b|\bisRemote\b/;

/** Options of the compiler; none where the adapters could do everything. */
export function linkedFlags(root: string, adapters: readonly AdapterSource[]): string[] {
  const sources = adapters.map(({ module }) => readSources(join(root, dirname(module))));
  const templates = sources.reduce(
    (bits, { adapter, all }) =>
      bits | servedBy(adapter) | (OWN_TEMPLATE.test(all) ? OWN_TEMPLATES : 0),
    0,
  );
  const hasBackends = sources.some(({ all }) => BACKEND.test(all));
  const isAll = (templates & NAMED_TEMPLATES) === NAMED_TEMPLATES && hasBackends;
  if (adapters.length === 0 || isAll) return [];
  return [
    ...['--use', `MIXER_TEMPLATES=${templates}`],
    ...['--use', `MIXER_BACKENDS=${hasBackends ? 1 : 0}`],
  ];
}

interface Sources {
  /** The file adapter.ts. */
  readonly adapter: string;
  /** All files of the adapter's folder. */
  readonly all: string;
}

function readSources(folder: string): Sources {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  return { adapter: texts[files.indexOf('adapter.ts')] ?? '', all: texts.join('\n') };
}

/** The templates that an adapter takes by its adapter.ts, as bits; all where that cannot be told. */
export function servedBy(source: string): number {
  const body = SERVES.exec(source)?.[1] ?? '';
  const bits = [...body.matchAll(TEMPLATE)].map(([, name]) =>
    TEMPLATE_NAMES.indexOf(name?.toLowerCase() ?? ''),
  );
  if (bits.length === 0 || bits.includes(-1)) return ALL_TEMPLATES;
  return bits.reduce((sum, bit) => sum | (1 << bit), 0);
}
