// Every case on the emulator.

import { Emulator } from '../../tools/cases/emulator.ts';
import { testCases, WASM } from './all.ts';

testCases('emulator', () => new Emulator(WASM), 1);
