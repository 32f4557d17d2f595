// The Envoy that this project is tested with, and where its files lie. One place, so that a new
// Envoy is one change here and one in envoy/requirements.txt.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The release whose wheel envoy/requirements.txt pins by hash. */
export const ENVOY_VERSION_PINNED = '1.40.0';

/** The folder of this package. */
export const PACKAGE_ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** The release to use: the pinned one unless ENVOY_VERSION names another. */
export function envoyVersion(env: NodeJS.ProcessEnv = process.env): string {
  return env['ENVOY_VERSION'] || ENVOY_VERSION_PINNED;
}

/** Where wheels are kept: in a clone beside the sources, as an installed package in the user's cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (!PACKAGE_ROOT.split(/[\\/]/).includes('node_modules'))
    return join(PACKAGE_ROOT, '.cache', 'envoy');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mixer-in-proxy', 'envoy');
}

/** The container image that is asked for when ENVOY_IMAGE names none. */
export function envoyImage(env: NodeJS.ProcessEnv = process.env): string {
  return env['ENVOY_IMAGE'] || `envoyproxy/envoy:v${envoyVersion(env)}`;
}
