// What the filter itself says about a document: its own parser runs in the emulator
// (tools/host/describe.ts). Nothing here knows what a document may hold.

import { readFileSync } from 'node:fs';

import type { Described } from './types.ts';

/** Where the filter found something: a JSON pointer, the key instead of the value, bytes inside a decoded string. */
export interface DiagnosticPlace {
  readonly pointer: string;
  readonly key: boolean;
  /** Bytes in the decoded string; -1 for the whole value. */
  readonly offset: number;
  readonly size: number;
  /** Position in the JSON text, where the filter read text. */
  readonly line?: number;
  readonly column?: number;
}

/** One thing the filter found, as it reports it. */
export interface Diagnostic extends DiagnosticPlace {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** The rule, handler or instance, such as `rule api-policy`; or "". */
  readonly owner: string;
  readonly message: string;
  readonly expected: string;
  readonly suggestion: string;
  readonly related?: DiagnosticPlace;
}

export interface Description extends Described {
  readonly diagnostics: readonly Diagnostic[];
  /** How many of what the document has, for the one line about a good document. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Asks the filter at `wasm` about a document's JSON text. */
export async function describeDocument(json: string, wasm: string): Promise<Description> {
  const path = '../host/describe.ts';
  const { describe } = (await import(path)) as {
    describe: (wasm: Uint8Array, json: string) => Promise<Description>;
  };
  return describe(readFileSync(wasm), json);
}

/** Whether the filter would refuse the document. */
export function isRefused(description: Description): boolean {
  return description.diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
