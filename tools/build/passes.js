// Which of Binaryen's passes make a release module, in which order. The compiler's own sequence for -O3 runs the
// optimizer over the functions again after each of its ten steps between functions; here each room of passes is walked
// once, for the same bytes in less time (docs/decisions/0015-passes.md). Debug builds and the text that the hot-path
// check reads keep the compiler's sequence.
// @ts-check

import { Module, TypeRef } from 'assemblyscript';
import binaryen from 'assemblyscript/binaryen';
import { forgetNames, nameOften } from './order.js';

/** The level from which this sequence takes the place of the compiler's: that of the target `release`. */
const OPTIMIZE_LEVEL_MIN = 3;
/** Binaryen's level of everything, as the compiler asks for at -O3. */
const OPTIMIZE_LEVEL = 4;

/** A function of at most this weight is inlined wherever it is called. */
const ALWAYS_INLINE_MAX_SIZE = 6;
/** One that is called from one place only is inlined there up to this weight: V8 needs memory for the largest function. */
const ONE_CALLER_INLINE_MAX_SIZE = 220;
/** So many leading conditions of a function may be inlined without the rest of it. */
const PARTIAL_INLINING_IFS_MAX = 4;

/** Within a function: branches and blocks without names or use. */
const BRANCHES = ['remove-unused-brs', 'remove-unused-names', 'merge-blocks'];

/** Between functions: what is never reached, what is always the same. */
const LINK = [
  'duplicate-function-elimination',
  'remove-unused-module-elements',
  'once-reduction',
  'inlining',
  'simplify-globals',
  'generate-global-effects',
];

/** Within functions: what inlined bodies know of their arguments. */
const PROPAGATE = [
  ...['rse', 'vacuum', 'code-folding', 'ssa-nomerge', 'local-cse'],
  ...BRANCHES,
  ...['precompute-propagate', 'dae'],
];

/** Within functions: instructions and locals. */
const REDUCE = [
  ...['optimize-instructions', 'avoid-reinterprets', 'dce'],
  ...BRANCHES,
  ...['inlining', 'precompute-propagate', 'simplify-globals', 'pick-load-signs'],
  ...['simplify-locals-notee-nostructure', 'vacuum', 'local-cse', 'coalesce-locals'],
  ...[
    'simplify-locals',
    'coalesce-locals',
    'reorder-locals',
    'rse',
    'vacuum',
    'merge-locals',
    'vacuum',
  ],
  ...BRANCHES,
  'optimize-instructions',
];

/** Between functions once more, now that they are small. */
const RELINK = [
  ...['dae-optimizing', 'inlining', 'optimize-added-constants-propagate'],
  ...['duplicate-import-elimination', 'precompute-propagate', 'simplify-globals-optimizing'],
  ...['directize', 'dae-optimizing', 'inlining-optimizing'],
];

/** Within functions, for the last time. */
const FINISH = [
  ...['code-folding', 'ssa-nomerge', 'rse', 'code-pushing', 'precompute-propagate', 'local-cse'],
  ...['merge-locals', 'coalesce-locals', 'simplify-locals', 'vacuum', 'rse', 'vacuum'],
  ...['ssa-nomerge', 'simplify-locals', 'coalesce-locals', 'optimize-instructions'],
  ...BRANCHES,
  ...[
    'vacuum',
    'simplify-globals-optimizing',
    'remove-unused-brs',
    'optimize-instructions',
    'vacuum',
    'const-hoisting',
    'coalesce-locals',
    'reorder-locals',
    'vacuum',
  ],
];

/** The order of what is left. */
const REORDER = ['reorder-globals', 'reorder-functions'];

/** What nobody needs any more. */
const CLEAN = [
  ...['duplicate-function-elimination', 'memory-packing'],
  ...['remove-unused-module-elements', 'discard-global-effects'],
];

const OPTIMIZE = [...LINK, ...PROPAGATE, ...REDUCE, ...RELINK, ...FINISH];

/**
 * What is wanted of later compilations. `keepsOrder`: functions keep the optimizer's order, those that most code calls
 * first. `keepText` gets the module as text, as the compiler made it: inlining has hidden no call yet. `isTextOnly`:
 * the module itself is not wanted, and so not optimized.
 * @typedef {{ keepsOrder: boolean, keepText: ((text: string) => void) | null, isTextOnly: boolean }} Wanted
 */

/** @type {Wanted} */
let wanted = { keepsOrder: false, keepText: null, isTextOnly: false };

export function setWanted(/** @type {Wanted} */ next) {
  wanted = next;
}

/** Makes every later compilation of this process with -O3 run the sequence of this file. */
export function useReleasePasses() {
  forgetSigns();
  const compilers = Module.prototype.optimize;
  Module.prototype.optimize = function (
    /** @type {number} */ level,
    /** @type {number} */ shrinkLevel,
    debugInfo = false,
    zeroFilledMemory = false,
  ) {
    if (level < OPTIMIZE_LEVEL_MIN)
      return compilers.call(this, level, shrinkLevel, debugInfo, zeroFilledMemory);
    const { keepsOrder, keepText, isTextOnly } = wanted;
    keepText?.(textOf(this));
    if (isTextOnly) return;
    this.clearPassArguments();
    this.setOptimizeLevel(OPTIMIZE_LEVEL);
    this.setShrinkLevel(shrinkLevel);
    this.setDebugInfo(debugInfo);
    this.setZeroFilledMemory(zeroFilledMemory);
    this.setFastMath(true);
    this.setGenerateStackIR(true);
    this.setOptimizeStackIR(true);
    this.setAlwaysInlineMaxSize(ALWAYS_INLINE_MAX_SIZE);
    this.setOneCallerInlineMaxSize(ONE_CALLER_INLINE_MAX_SIZE);
    this.setAllowInliningFunctionsWithLoops(false);
    this.setPartialInliningIfs(PARTIAL_INLINING_IFS_MAX);
    this.runPasses(OPTIMIZE);
    if (!keepsOrder) nameOften(this);
    this.runPasses(REORDER);
    if (!keepsOrder) forgetNames(this);
    this.runPasses(CLEAN);
  };
}

/**
 * Makes loads that fill their type the same whether it has a sign: their bytes are, and functions that differ in nothing
 * else are then found to be one.
 */
function forgetSigns() {
  const compilers = Module.prototype.load;
  Module.prototype.load = function (
    /** @type {Parameters<typeof compilers>} */ ...[bytes, isSigned, pointer, type, ...place]
  ) {
    const isPart = bytes < (type === TypeRef.I64 ? 8 : 4);
    return compilers.call(this, bytes, isSigned && isPart, pointer, type, ...place);
  };
}

/** The text that the compiler itself would write. @param {Module} compiled */
function textOf(compiled) {
  binaryen.setOptimizeStackIR(true);
  return binaryen.wrapModule(compiled.ref).emitStackIR();
}
