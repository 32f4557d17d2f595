// Every case that Envoy can take, on the Envoy of this machine.

import { EnvoyCases } from '../../tools/cases/envoy.ts';
import { findEnvoy } from '../../tools/envoy/find.ts';
import { testCases, WASM } from './all.ts';

const found = findEnvoy();
testCases('envoy', () => new EnvoyCases('envoy', found, WASM), 3);
