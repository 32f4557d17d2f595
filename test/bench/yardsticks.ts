// The hand-written filters of fixtures/, which the product is compared with.

import { compileBare } from '../support/bare-module.ts';

const FOLDER = 'test/bench/fixtures';

/** The module of one hand-written filter. */
export function compileYardstick(name: 'w1' | 'empty'): Promise<string> {
  return compileBare(`${FOLDER}/${name}.ts`, `build/bench/${name}.wasm`);
}
