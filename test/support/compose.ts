// Runs `docker compose`, or `docker-compose` where only that is installed. (testcontainers 11 knows only the first.)

import { execFileSync, spawnSync } from 'node:child_process';

/** Runs compose with more environment; throws with its output when it fails. */
export function compose(environment: Readonly<Record<string, string>>, ...args: string[]): string {
  const isPlugin = spawnSync('docker', ['compose', 'version']).status === 0;
  const [command, first] = isPlugin ? ['docker', ['compose']] : ['docker-compose', []];
  return execFileSync(command, [...first, ...args], {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
