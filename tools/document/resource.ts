// Tells resources of Kubernetes (how Mixer's own configuration was written) from a document, so that who brings them is
// told what each becomes rather than that `kind` is an unknown field. It converts nothing.

import { isMap, isScalar, isSeq, type Document, type Scalar, type YAMLMap } from 'yaml';
import { adapterNamed, fieldOf } from './fields.ts';
import { BESIDE, insteadOf, isAdapterHere, listOfKind, successorOfKind } from './mixer-names.ts';
import type { SyntaxProblem } from './syntax.ts';

const DOCUMENT = 'one document of handlers, instances and rules (docs/reference/document.md)';

/** A resource with its key `kind`, which documents do not have. */
interface Resource {
  readonly map: YAMLMap.Parsed;
  readonly key: Scalar.Parsed;
}

/** Every such resource of a file, as a problem; none where its first document is none: then it has one too many. */
export function resourceProblems(documents: readonly Document.Parsed[]): SyntaxProblem[] {
  const [first] = documents;
  if (first === undefined || resourceOf(first.contents) === null) return [];
  return documents.flatMap((document) => resourcesIn(document.contents)).map(problemOf);
}

/** The resources in a document: itself, or the items of a list as `kubectl get -o yaml` prints it. */
function resourcesIn(contents: unknown): Resource[] {
  const found = resourceOf(contents);
  if (found === null) return [];
  const items: unknown = found.map.get('items');
  const isList = textAt(found.map, 'kind').endsWith('List') && isSeq(items);
  return isList ? items.items.flatMap(resourcesIn) : [found];
}

function resourceOf(contents: unknown): Resource | null {
  if (!isMap(contents) || !contents.has('apiVersion')) return null;
  const map = contents as YAMLMap.Parsed;
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === 'kind');
  return pair !== undefined && isScalar(pair.key) ? { map, key: pair.key } : null;
}

function problemOf({ map, key }: Resource): SyntaxProblem {
  const kind = textAt(map, 'kind');
  const [start, end] = key.range;
  const what = kind === '' ? '' : ` (${kind})`;
  const expected = becomes(kind, map);
  return { start, end, message: `this is a Kubernetes resource${what}`, expected };
}

/** What the resource is in a document. */
function becomes(kind: string, map: YAMLMap.Parsed): string {
  const name = textAt(map, 'metadata', 'name') || 'NAME';
  switch (listOfKind(kind)) {
    case 'handlers': {
      const adapter = kind === 'handler' ? specTextAt(map, 'adapter') : kind;
      return insteadOf('E0404', adapter) ?? handlerEntry(name, adapter, kind === 'handler');
    }
    case 'instances': {
      const template = kind === 'instance' ? specTextAt(map, 'template') : kind;
      const entry = `instances: [ { name: ${name}, template: ${template}, params: … } ]`;
      return insteadOf('E0405', template) ?? inDocument(entry, kind === 'instance');
    }
    case 'rules':
      return `\`rules: [ { name: ${name}, … } ]\` in ${DOCUMENT}, with the fields of \`spec\``;
    default:
      return successorOfKind(kind) ?? DOCUMENT;
  }
}

function handlerEntry(name: string, adapter: string, hasParams: boolean): string {
  if (isAdapterHere(adapter))
    return inDocument(
      `handlers: [ { name: ${name}, adapter: ${adapterNamed(adapter)}, params: … } ]`,
      hasParams,
    );
  const entry = `handlers: [ { name: ${name}, adapter: bypass, connection: … } ]`;
  return `\`${entry}\` in ${DOCUMENT}: ${BESIDE}`;
}

function inDocument(entry: string, hasParams: boolean): string {
  const params = `\`params\` as in \`${hasParams ? 'spec.params' : 'spec'}\``;
  return `\`${entry}\` in ${DOCUMENT}, with ${params}`;
}

/** The text of a field of `spec`, however its name is spelled; '' where there is none. */
function specTextAt(map: YAMLMap.Parsed, name: string): string {
  const value = fieldOf(fieldOf(map.toJSON(), 'spec'), name);
  return typeof value === 'string' ? value : '';
}

/** The text at a path; '' where there is none. */
function textAt(map: YAMLMap.Parsed, ...path: string[]): string {
  const value: unknown = map.getIn(path);
  return typeof value === 'string' ? value : '';
}
