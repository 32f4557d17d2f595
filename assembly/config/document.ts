// A configuration document, in whichever form Envoy hands it over: JSON text of a StringValue, or
// the wire bytes of a google.protobuf.Struct. Cold.

import { Place } from "../diagnostic/place";
import { Report } from "../diagnostic/report";
import { Region } from "../memory/region";
import { ABSENT, Slice, sizeOf, startOf } from "../memory/slice";
import { DiagnosticCode } from "../shared/diagnostics";
import { DOCUMENT_SIZE_MAX_BYTES } from "../shared/limits";
import { readJson } from "./json-reader";
import { Node, NodeKind } from "./node";
import { isStruct, readStruct } from "./struct-reader";

/** The tag of a Struct's first entry; also a line end, with which JSON text may begin. */
const STRUCT_TAG: u8 = 10;

/**
 * The document as a tree whose texts live as long as the region. Empty bytes are an empty object.
 * Null when its structure cannot be trusted; a tree although the report has failed when only single
 * values are wrong, so that fields can be checked as well: `report.failed` decides in the end.
 */
export function readDocument(bytes: Slice, region: Region, report: Report): Node | null {
  report.document = ABSENT;
  const size = sizeOf(bytes);
  if (size == 0) return new Node(NodeKind.Object, ABSENT);
  if (size > <usize>DOCUMENT_SIZE_MAX_BYTES) {
    const limit = "at most " + DOCUMENT_SIZE_MAX_BYTES.toString() + " bytes";
    const found = size.toString();
    report.error(DiagnosticCode.DocumentTooLarge, Place.document(), found, limit);
    return null;
  }
  const kept = region.copy(startOf(bytes), size);
  if (load<u8>(startOf(kept)) == STRUCT_TAG && isStruct(kept)) return readStruct(kept, report);
  report.document = kept;
  return readJson(kept, region, report);
}
