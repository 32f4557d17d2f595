// Parsers of option values that several commands take. A wrong value is a usage error that says
// what was expected.

import { InvalidArgumentError } from 'commander';

import { envoyMinor } from '../render/defaults.ts';
import type { Endpoint } from '../render/types.ts';

/** The minor numbers of the releases that `npm run test:matrix` runs the tests on. */
const ENVOY_MINOR_MIN = 36;
const ENVOY_MINOR_MAX = envoyMinor() ?? ENVOY_MINOR_MIN;
/** The same for people. */
export const ENVOY_RELEASES = `1.${ENVOY_MINOR_MIN} to 1.${ENVOY_MINOR_MAX}`;
const PORT_MAX = 65_535;

/** A parser of decimal integers in a range. */
export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,6}$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a number from ${min} to ${max}.`);
  };
}

/** A port; 0 lets the system choose. */
export const port = integer(0, PORT_MAX);

/** How many proxies of one's own stand in front. */
export const hops = integer(0, 100);

/** `1.40` or `1.40.0` as the minor number. */
export function envoyVersion(text: string): number {
  const minor = envoyMinor(text);
  if (minor !== null && minor >= ENVOY_MINOR_MIN) return minor;
  throw new InvalidArgumentError(`Expected a release from 1.${ENVOY_MINOR_MIN} on, such as 1.40.`);
}

/** What to say of a release that the project's tests do not run on; empty for the others. */
export function strangeRelease(minor: number): string {
  if (minor >= ENVOY_MINOR_MIN && minor <= ENVOY_MINOR_MAX) return '';
  const like = minor > ENVOY_MINOR_MAX ? ENVOY_MINOR_MAX : ENVOY_MINOR_MIN;
  return (
    `Envoy 1.${minor} is not one of the releases that were tested, ${ENVOY_RELEASES}: ` +
    `its configuration is written as for 1.${like}`
  );
}

/** `HOST:PORT`, with or without `http://`. */
export function endpoint(text: string): Endpoint {
  const match = /^(?:http:\/\/)?(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})\/?$/.exec(
    text,
  );
  const number = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host !== undefined && number > 0 && number <= PORT_MAX) return { host, port: number };
  throw new InvalidArgumentError(
    'Expected HOST:PORT, such as 127.0.0.1:8080 or app.default.svc:80.',
  );
}
