// CEL as the compiler of documents and the evaluator see it. Both: joins the cold and the hot side.

import { Bag } from "../../attribute/bag";
import { Region } from "../../memory/region";
import { Slice } from "../../memory/slice";
import { Writer } from "../../memory/writer";
import { ForeignPart } from "../foreign-part";
import { Junction } from "../junction";
import { ForeignLanguage, SourceText } from "../language";
import { Problems } from "../problem";
import { Program } from "../program";
import { celJunction } from "./junction";
import { celParts } from "./parts";
import { celNames, compileCel } from "./pipeline";
import { runCel } from "./run";
import { writeCelValue } from "./write";

/** The Common Expression Language; `installCel` links it. */
export class Cel extends ForeignLanguage {
  compile(source: SourceText, problems: Problems): Program | null {
    return compileCel(source, problems);
  }

  names(text: Slice): string[] {
    return celNames(text);
  }

  parts(source: SourceText): ForeignPart | null {
    return celParts(source);
  }

  junction(text: Slice, region: Region): Junction | null {
    return celJunction(text, region);
  }

  run(program: Program, bag: Bag, base: usize): usize {
    return runCel(program, bag, base);
  }

  write(out: Writer, cell: usize): void {
    writeCelValue(out, cell);
  }
}
