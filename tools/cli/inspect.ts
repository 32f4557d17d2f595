// Reads a document and asks the filter about it: the step that check, render and run have in
// common.

import { builtModule, findWorkspace } from '../build/workspace.ts';
import { DocumentFile } from '../document/document.ts';
import { DescribeFailed } from '../host/described-fields.ts';
import { absolute, WASM_PATH } from '../render/defaults.ts';
import { describeDocument, type Description } from '../render/describe.ts';
import {
  placeDiagnostics,
  showDiagnostic,
  syntaxDiagnostics,
  type PlacedDiagnostic,
} from './diagnostics.ts';
import { FilesWrong } from './errors.ts';
import { moduleFile } from './module-file.ts';
import { stderrColors, type Colors } from './output.ts';
import { withPlaces } from './symbolize/case-places.ts';

export interface Inspection {
  readonly file: DocumentFile;
  /** Null where the text is no document at all. */
  readonly description: Description | null;
  readonly isRefused: boolean;
  readonly diagnostics: readonly PlacedDiagnostic[];
  /** All diagnostics as text for people. */
  text(colors: Colors): string;
}

/**
 * The filter to use: the given one; in an author's project the one that it has built; else the package's. Throws where
 * there is none.
 */
export function filterPath(given?: string): string {
  const advice =
    given === undefined
      ? 'build it with `npm run build` or `mixer build`, or name another with --wasm'
      : 'expected the path of a built filter';
  const path = absolute(given ?? builtModule(findWorkspace()) ?? WASM_PATH);
  return moduleFile(path, 'filter', advice);
}

/** Everything that is known about a file, right or wrong. */
export async function inspect(path: string, wasm: string): Promise<Inspection> {
  const file = DocumentFile.read(path);
  if (file.problems.length > 0) {
    const found = syntaxDiagnostics(file);
    return {
      file,
      description: null,
      isRefused: true,
      diagnostics: found.map((each) => each.diagnostic),
      text: (colors) => found.map((each) => showDiagnostic(file, each, colors)).join(''),
    };
  }
  const description = await describeDocument(file.json, wasm).catch((error: unknown) => {
    throw brokenModule(error, wasm);
  });
  const found = placeDiagnostics(file, description.diagnostics, description.secrets);
  return {
    file,
    description,
    isRefused: !description.isAccepted,
    diagnostics: found.map((each) => each.diagnostic),
    text: (colors) => found.map((each) => showDiagnostic(file, each, colors)).join(''),
  };
}

/** A module that somebody else has built and that breaks is their file; ours would be a mistake of ours. */
function brokenModule(error: unknown, wasm: string): unknown {
  if (!(error instanceof DescribeFailed) || wasm === WASM_PATH) return error;
  return new FilesWrong(withPlaces(`${wasm}: ${error.message}`, wasm));
}

/** A good document; a wrong one throws FilesWrong. Errors and warnings are shown on stderr. */
export async function acceptedDocument(
  path: string,
  wasm: string,
): Promise<Inspection & { readonly description: Description }> {
  const inspection = await inspect(path, wasm);
  process.stderr.write(inspection.text(stderrColors()));
  if (inspection.isRefused || inspection.description === null) throw new FilesWrong('');
  return { ...inspection, description: inspection.description };
}
