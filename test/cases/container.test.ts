// Every case that Envoy can take, on an Envoy in a container. Without an engine nothing runs, and the output says so.

import { it } from 'node:test';
import { EnvoyCases } from '../../tools/cases/envoy.ts';
import { MissingEnvironment } from '../../tools/envoy/errors.ts';
import { findEnvoy, type EnvoyFound } from '../../tools/envoy/find.ts';
import { testCases, WASM } from './all.ts';

const found = containerOrReason();
if (typeof found === 'string')
  it('runs every case on an Envoy in a container', { skip: `SKIPPED: ${found}` }, () => undefined);
else testCases('container', () => new EnvoyCases('container', found, WASM), 2);

function containerOrReason(): EnvoyFound | string {
  try {
    return findEnvoy({ container: true });
  } catch (error) {
    if (error instanceof MissingEnvironment) return error.message;
    throw error;
  }
}
