// The answer that a rule or action gives when it denies, or a rule in the place of the upstream's.
// Both: built cold, rendered per answer.

import { Slice } from "../memory/slice";
import { Escape } from "../expression/interpolation-render";
import { TextTemplate } from "../expression/template-piece";
import { JsonTemplate } from "./json-template";

/** One header of the answer. */
export class DenialHeader {
  constructor(
    /** In lower case. */
    readonly name: Slice,
    readonly value: TextTemplate,
  ) {}
}

/** What `response` or `replaceResponse` gives; every part may be missing. */
export class Denial {
  constructor(
    /** HTTP status; 0 = by the rpc code, or the upstream's. */
    readonly httpStatus: u32,
    readonly headers: StaticArray<DenialHeader>,
    /** Text of the body; null = the plain one or `json`. */
    readonly body: TextTemplate | null,
    /** What is done to texts that are inserted into the body. */
    readonly bodyEscape: Escape,
    readonly json: JsonTemplate | null,
    /** Whether a content type is among the headers. */
    readonly hasContentType: bool,
    /** False hides handler, rule and value: the body is the code's name alone. */
    readonly isVerbose: bool,
    /** Response code details; ABSENT = the rule's own. */
    readonly details: Slice,
  ) {}
}
