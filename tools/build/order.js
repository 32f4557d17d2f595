// The order of a release module's functions: what requests run stands first, side by side. Envoy compiles a module whole
// and in this order when it loads it, to machine code several times its size; what one request runs would lie scattered
// over it, and each further page costs the processor a search (docs/decisions/0016-order.md). Which functions these
// are is measured by `npm run order`, which writes order.txt; a name that a module does not have is passed over.
// @ts-check

import { readFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';

/** Full names, what most requests run first. */
const ORDER = readFileSync(new URL('order.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

/** More calls than any function has in the source: the optimizer orders functions by how many calls name them. */
const CALLS_MIN = 2000;
/** No name of the source has these characters. */
const CALLER = '~order';

/** Names the functions of the order so often that they come first, until `forgetNames`. */
export function nameOften(/** @type {import('assemblyscript').Module} */ compiled) {
  const module = binaryen.wrapModule(compiled.ref);
  const facts = new Map(functionsOf(module).map((each) => [each.name, each]));
  const first = ORDER.flatMap((name) => facts.get(name) ?? []);
  // One expression stands for all calls of a function: they are counted and dropped, never changed.
  const calls = first.map((callee, at) => {
    const call = callOf(module, callee);
    return module.block(null, new Array(CALLS_MIN + first.length - at).fill(call));
  });
  module.addFunction(CALLER, binaryen.none, binaryen.none, [], module.block(null, calls));
}

/** Takes those names away as soon as the functions stand in order: every pass would walk all of them. */
export function forgetNames(/** @type {import('assemblyscript').Module} */ compiled) {
  binaryen.wrapModule(compiled.ref).removeFunction(CALLER);
}

/** @typedef {{ name: string, params: number, results: number }} FunctionFacts */

/** @param {binaryen.Module} module @returns {FunctionFacts[]} */
function functionsOf(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
}

/** A call with zeros, its result dropped. @param {binaryen.Module} module @param {FunctionFacts} callee */
function callOf(module, { name, params, results }) {
  const zeros = binaryen.expandType(params).map((type) => zeroOf(module, type));
  const call = module.call(name, zeros, results);
  return results === binaryen.none ? call : module.drop(call);
}

/** @param {binaryen.Module} module @param {number} type */
function zeroOf(module, type) {
  if (type === binaryen.i64) return module.i64.const(0n);
  if (type === binaryen.f64) return module.f64.const(0);
  return type === binaryen.f32 ? module.f32.const(0) : module.i32.const(0);
}
