// Tells a resource of Kubernetes (how Mixer's own configuration was written) from a document, so that who brings one is
// told what to do with it rather than that `kind` is an unknown field. It reads nothing else of it.

import { isMap, isScalar, type Document } from 'yaml';
import type { SyntaxProblem } from './syntax.ts';

const KIND = 'kind';

/** What is wrong when the first document of a file is such a resource, or null: documents have no `kind`. */
export function resourceProblem(document: Document.Parsed | undefined): SyntaxProblem | null {
  const contents = document?.contents;
  if (!isMap(contents) || !contents.has('apiVersion')) return null;
  const pair = contents.items.find(({ key }) => isScalar(key) && key.value === KIND);
  if (pair === undefined || !isScalar(pair.key)) return null;
  const kind: unknown = document?.get(KIND);
  const what = typeof kind === 'string' ? ` (${kind})` : '';
  const [start, end] = pair.key.range;
  return {
    start,
    end,
    message: `this is a Kubernetes resource${what}`,
    expected:
      'one document of handlers, instances and rules (docs/reference/document.md): what `spec` says, named by `name`',
  };
}
