// What the filter itself says about a document: its own parser runs in the emulator
// (tools/host/describe.ts). Nothing here knows what a document may hold.

import { describe, type Diagnostic as HostDiagnostic } from '../host/describe.ts';
import { jwksCluster } from './jwt-authn.ts';
import type { Described, JwtProvider } from './types.ts';

/** Where the filter found something: a JSON pointer, key or value, bytes inside a decoded string. */
export interface DiagnosticPlace {
  readonly pointer: string;
  /** The key instead of the value. */
  readonly key: boolean;
  /** Bytes in the decoded string; -1 for the whole value. */
  readonly offset: number;
  readonly size: number;
  /** Position in the JSON text, where the filter knows it. */
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
  readonly isAccepted: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** JSON pointers of values that nobody may see. */
  readonly secrets: readonly string[];
  /** Names of the rules, in order. */
  readonly rules: readonly string[];
}

/**
 * Asks the filter at `wasm` about a document's JSON text. `environment` is where `${env:NAME}` comes from; left out,
 * this process's own.
 */
export async function describeDocument(
  json: string,
  wasm: string,
  environment: Readonly<Record<string, string>> = ownEnvironment(),
): Promise<Description> {
  const {
    accepted,
    diagnostics,
    secrets,
    features,
    environment: named,
    labels,
    rules,
    readsDirectAddress,
    clusters,
    handlers,
  } = await describe(wasm, json, { pluginName: 'mixer', environment: { ...environment } });
  const jwtProviders = handlers.flatMap(({ name, needs }) => jwtProvider(name, needs));
  return {
    isAccepted: accepted,
    diagnostics: diagnostics.map(withRelated),
    secrets,
    features,
    environment: named,
    labels,
    rules,
    readsDirectAddress,
    clusters: [...clusters, ...jwtProviders.flatMap((each) => jwksCluster(each) ?? [])],
    jwtProviders,
  };
}

/** The adapter's own words: `{"jwt": …}`; none for a handler that needs nothing. */
function jwtProvider(name: string, needs: unknown): JwtProvider[] {
  if (typeof needs !== 'object' || needs === null || !('jwt' in needs)) return [];
  return [{ ...(needs.jwt as Omit<JwtProvider, 'name'>), name }];
}

/** The variables of this process. */
export function ownEnvironment(): Record<string, string> {
  const pairs = Object.entries(process.env);
  return Object.fromEntries(
    pairs.filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** The related place as a place, whether it came as one or as its pointer. */
function withRelated(diagnostic: HostDiagnostic): Diagnostic {
  const { related, ...rest } = diagnostic as Omit<HostDiagnostic, 'related'> & {
    readonly related?: string | DiagnosticPlace;
  };
  if (related === undefined || related === '') return rest;
  if (typeof related !== 'string') return { ...rest, related };
  return { ...rest, related: { pointer: related, key: false, offset: -1, size: 0 } };
}
