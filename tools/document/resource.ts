// Tells resources of Kubernetes (how Mixer's own configuration was written) from a document, so that who brings them is
// told what each becomes rather than that `kind` is an unknown field. It converts nothing.

import { isMap, isScalar, type Document, type Scalar } from 'yaml';
import { adapterNamed, fieldOf } from './fields.ts';
import { insteadOf, listOfKind, successorOfKind } from './mixer-names.ts';
import type { SyntaxProblem } from './syntax.ts';

const DOCUMENT = 'one document of handlers, instances and rules (docs/reference/document.md)';

/** Every such resource of a file, as a problem; none where its first document is none: then it has one too many. */
export function resourceProblems(documents: readonly Document.Parsed[]): SyntaxProblem[] {
  const [first] = documents;
  if (first === undefined || kindKey(first) === null) return [];
  return documents.flatMap((document) => {
    const key = kindKey(document);
    return key === null ? [] : [problemAt(key, document)];
  });
}

/** The key `kind`, which documents do not have. */
function kindKey(document: Document.Parsed): Scalar.Parsed | null {
  const contents = document.contents;
  if (!isMap(contents) || !contents.has('apiVersion')) return null;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === 'kind');
  return pair !== undefined && isScalar(pair.key) ? pair.key : null;
}

function problemAt(key: Scalar.Parsed, document: Document.Parsed): SyntaxProblem {
  const kind = textAt(document, 'kind');
  const [start, end] = key.range;
  const what = kind === '' ? '' : ` (${kind})`;
  const expected = becomes(kind, document);
  return { start, end, message: `this is a Kubernetes resource${what}`, expected };
}

/** What the resource is in a document. */
function becomes(kind: string, document: Document.Parsed): string {
  const name = textAt(document, 'metadata', 'name') || 'NAME';
  switch (listOfKind(kind)) {
    case 'handlers': {
      const adapter = kind === 'handler' ? specTextAt(document, 'adapter') : kind;
      const entry = `handlers: [ { name: ${name}, adapter: ${adapterNamed(adapter)}, params: … } ]`;
      return insteadOf('E0404', adapter) ?? inDocument(entry, kind === 'handler');
    }
    case 'instances': {
      const template = kind === 'instance' ? specTextAt(document, 'template') : kind;
      const entry = `instances: [ { name: ${name}, template: ${template}, params: … } ]`;
      return insteadOf('E0405', template) ?? inDocument(entry, kind === 'instance');
    }
    case 'rules':
      return `\`rules: [ { name: ${name}, … } ]\` in ${DOCUMENT}, with the fields of \`spec\``;
    default:
      return successorOfKind(kind) ?? DOCUMENT;
  }
}

function inDocument(entry: string, hasParams: boolean): string {
  const params = `\`params\` as in \`${hasParams ? 'spec.params' : 'spec'}\``;
  return `\`${entry}\` in ${DOCUMENT}, with ${params}`;
}

/** The text of a field of `spec`, however its name is spelled; '' where there is none. */
function specTextAt(document: Document.Parsed, name: string): string {
  const value = fieldOf(fieldOf(document.toJS(), 'spec'), name);
  return typeof value === 'string' ? value : '';
}

/** The text at a path; '' where there is none. */
function textAt(document: Document.Parsed, ...path: string[]): string {
  const value: unknown = document.getIn(path);
  return typeof value === 'string' ? value : '';
}
