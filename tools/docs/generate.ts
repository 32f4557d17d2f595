// All generated files as texts: the reference, the schema, the SDK's page, the generated part of each adapter's README.
// Writes nothing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { adapterReference } from './pages/adapter.ts';
import { attributesPage } from './pages/attributes.ts';
import { cliPage } from './pages/cli.ts';
import { diagnosticsPage } from './pages/diagnostics.ts';
import { documentPage } from './pages/document.ts';
import { celPage } from './pages/cel.ts';
import { functionsPage } from './pages/functions.ts';
import { indexPage } from './pages/index.ts';
import { instructionsPage, limitsPage, statisticsPage } from './pages/numbers.ts';
import { sdkPage } from './pages/sdk.ts';
import { templatesPage } from './pages/templates.ts';
import { markedText } from './readme.ts';
import { documentSchema } from './schema/schema.ts';
import { readAdapters, type AdapterEntry } from './tables/adapters.ts';
import { documentObjects } from './tables/document.ts';
import { dropReasons } from './tables/drops.ts';
import { readExamples } from './tables/examples.ts';
import { observe, readmeExamples } from './tables/observed.ts';
import { SharedTables } from './tables/rows.ts';
import { sdkModules } from './tables/sdk.ts';

/** A file as it shall be. */
export interface Output {
  /** From the project's top folder. */
  readonly path: string;
  readonly text: string;
}

export interface Sources {
  /** Where assembly/ and tools/docs/prose are. */
  readonly root: string;
  /** A filter with the adapters. */
  readonly wasm: string;
  readonly program: Command;
}

const REFERENCE = 'docs/reference';

/** Everything that the project generates for itself. */
export async function generate(sources: Sources): Promise<Output[]> {
  const adapters = readAdapters(sources.root);
  const readmes = await adapterReadmes(adapters, join(sources.root, 'adapters'), sources.wasm);
  return [
    ...referencePages(sources, adapters),
    { path: `${REFERENCE}/mixer.schema.json`, text: schemaText(sources.root, adapters) },
    { path: 'docs/sdk.md', text: sdkPage(sdkModules(sources.root), prose(sources.root, 'sdk')) },
    ...readmes.map(({ path, text }) => ({ path: `adapters/${path}`, text })),
  ];
}

/** The schema for a filter with these adapters. */
export function schemaText(root: string, adapters: readonly AdapterEntry[]): string {
  return `${JSON.stringify(documentSchema(new SharedTables(root), adapters), null, 2)}\n`;
}

/** The README of each adapter below a folder, with its generated part. */
export async function adapterReadmes(
  adapters: readonly AdapterEntry[],
  folder: string,
  wasm: string,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const adapter of adapters) {
    const own = join(folder, adapter.name);
    const file = join(own, 'README.md');
    if (!existsSync(file)) continue;
    const [example] = readmeExamples(own, adapter.name);
    const observation = example === undefined ? null : await observe(adapter.name, example, wasm);
    const text = adapterReference(adapter, observation, dropReasons(own));
    outputs.push({
      path: `${adapter.name}/README.md`,
      text: markedText(readFileSync(file, 'utf8'), text),
    });
  }
  return outputs;
}

function referencePages({ root, program }: Sources, adapters: readonly AdapterEntry[]): Output[] {
  const tables = new SharedTables(root);
  const objects = documentObjects(tables);
  const examples = readExamples(join(root, 'tools/docs/prose/diagnostic-examples.yaml'));
  const pages: Readonly<Record<string, string>> = {
    attributes: attributesPage(tables.attributes(), prose(root, 'attributes')),
    cel: celPage(tables.celFunctions(), prose(root, 'cel')),
    cli: cliPage(program),
    diagnostics: diagnosticsPage(tables.diagnostics(), examples),
    document: documentPage(objects, prose(root, 'document')),
    expressions: functionsPage(tables.functions(), prose(root, 'functions')),
    instructions: instructionsPage(tables.instructions()),
    limits: limitsPage(tables.limits()),
    statistics: statisticsPage(tables.statistics(), prose(root, 'statistics')),
    templates: templatesPage(tables.templates(), objects, adapters),
  };
  return [
    { path: `${REFERENCE}/README.md`, text: indexPage(pages, adapters) },
    ...Object.entries(pages).map(([name, text]) => ({ path: `${REFERENCE}/${name}.md`, text })),
  ];
}

function prose(root: string, name: string): string {
  return readFileSync(join(root, 'tools/docs/prose', `${name}.md`), 'utf8').trim();
}
