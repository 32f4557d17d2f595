// The languages of expressions, and the place where CEL comes in: a module that is linked without
// it pays for these few lines only. Both: the evaluator runs CEL's programs through here.

import { Phase } from "../shared/phases";
import { ValueType } from "../shared/types";
import { Bag } from "../attribute/bag";
import { Schema } from "../attribute/schema";
import { Region } from "../memory/region";
import { Slice } from "../memory/slice";
import { Writer } from "../memory/writer";
import { ForeignPart } from "./foreign-part";
import { Junction } from "./junction";
import { Problems } from "./problem";
import { Program } from "./program";

/** Languages by their number in a document. */
export const enum Language {
  Cexl = 0,
  Cel = 1,
  /** CEL whose types are only looked at by the evaluation; for tests. */
  UncheckedCel = 2,
}

/** One expression to compile. */
export class SourceText {
  /** Whether it decides if a rule applies: then it is warned of what is hardly meant. */
  isCondition: bool = false;

  constructor(
    readonly text: Slice,
    readonly schema: Schema,
    readonly region: Region,
    /** Where it runs; 0: wherever what it reads can be read. */
    readonly phase: Phase,
    /** Unspecified: any type; Dynamic: any value, as it is. */
    readonly expected: ValueType,
    /** Whether operands that certainly have the wrong type are reported. */
    readonly isStrict: bool,
  ) {}
}

/** What the compiler of documents and the evaluator need of a language that is not their own. */
export abstract class ForeignLanguage {
  /** The verified program of an expression; null after problems. */
  abstract compile(source: SourceText, problems: Problems): Program | null;

  /** Names that stand where attributes can, each once; for ordering declarations. */
  abstract names(text: Slice): string[];

  /** What an expression consists of, for people; null where it is wrong. */
  abstract parts(source: SourceText): ForeignPart | null;

  /** The comparisons that `&&` and `||` join in a condition; null where it is wrong. */
  abstract junction(text: Slice, region: Region): Junction | null;

  /** Runs a program with its stack at `base`: a value, or a cell in state Error. */
  abstract run(program: Program, bag: Bag, base: usize): usize;

  /** Writes the text form of a value that only this language has. */
  abstract write(out: Writer, cell: usize): void;
}

let cel: ForeignLanguage | null = null;

/** Links CEL; called while the module is initialised. */
export function installCel(language: ForeignLanguage): void {
  cel = language;
}

/** CEL; null in a module that was built without it. */
export function linkedCel(): ForeignLanguage | null {
  return cel;
}
