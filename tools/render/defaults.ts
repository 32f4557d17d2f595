// Values that stand in for what nobody said, one place for the command line, the tests and the
// compose file.

import { isAbsolute, join, resolve } from 'node:path';

import { ROOT } from '../build/root.ts';

/** The release of Envoy that this project is tested with; envoy/requirements.txt pins its wheel. */
export const ENVOY_VERSION_PINNED = '1.40.0';

/** The filter with all adapters, as `npm run build` leaves it. */
export const WASM_PATH = join(ROOT, 'dist', 'mixer.wasm');

export const LISTENER_PORT = 10_000;
export const ADMIN_PORT = 9_901;
export const UPSTREAM = '127.0.0.1:8080';

/** The minor number of Envoy 1.x: 40 of `1.40`, `1.40.0` or `v1.40`; null for anything else. */
export function envoyMinor(version: string = ENVOY_VERSION_PINNED): number | null {
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?$/.exec(version);
  return match === null ? null : Number(match[1]);
}

/** Envoy wants absolute paths: it resolves others against a folder that nobody expects. */
export function absolute(path: string): string {
  return isAbsolute(path) ? path : resolve(path);
}
