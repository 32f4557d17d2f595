// Which Envoy is used, and where its files lie.

import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { ROOT } from '../build/root.ts';
import { ENVOY_VERSION_PINNED, envoyMinor } from '../render/defaults.ts';
import type { EnvoyFound } from './find.ts';

/** The release to use: the pinned one unless ENVOY_VERSION names another. */
export function envoyVersion(env: NodeJS.ProcessEnv = process.env): string {
  return env['ENVOY_VERSION'] || ENVOY_VERSION_PINNED;
}

/** Where wheels are kept: in a clone beside the sources, as an installed package in the user's cache. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (!ROOT.split(/[\\/]/).includes('node_modules')) return join(ROOT, '.cache', 'envoy');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mixer-in-proxy', 'envoy');
}

/** The container image that is asked for when ENVOY_IMAGE names none. */
export function envoyImage(env: NodeJS.ProcessEnv = process.env): string {
  return env['ENVOY_IMAGE'] || `envoyproxy/envoy:v${envoyVersion(env)}`;
}

/** The minor number of the Envoy that was found: a binary that somebody named is asked. */
export function minorOf(found: EnvoyFound): number {
  const assumed = envoyMinor(envoyVersion()) ?? envoyMinor() ?? 0;
  if (found.from !== 'ENVOY' && found.from !== 'PATH') return assumed;
  const { stdout } = spawnSync(found.path, ['--version'], { encoding: 'utf8' });
  const version = /\/(1\.\d+\.\d+)/.exec(stdout)?.[1];
  return version === undefined ? assumed : (envoyMinor(version) ?? assumed);
}
