// The host that a case runs on: a filter with the case's document, allowed what `mixer render` would allow it.

import { Host } from '../host/host.ts';
import { capabilities } from '../render/capabilities.ts';
import { FILTER_NAME } from '../render/filter.ts';
import { rootIdOf } from '../render/root-id.ts';
import { describeDocument, type Description } from '../render/describe.ts';
import { kindOf, type LoadedCase } from './read.ts';

/** What the filter says of documents, by document and environment: many cases have the same. */
export type Described = Map<string, Promise<Description>>;

/** A host for the document of a case, not started, with what `mixer render` would allow it. */
export async function loadHost(
  each: LoadedCase,
  wasm: string,
  described: Described = new Map(),
): Promise<Host> {
  const { features, isAccepted } = await describeOnce(each, wasm, described);
  return Host.load({
    wasm,
    configuration: each.documentJson,
    pluginName: FILTER_NAME,
    rootId: rootIdOf(FILTER_NAME, each.documentJson),
    vmId: 'mixer',
    failurePolicy: 'FAIL_RELOAD',
    workers: each.workers ?? 1,
    environment: { ...each.environment },
    node: { id: 'mixer', cluster: 'mixer', metadata: { ...each.nodeMetadata } },
    ...(isAccepted ? { allowedCapabilities: capabilities(features, kindOf(each)) } : {}),
  });
}

function describeOnce(
  { documentJson, environment = {} }: LoadedCase,
  wasm: string,
  described: Described,
): Promise<Description> {
  const key = JSON.stringify([documentJson, environment]);
  const known = described.get(key) ?? describeDocument(documentJson, wasm, environment);
  described.set(key, known);
  return known;
}
