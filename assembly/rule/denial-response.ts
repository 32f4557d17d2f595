// The answer that a rule or action gives when it denies. Both: built cold, rendered per denial.

import { Slice } from "../memory/slice";
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

/** What `response` gives; every part may be missing. */
export class Denial {
  constructor(
    /** HTTP status; 0 = by the rpc code. */
    readonly httpStatus: u32,
    readonly headers: StaticArray<DenialHeader>,
    /** Text of the body; null = the plain one or `json`. */
    readonly body: TextTemplate | null,
    /** Whether the body's inserted texts are escaped for JSON. */
    readonly isJsonBody: bool,
    readonly json: JsonTemplate | null,
    /** Whether a content type is among the headers. */
    readonly hasContentType: bool,
    /** False hides handler, rule and value: the body is the code's name alone. */
    readonly isVerbose: bool,
    /** Response code details; ABSENT = the rule's own. */
    readonly details: Slice,
  ) {}
}
